import Evidence
import Foundation
import Testing

/// The exit codes that product.md gives, and a message with each that says what to do.
@Suite struct ExitCodeTests {
  let scratch: Scratch
  let store: String
  /// A log with one finding of medium severity, and one without any.
  let loud: String
  let quiet: String

  init() throws {
    scratch = try Scratch()
    store = scratch.path + "/store.sqlite"
    loud = try scratch.write(
      "loud/agent.ndjson",
      #"{"time":"2026-03-17T10:00:00Z","session":"s","seq":1,"agent":"bot","tool":"shell.run","args":{"command":"cat /root/.aws/credentials"},"call_id":"c1"}"#
        + "\n")
    quiet = Program.malformed + "/crlf-bom.ndjson"
  }

  private func expect(_ code: Int32, _ arguments: [String], says words: [String] = [], in directory: String? = nil)
    throws
  {
    let outcome = try bittern(arguments, in: directory)
    #expect(outcome.code == code, "\(arguments): \(outcome.messages)")
    for word in words { #expect(outcome.messages.contains(word), "\(word): \(outcome.messages)") }
  }

  @Test func zeroWhateverItFound() throws {
    try expect(0, ["scan", loud, "--store", store])
    try expect(0, ["scan", quiet, "--store", store])
    try expect(0, ["--help"])
    try expect(0, ["--version"])
  }

  @Test func oneAtTheFailingSeverity() throws {
    try expect(1, ["scan", loud, "--store", store, "--fail-on", "medium"])
    // Also when the findings are known from before.
    try expect(1, ["scan", loud, "--store", store, "--fail-on", "medium"])
    try expect(0, ["scan", loud, "--store", store, "--fail-on", "critical"])
    try expect(1, ["findings", "--store", store, "--fail-on", "low"])
  }

  @Test func twoForWrongUsage() throws {
    try expect(2, ["scan", "--store", store], says: ["nothing to read"])
    try expect(2, ["scan", "/no/such/log", "--store", store], says: ["/no/such/log", "no such file"])
    try expect(2, ["scan", loud, "--stroe", store], says: ["--stroe"])
    try expect(2, ["scan", loud, "--threads", "0"], says: ["--threads"])
    try expect(2, ["scan", loud, "--store", store, "--source", "aws_cloudtrial"], says: ["aws_cloudtrail"])
    try expect(2, ["scan", loud, "--store", store, "--since", "tomorrow"], says: ["tomorrow", "24h"])
    try expect(2, ["frobnicate"])
    // What was refused made no store.
    #expect(!FileManager.default.fileExists(atPath: store))
  }

  /// Neither a store nor its lock: only one that was there before stays.
  @Test func whatRecognisesNothingLeavesNothing() throws {
    let notes = try scratch.write("notes/a.txt", "just words\n")
    try expect(2, ["scan", notes, "--store", store])
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted() == ["loud", "notes"])
    try expect(0, ["scan", quiet, "--store", store])
    let before = try EvidenceStore.open(at: store, for: .read).loadSources().map(\.path)
    try expect(2, ["scan", notes, "--store", store])
    #expect(try EvidenceStore.open(at: store, for: .read).loadSources().map(\.path) == before)
  }

  @Test func twoWhenNothingIsALog() throws {
    try scratch.write("empty/.keep", "")
    try scratch.write("notes/a.txt", "just words\n")
    try scratch.write("notes/b.json", #"{"menu":"soup","price":4}"#)
    try FileManager.default.createDirectory(atPath: scratch.path + "/bare", withIntermediateDirectories: true)
    try expect(2, ["scan", scratch.path + "/bare", "--store", store], says: ["bare"])
    try expect(
      2, ["scan", scratch.path + "/notes", "--store", store],
      says: ["no log was recognised", "a.txt", "menu", "--source"])
    try expect(2, ["scan", scratch.path + "/notes/*.gz", "--store", store], says: ["*.gz"])
  }

  @Test func threeForInvalidContent() throws {
    let yaml = "id: X1\nname: x\nkind: origin-lock\nfamily: token-reuse\nseverity: loud\n"
    try scratch.write("pipelines/detections/X1-x/detection.yml", yaml)
    try expect(
      3, ["scan", loud, "--store", store, "--pipelines", scratch.path + "/pipelines"], says: ["detection.yml:5"])
    try expect(3, ["check", scratch.path + "/pipelines"], says: ["detection.yml:5"])
  }

  @Test func fourWhenDataWasLost() throws {
    let outcome = try bittern(["scan", Program.malformed + "/torn.ndjson", "--store", store, "--quiet"])
    #expect(outcome.code == 4)
    #expect(outcome.messages.contains("torn.ndjson"), "also --quiet says what was lost: \(outcome.messages)")
  }

  @Test func fiveForAStoreThatIsNotOurs() throws {
    let text = try scratch.write("notes.txt", "my notes\n")
    try expect(5, ["scan", loud, "--store", text], says: ["not a Bittern store", "--store"])
    #expect(contents(text) == Array("my notes\n".utf8))

    try expect(0, ["scan", loud, "--store", store])
    var foreign = contents(store)
    foreign.replaceSubrange(68..<72, with: [0, 0, 0, 42])
    let other = try scratch.write("other.sqlite", foreign)
    try expect(5, ["scan", loud, "--store", other], says: ["not a Bittern store"])
    try expect(5, ["findings", "--store", other])
    #expect(contents(other) == foreign)

    var newer = contents(store)
    newer.replaceSubrange(60..<64, with: [0, 0, 0x27, 0x10])
    let later = try scratch.write("later.sqlite", newer)
    try expect(5, ["scan", loud, "--store", later], says: ["10000", "newer"])
    #expect(contents(later) == newer)
    #expect(!FileManager.default.fileExists(atPath: later + "-wal"))

    var damaged = contents(store)
    for i in 4096..<min(damaged.count, 16_384) { damaged[i] = 0x5a }
    let broken = try scratch.write("broken.sqlite", damaged)
    try expect(5, ["scan", loud, "--store", broken], says: ["damaged"])
    #expect(contents(broken) == damaged)

    try expect(5, ["scan", loud, "--store", scratch.path + "/no/such/folder/s.sqlite"])
    try expect(5, ["findings", "--store", scratch.path + "/none.sqlite"], says: ["bittern scan"])
  }

  @Test func fiveForAStoreThatAnotherProcessReadsInto() throws {
    var pipe: [Int32] = [0, 0]
    #expect(Foundation.pipe(&pipe) == 0)
    _ = fcntl(pipe[1], F_SETFD, FD_CLOEXEC)
    let holder = try Child([Program.bittern, "scan", "-", "--store", store], inputDescriptor: pipe[0], in: "/")
    close(pipe[0])
    try waitUntil { FileManager.default.fileExists(atPath: store + ".lock") && contents(store + ".lock").count > 1 }
    try expect(5, ["scan", loud, "--store", store], says: ["locked", "\(holder.pid)"])
    _ = contents(loud).withUnsafeBytes { write(pipe[1], $0.baseAddress, $0.count) }
    close(pipe[1])
    #expect(try holder.wait().code == 0)
  }

  /// The mode bits do not bind root: the program runs as nobody then.
  @Test func fourForAFileThatMayNotBeRead() throws {
    let log = try scratch.write("mixed/secret.ndjson", contents(quiet))
    try scratch.write("mixed/open.ndjson", contents(loud))
    chmod(log, 0o000)
    defer { chmod(log, 0o600) }
    let arguments = ["scan", scratch.path + "/mixed", "--store", scratch.path + "/s.sqlite"]
    guard getuid() == 0 else {
      return try expect(4, arguments, says: ["secret.ndjson", "may not be read"])
    }
    guard Program.has("setpriv") else { return }
    // Where the build is, nobody may be unable to go.
    let copy = scratch.path + "/bittern"
    try FileManager.default.copyItem(atPath: Program.bittern, toPath: copy)
    for path in [scratch.path, scratch.path + "/mixed"] { chmod(path, 0o777) }
    chmod(copy, 0o755)
    chmod(scratch.path + "/mixed/open.ndjson", 0o644)
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    guard try run(nobody + [copy, "--version"], in: "/").code == 0 else { return }
    let outcome = try run(nobody + [copy] + arguments, in: "/")
    #expect(outcome.code == 4, "\(outcome.messages)")
    #expect(outcome.messages.contains("secret.ndjson") && outcome.messages.contains("may not be read"))
    #expect(outcome.findings.count == 1, "the file beside it is read")
  }

  private func waitUntil(_ condition: () -> Bool) throws {
    let end = Date().addingTimeInterval(30)
    while !condition() {
      if Date() > end { throw Failure("waited 30 s in vain") }
      usleep(10_000)
    }
  }
}

import Evidence
import Foundation
import PipelineRuntime
import Testing

/// What befalls a watch from outside: a disk that fills up, a file that may not be read for a while.
@Suite(.serialized) struct WatchFaultTests {
  /// A file system of its own can be mounted where nobody else sees it.
  private static let canMount = (try? run(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).code) == 0
  private static let isRoot = getuid() == 0 && Program.has("setpriv")

  private func expectWhole(_ store: String, _ logs: String, _ scratch: Scratch) throws {
    let quiet = try scan([logs], Shared.plain, store: scratch.path + "/scan.sqlite")
    let opened = try EvidenceStore.open(at: store, for: .read)
    #expect(try opened.findings().map { Verdict($0.finding) }.sorted() == quiet.verdicts)
    let accepted = quiet.ledgers.reduce(0) { $0 + $1.accepted }
    #expect(accepted > 0)
    #expect(try opened.loadSources().reduce(0) { $0 + Int($1.counters.accepted) } == accepted)
    try expectBalance(store: store)
  }

  private func waitFor(_ path: String) {
    let end = Date().addingTimeInterval(30)
    while !FileManager.default.fileExists(atPath: path), Date() < end { usleep(20_000) }
  }

  @Test(.enabled(if: canMount)) func aFullDiskOnlyMakesItWait() throws {
    let scratch = try Scratch()
    let (logs, state) = (scratch.path + "/logs", scratch.path + "/state")
    for folder in [logs, state] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    let script = """
      mount -t tmpfs -o size=6m tmpfs "$1" || exit 99
      "$2" watch "$3" --store "$1/w.sqlite" --idle-exit 8 --format ndjson; code=$?
      rm -f "$1/ballast"; cp "$1"/w.sqlite* "$4"; exit $code
      """
    let child = try Child(
      ["unshare", "-m", "sh", "-c", script, "sh", state, Program.bittern, logs, scratch.path], in: "/")
    let inside = "/proc/\(child.pid)/root" + state
    waitFor(inside + "/w.sqlite")
    usleep(1_500_000)
    // Until nothing more goes in.
    _ = try run(["sh", "-c", #"cat /dev/zero > "$1" 2> /dev/null; true"#, "sh", inside + "/ballast"])
    try scratch.write("logs/a.ndjson", RecordPool.ndjson(RecordPool.story.lines))
    usleep(4_000_000)
    try FileManager.default.removeItem(atPath: inside + "/ballast")
    let outcome = try child.wait(120)
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("is full: nothing more is read"), "\(outcome.messages)")
    try expectWhole(scratch.path + "/w.sqlite", logs, scratch)
  }

  @Test(.enabled(if: isRoot)) func aFileThatMayBeReadAgainIsRead() throws {
    let scratch = try Scratch()
    let lines = RecordPool.story.lines
    let path = try scratch.write("logs/a.ndjson", RecordPool.ndjson(Array(lines.prefix(100))))
    chmod(path, 0)
    for folder in ["", "/logs"] { chmod(scratch.path + folder, 0o777) }
    let store = scratch.path + "/w.sqlite"
    let child = try Child(
      [
        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", Program.bittern, "watch", scratch.path + "/logs",
        "--store", store, "--idle-exit", "6", "--format", "ndjson",
      ], in: "/")
    waitFor(store)
    usleep(2_000_000)
    chmod(path, 0o644)
    usleep(1_500_000)
    // An open file goes on being read.
    chmod(path, 0)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(RecordPool.ndjson(Array(lines.dropFirst(100)))))
    try file.close()
    let outcome = try child.wait(120)
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(outcome.messages.contains("a.ndjson"), "it was told that it may not be read: \(outcome.messages)")
    try expectWhole(store, scratch.path + "/logs", scratch)
  }
}

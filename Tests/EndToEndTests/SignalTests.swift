import Evidence
import Foundation
import Testing

/// Stopped by a signal: exit code 128 + n, the store as it was after the last commit, and the next run completes it.
@Suite struct SignalTests {
  let scratch: Scratch
  let store: String

  init() throws {
    scratch = try Scratch()
    store = scratch.path + "/store.sqlite"
  }

  /// Logs that take a debug build some seconds to read.
  private func slowLogs() throws -> String {
    let pool = RecordPool.whole
    let folder = scratch.path + "/logs"
    for n in 0..<4 {
      let name = "logs/\(n).json"
      try scratch.write(name, RecordPool.document(pool.cloudTrail) + [0x0a] + RecordPool.ndjson(pool.lines))
    }
    return folder
  }

  @Test(arguments: [SIGINT, SIGTERM]) func aScanStopsAndTheNextOneCompletesIt(signal: Int32) throws {
    let logs = try slowLogs()
    let arguments = [Program.bittern, "scan", logs, "--config", Program.quickstartConfiguration, "--store", store]
    let child = try Child(arguments, in: "/")
    // It runs for some seconds; the store is made before the first byte is read.
    let end = Date().addingTimeInterval(30)
    while !FileManager.default.fileExists(atPath: store), Date() < end { usleep(5_000) }
    usleep(200_000)
    child.signal(signal)
    let sent = Date()
    let outcome = try child.wait(60)
    #expect(outcome.code == 128 + signal, "\(outcome.messages)")
    #expect(Date().timeIntervalSince(sent) < 5)
    #expect(outcome.messages.contains("stopped by"), "\(outcome.messages)")
    #expect(outcome.output.isEmpty, "nothing was committed, so nothing is told")
    let next = try run(arguments, in: "/")
    #expect(next.code == 0, "\(next.messages)")
    let quiet = try scan([Program.quickstart], store: scratch.path + "/quiet.sqlite")
    #expect(next.findings == Dictionary(uniqueKeysWithValues: quiet.allFindings.map { ($0.id, $0.severity.name) }))
    try expectBalance(store: store)
  }

  /// At whatever moment it comes, from before the first instruction on: it ends the process or finds it at its end.
  @Test func noSignalIsLost() throws {
    var pipe: [Int32] = [0, 0]
    #expect(Foundation.pipe(&pipe) == 0)
    _ = fcntl(pipe[1], F_SETFD, FD_CLOEXEC)
    defer { for end in pipe { close(end) } }
    for n in 0..<24 {
      let child = try Child([Program.bittern, "scan", "-", "--store", store], inputDescriptor: pipe[0], in: "/")
      usleep(UInt32.random(in: 0..<(n % 2 == 0 ? 30_000 : 500_000)))
      child.signal(SIGTERM)
      #expect(try child.wait(10).code == 128 + SIGTERM)
      // A run that kept nothing leaves nothing, however far it had come.
      #expect(!FileManager.default.fileExists(atPath: store))
    }
  }

  /// Whoever waits for a pipe that says nothing can be stopped, too.
  @Test(arguments: [SIGINT, SIGTERM]) func aScanOfASilentPipeStops(signal: Int32) throws {
    var pipe: [Int32] = [0, 0]
    #expect(Foundation.pipe(&pipe) == 0)
    _ = fcntl(pipe[1], F_SETFD, FD_CLOEXEC)
    defer { close(pipe[1]) }
    let child = try Child([Program.bittern, "scan", "-", "--store", store], inputDescriptor: pipe[0], in: "/")
    close(pipe[0])
    let end = Date().addingTimeInterval(30)
    while !FileManager.default.fileExists(atPath: store), Date() < end { usleep(5_000) }
    usleep(200_000)
    child.signal(signal)
    #expect(try child.wait(10).code == 128 + signal)
    // What was spooled of it is gone.
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path).filter { $0.contains("stdin") }
    #expect(left == [])
  }

  /// A killed scan leaves a store that the next scan uses.
  @Test func aKilledScanLosesNothing() throws {
    let logs = try slowLogs()
    let arguments = [Program.bittern, "scan", logs, "--config", Program.quickstartConfiguration, "--store", store]
    for milliseconds in [30, 300, 900] {
      let child = try Child(arguments, in: "/")
      usleep(UInt32(milliseconds) * 1000)
      child.signal(SIGKILL)
      #expect(try child.wait().code == 128 + SIGKILL)
    }
    let next = try run(arguments, in: "/")
    #expect(next.code == 0, "\(next.messages)")
    #expect(!next.findings.isEmpty)
    try expectBalance(store: store)
  }

  /// Whoever reads the findings may stop reading: `bittern scan … | head -1` is no error.
  @Test func aReaderThatGoesAwayIsNoError() throws {
    let shell = #"{ "$1" scan "$2" --config "$2/bittern.yml" --store "$3"; echo "code $?" >&2; } | head -n 1"#
    let outcome = try run(["sh", "-c", shell, "sh", Program.bittern, Program.quickstart, store])
    #expect(outcome.messages.contains("code 0"), "\(outcome.messages)")
    #expect(outcome.output.split(separator: 0x0a).count == 1)
  }
}

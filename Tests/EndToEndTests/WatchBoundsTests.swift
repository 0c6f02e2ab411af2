import Evidence
import Foundation
import PipelineContent
import PipelineRuntime
import Testing

/// A watch's memory and its journal have a bound, whatever times a log claims.
@Suite struct WatchBoundsTests {
  private func watch(_ logs: String, _ store: String, bytes: Int) throws -> [String] {
    var options = Watch.Options()
    (options.inputs, options.store, options.idleExit, options.windowBytes) = ([logs], store, 0.3, bytes)
    var told: [String] = []
    _ = try Watch(content: Shared.plain, options: options, stop: StopFlag()).run { notice in
      if case .input(let text) = notice { told.append(text) }
    }
    return told
  }

  private func entry(_ time: String, _ n: Int) -> String {
    #"{"time":"\#(time)","type":"response","auth":{"accessor":"a1","display_name":"token"},"#
      + #""request":{"id":"\#(n)","operation":"read","path":"secret/data/x","remote_address":"10.0.0.1"}}"# + "\n"
  }

  @Test(arguments: ["2200-01-01T00:00:00Z", "never", "2026-03-17T10:00:01Z"])
  func theWindowIsBounded(time: String) throws {
    let scratch = try Scratch()
    let store = scratch.path + "/watch.sqlite"
    try scratch.write("logs/0.json", entry("2026-03-17T10:00:00Z", 0))
    var told: [String] = []
    for file in 1...5 {
      let lines = (0..<600).map { entry(time, file * 1_000 + $0) }.joined()
      try scratch.write("logs/\(file).json", lines)
      told += try watch(scratch.path + "/logs", store, bytes: 120_000)
    }
    let window = try EvidenceStore.open(at: store, for: .read).loadWindow()
    #expect(window.reduce(0) { $0 + $1.rows } <= 1_200)
    #expect(window.contains { $0.rows == 600 }, "what came last is held")
    #expect(told.contains { $0.contains("less than two hours") })
    try expectBalance(store: store)
  }
}

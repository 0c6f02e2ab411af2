import Evidence
import Foundation
import PipelineContent
import PipelineRuntime
import Testing

/// A watch that comes back with other sources or facts: what its journal's numbers meant is gone, what it found is not.
@Suite struct WatchContentTests {
  private func watch(_ folder: String, _ store: String, _ content: Content) throws -> [String] {
    var options = Watch.Options()
    options.inputs = [folder]
    options.store = store
    options.idleExit = 0.5
    var told: [String] = []
    _ = try Watch(content: content, options: options, stop: StopFlag()).run { notice in
      if case .input(let text) = notice { told.append(text) }
    }
    return told
  }

  @Test func aWatchTellsLineageCoverageAsAScanDoes() throws {
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("bittern-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: work) }
    try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
    func told(_ store: String) throws -> [String: String] {
      try EvidenceStore.open(at: store, for: .read).meta().filter { $0.key.hasPrefix("coverage.") }
    }
    let log = Program.quickstart + "/vault"
    let (watched, scanned) = (work.path + "/watch.sqlite", work.path + "/scan.sqlite")
    _ = try watch(log, watched, Shared.plain)
    _ = try scan([log], Shared.plain, store: scanned)
    #expect(try told(watched)["coverage.vault_audit"] != nil)
    #expect(try told(watched) == told(scanned))
  }

  /// A switch that an operator threw is advised no longer, once what was used before is out of sight; a log without such
  /// credentials says nothing of it.
  @Test func aSwitchThatWasThrownIsAdvisedNoLonger() throws {
    let scratch = try Scratch()
    let logs = scratch.path + "/logs"
    func call(_ day: Int, _ certificate: String) -> String {
      #"{"start_time":"2026-03-0\#(day)T09:15:00.123Z","method":"GET","path":"/v1/orders","protocol":"HTTP/2","response_code":200,"response_flags":"-","#
        + #""request_id":"rq-\#(day)","authority":"orders.shop.svc:8080","downstream_remote_address":"10.42.0.9:33772","#
        + #""upstream_cluster":"inbound|8080||","downstream_peer_uri_san":"spiffe://cluster.local/ns/shop/sa/cart""#
        + certificate + "}\n"
    }
    func advised(_ store: String) throws -> [String] {
      try EvidenceStore.open(at: store, for: .read).meta().keys.filter { $0.hasPrefix("switch") }.sorted()
    }
    let both = ["switch.peer-certificates", "switch_of.peer-certificates"]
    let (watched, scanned) = (scratch.path + "/watch.sqlite", scratch.path + "/scan.sqlite")
    let first = try scratch.write("logs/1.json", call(2, ""))
    _ = try watch(logs, watched, Shared.plain)
    _ = try scan([first], Shared.plain, store: scanned)
    #expect(try advised(watched) == both)
    #expect(try advised(scanned) == both)
    _ = try scan([Program.quickstart + "/vault"], Shared.plain, store: scanned)
    #expect(try advised(scanned) == both)
    let second = try scratch.write("logs/2.json", call(4, #","downstream_peer_fingerprint_256":"AB12CD""#))
    for _ in 0..<2 { _ = try watch(logs, watched, Shared.plain) }
    _ = try scan([second], Shared.plain, store: scanned)
    #expect(try advised(watched) == [])
    #expect(try advised(scanned) == [])
  }

  @Test func whatLiesInTheFutureMovesNoClockAfterARestart() throws {
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("bittern-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: work) }
    let logs = work.appendingPathComponent("logs")
    try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
    func entry(_ time: String) -> String {
      #"{"time":"\#(time)","type":"response","auth":{"accessor":"a1","display_name":"token"},"#
        + #""request":{"id":"\#(time)","operation":"read","path":"secret/data/x","remote_address":"10.0.0.1"}}"# + "\n"
    }
    func write(_ name: String, _ times: [String]) throws {
      try Data(times.map(entry).joined().utf8).write(to: logs.appendingPathComponent(name))
    }
    let store = work.appendingPathComponent("watch.sqlite").path
    try write("a.json", ["2026-03-17T10:00:00Z", "2026-03-17T10:00:05Z", "2200-01-01T00:00:00Z"])
    _ = try watch(logs.path, store, Shared.plain)
    let kept = try EvidenceStore.open(at: store, for: .read).loadWindow().map(\.seq)
    #expect(!kept.isEmpty)
    try write("b.json", ["2026-03-17T10:05:00Z"])
    _ = try watch(logs.path, store, Shared.plain)
    let after = try EvidenceStore.open(at: store, for: .read)
    #expect(try after.loadWindow().map(\.seq).starts(with: kept))
    #expect(try after.meta("ranked_day").flatMap { Int32($0) } == 20_528)
  }

  @Test func anotherNumberingLetsTheWindowGo() throws {
    let work = FileManager.default.temporaryDirectory.appendingPathComponent("bittern-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: work) }
    let logs = work.appendingPathComponent("logs").path
    let own = work.appendingPathComponent("content/sources/house_log").path
    for folder in [logs, own] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    let log = Program.quickstart + "/vault"
    for name in try FileManager.default.contentsOfDirectory(atPath: log).sorted().prefix(1) {
      try FileManager.default.copyItem(atPath: log + "/" + name, toPath: logs + "/" + name)
    }
    let store = work.appendingPathComponent("watch.sqlite").path
    #expect(try watch(logs, store, Shared.plain).allSatisfy { !$0.contains("window") })
    let kept = try EvidenceStore.open(at: store, for: .read).loadWindow().map(\.seq)
    #expect(!kept.isEmpty)
    // The same content again: the window stays.
    #expect(try watch(logs, store, Shared.plain).allSatisfy { !$0.contains("window") })
    #expect(try EvidenceStore.open(at: store, for: .read).loadWindow().map(\.seq) == kept)

    try Data(
      """
      source: aaa_house_log
      title: A log of this house
      recognise:
        - {house_action: "*"}
      time: [at]
      id: "{n}"
      subject: {actor: who, name: who, kind: "=workload"}
      operation: {action: house_action, service: "=house", verb: "=read"}
      outcome: ["=success"]
      acts:
        - on: ["*"]
          facts: [aaa-house-act]
      """.utf8
    ).write(to: URL(fileURLWithPath: own + "/source.yml"))
    var configuration = Configuration()
    configuration.pipelines = [work.appendingPathComponent("content").path]
    let told = try watch(logs, store, try Content(configuration))
    #expect(told.contains { $0.contains("the window was kept by other sources or facts") })
    #expect(try EvidenceStore.open(at: store, for: .read).loadWindow().isEmpty)
  }
}

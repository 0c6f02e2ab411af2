import EventModel
import Foundation
import PipelineRuntime
import Testing

/// The standing findings are a function of the multiset of events, the content and the configuration: of nothing else
/// (semantics.md 5).
@Suite struct DeterminismTests {
  /// The story as it was delivered: one file in the order of the day.
  private static let expected: Result<[Finding], any Error> = Result {
    let scratch = try Scratch()
    try scratch.write("logs/a.json", RecordPool.document(RecordPool.story.cloudTrail))
    try scratch.write("logs/b.ndjson", RecordPool.ndjson(RecordPool.story.lines))
    return try scan([scratch.path + "/logs"], store: scratch.path + "/store.sqlite", threads: 1).allFindings
  }

  /// All that a finding says but where its records lie.
  private func sayings(_ findings: [Finding]) -> [String] {
    findings.map { f in
      let evidence = f.evidence.map { "\($0.role.rawValue) \($0.eventID) \($0.time) \($0.action)" }
      return
        "\(f.id) \(f.severity.name) \(f.confidence.confidence) \(f.count) \(f.firstSeen) \(f.lastSeen) \(f.incident) "
        + "\(f.title) | \(f.summary) | \(f.explanation.seen) | \(f.identity.name) \(f.credential.id) | "
        + evidence.joined(separator: ", ")
    }.sorted()
  }

  @Test func theStoryHasFindings() throws {
    let detections = Set(try Self.expected.get().map(\.detection))
    #expect(detections.isSuperset(of: ["TR1", "OS7", "LL2", "OS6", "OS16"]), "\(detections.sorted())")
    #expect(RecordPool.story.count > 500)
  }

  @Test(arguments: 1...20) func anyDeliveryGivesTheSameFindings(seed: Int) throws {
    let scratch = try Scratch()
    let twice = try Delivery(seed: seed).write(RecordPool.story, into: scratch)
    let report = try scan(
      [scratch.path + "/logs"], store: scratch.path + "/store.sqlite", threads: seed % 2 == 0 ? 1 : 4)
    let expected = try Self.expected.get()
    #expect(report.verdicts == expected.map(Verdict.init).sorted(), "seed \(seed)")
    #expect(sayings(report.allFindings) == sayings(expected), "seed \(seed)")
    #expect(report.ledgers.reduce(0) { $0 + $1.duplicate } == twice)
    #expect(report.ledgers.reduce(0) { $0 + $1.idConflict } == 0)
  }

  /// The whole day through one pipe, plain and compressed, in another process.
  @Test(arguments: [false, true]) func aPipeGivesWhatTheDirectoryGives(compressed: Bool) throws {
    let scratch = try Scratch()
    let pool = RecordPool.story
    var stream = try scratch.write(
      "stream", RecordPool.document(pool.cloudTrail) + [0x0a] + RecordPool.ndjson(pool.lines))
    if compressed {
      _ = try run(["gzip", "-1", stream])
      stream += ".gz"
    }
    let outcome = try bittern(
      ["scan", "-", "--config", Program.quickstartConfiguration, "--store", scratch.path + "/store.sqlite"],
      input: stream)
    #expect(outcome.code == 0, "\(outcome.messages)")
    let expected = try Self.expected.get()
    #expect(outcome.findings == Dictionary(uniqueKeysWithValues: expected.map { ($0.id, $0.severity.name) }))
    #expect(!outcome.text.contains("was not kept"), "evidence of standard input is missing")
    try expectBalance(store: scratch.path + "/store.sqlite")
  }

  @Test func zcatOfTheQuickstartGivesWhatItsDirectoryGives() throws {
    let scratch = try Scratch()
    let directory = try scan([Program.quickstart], store: scratch.path + "/directory.sqlite")
    // A shell writes the pipe that the manual shows.
    let script = """
      find "$1" -mindepth 2 -type f | sort | while read -r f; do case $f in *.gz) zcat "$f";; *) cat "$f";; esac; done \
      | "$2" scan - --config "$1/bittern.yml" --store "$3"
      """
    let outcome = try run([
      "sh", "-c", script, "sh", Program.quickstart, Program.bittern, scratch.path + "/pipe.sqlite",
    ])
    #expect(outcome.code == 0, "\(outcome.messages)")
    #expect(
      outcome.findings == Dictionary(uniqueKeysWithValues: directory.allFindings.map { ($0.id, $0.severity.name) }))
  }
}

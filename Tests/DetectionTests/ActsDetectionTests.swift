import Foundation
import Testing

@testable import Detection
@testable import EventModel
@testable import EventWindow
@testable import Normalization
@testable import PipelineContent

/// What holds of every detection of acts, over all their fixtures: the findings are a function of the records alone.
@Suite struct ActsDetectionTests {
  static let kinds: Set<String> = [
    "rare-act", "origin-lock", "concurrent-origins", "credential-age", "after-end", "binding-mismatch", "stale-token",
    "token-claims", "dormant", "inventory",
  ]

  struct Case {
    var name: String
    var definition: DetectionDefinition
    var content: DetectionEngine.Content
    var records: [[UInt8]]
  }

  static func cases(_ content: Content) throws -> [Case] {
    var cases: [Case] = []
    let tree = ContentFiles.packed
    for folder in tree.folders(below: "detections") {
      guard
        let definition = content.engine.definitions.first(where: { $0.folder == "pipelines/detections/\(folder)" }),
        kinds.contains(definition.kind)
      else { continue }
      for file in tree.files(below: "detections/\(folder)/fixtures") {
        let yaml = try #require(try YAMLField.parse(String(decoding: file.bytes, as: UTF8.self), file: file.name))
        let keys = ["about", "expect", "at_most", "zones", "organization", "identities", "defaults", "records"]
        let top = try yaml.members(allowed: keys)
        var engine = content.engine
        engine.configuration = try Configuration(fixture: top, presets: engine.configuration).detection
        let records = try FixtureRecords.records(top["records"], defaults: top["defaults"])
        cases.append(Case(name: "\(folder)/\(file.name)", definition: definition, content: engine, records: records))
      }
    }
    #expect(cases.count > 150)
    return cases
  }

  /// One that took nothing yet. Compiling its maps is most of a small fixture's time, so that tests copy one that tried all.
  static func reader(_ content: Content) -> Normalizer {
    var reader = Normalizer(sources: content.sources, worker: 0, options: Normalizer.Options(contentHash: .stable))
    let nothing = Array("{}".utf8)
    _ = reader.add(nothing.span, at: Normalizer.Place(input: 0, offset: 0, length: 2, index: 0))
    return reader
  }

  /// Judges the records, `each` at a time.
  static func judge(
    _ records: [[UInt8]], _ content: DetectionEngine.Content, _ reader: Normalizer, each: Int = Int.max,
    memory: LongMemory = LongMemory(hasher: .stable), isWhole: Bool = true
  ) throws -> DetectionEngine {
    try judge(records, DetectionEngine(content, memory: memory), reader, each: each, isWhole: isWhole)
  }

  /// The same with a copy of an engine that judged nothing yet.
  static func judge(
    _ records: [[UInt8]], _ pristine: DetectionEngine, _ reader: Normalizer, each: Int = Int.max, isWhole: Bool = true
  ) throws -> DetectionEngine {
    var normalizer = reader
    var engine = pristine
    engine.isWhole = isWhole
    for (n, record) in records.enumerated() {
      _ = normalizer.add(
        record.span, at: Normalizer.Place(input: 0, offset: UInt64(n), length: UInt32(record.count), index: 0))
      guard (n + 1) % min(each, records.count) == 0 || n + 1 == records.count else { continue }
      let taken = normalizer.take()
      _ = engine.absorb(worker: 0, taken.batch, EventDictionaries.Delta(taken.delta))
      engine.judge()
    }
    return engine
  }

  /// Gives an engine that judged already more to judge.
  static func go(on engine: DetectionEngine, _ records: [[UInt8]], _ reader: Normalizer) throws -> DetectionEngine {
    var (normalizer, engine) = (reader, engine)
    for (n, record) in records.enumerated() {
      _ = normalizer.add(
        record.span, at: Normalizer.Place(input: 1, offset: UInt64(n), length: UInt32(record.count), index: 0))
    }
    let taken = normalizer.take()
    _ = engine.absorb(
      worker: 1 + engine.window.batchNumbers.upperBound, taken.batch, EventDictionaries.Delta(taken.delta))
    engine.judge()
    return engine
  }

  static func summary(_ findings: [Finding]) -> [String] {
    findings.map { "\($0.id) \($0.detection) \($0.severity.name) \($0.count) \($0.title)" }.sorted()
  }

  @Test func findingsDoNotDependOnTheOrderOfArrival() throws {
    let content = try Content(Configuration())
    let reader = ActsDetectionTests.reader(content)
    for one in try ActsDetectionTests.cases(content) {
      let pristine = try DetectionEngine(one.content, memory: LongMemory(hasher: .stable))
      let straight = try ActsDetectionTests.judge(one.records, pristine, reader)
      let expected = ActsDetectionTests.summary(straight.findings().filter { $0.detection == one.definition.id })
      // One by one, where that is few: every late row makes all be judged again.
      let step = max(1, one.records.count / 30)
      for (form, records, each) in [
        ("backwards", Array(one.records.reversed()), Int.max), ("in parts", one.records, step),
        ("backwards, in parts", Array(one.records.reversed()), step),
      ] {
        let other = try ActsDetectionTests.judge(records, pristine, reader, each: each)
        let got = ActsDetectionTests.summary(other.findings().filter { $0.detection == one.definition.id })
        #expect(got == expected, "\(one.name) \(form)")
      }
    }
  }

  @Test func readingTheSameLogAgainAddsNothing() throws {
    let content = try Content(Configuration())
    let reader = ActsDetectionTests.reader(content)
    for one in try ActsDetectionTests.cases(content) {
      let first = try ActsDetectionTests.judge(one.records, one.content, reader)
      let memory = LongMemory(hasher: .stable, earlier: first.memory.run)
      let again = try ActsDetectionTests.judge(one.records, one.content, reader, memory: memory)
      let known = Set(first.findings().map(\.id))
      #expect(again.findings().allSatisfy { known.contains($0.id) }, "\(one.name)")
    }
  }

  @Test func comparingFindingsCiteWhatTheyComparedWith() throws {
    let content = try Content(Configuration())
    let reader = ActsDetectionTests.reader(content)
    for one in try ActsDetectionTests.cases(content) where ["TR1", "TR2", "TR7", "AM2"].contains(one.definition.id) {
      let engine = try ActsDetectionTests.judge(one.records, one.content, reader)
      for finding in engine.findings() where finding.detection == one.definition.id {
        #expect(finding.evidence.contains { $0.role == .baseline }, "\(one.name): \(finding.title)")
        #expect(!finding.explanation.expected.isEmpty && !finding.explanation.seen.isEmpty && !finding.summary.isEmpty)
      }
    }
  }

  @Test func recordsWithoutATimeAreJudged() throws {
    let content = try Content(Configuration())
    let reader = ActsDetectionTests.reader(content)
    var judged = 0
    for one in try ActsDetectionTests.cases(content) {
      let timeless = one.records.map { record in
        var text = String(decoding: record, as: UTF8.self)
        for field in ["eventTime", "requestReceivedTimestamp", "\"time\""] {
          text = text.replacing(field, with: field.hasPrefix("\"") ? "\"no_time\"" : "no_\(field)")
        }
        return Array(text.utf8)
      }
      let engine = try ActsDetectionTests.judge(timeless, one.content, reader)
      // Logs whose time has another name keep it.
      for finding in engine.findings() where finding.firstSeen == Timestamp.none {
        judged += 1
        #expect(finding.summary.contains("unlogged time"), "\(one.name)")
      }
    }
    #expect(judged > 50)
  }

  @Test func presetsKnowTheClouds() throws {
    let ranges = try Content(Configuration()).engine.configuration.cloudRanges
    func provider(_ text: String) -> String? {
      guard let address = Address(text) else { return nil }
      return ranges.first { $0.network.contains(address) }?.provider
    }
    #expect(provider("52.16.0.10") == "aws")
    #expect(provider("34.110.0.1") == "gcp")
    #expect(provider("20.1.2.3") == "azure")
    #expect(provider("2a05:d018::1") == "aws")
    for stranger in ["45.33.20.9", "192.0.2.66", "203.0.113.17", "1.1.1.1", "91.12.0.1", "2a02:8071::1"] {
      #expect(provider(stranger) == nil, "\(stranger)")
    }
  }
}

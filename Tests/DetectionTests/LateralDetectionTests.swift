import EventModel
import EventWindow
import Normalization
import Testing

@testable import Detection
@testable import PipelineContent

/// What fixtures cannot say of the lateral detections: delivery, memory over runs, habits.
@Suite struct LateralDetectionTests {
  static let folders = ["TR4-client-break", "LM1-new-mint-edge-with-gain", "LM3-role-chain-shape", "LM4-exec-pivot"]

  private func content() throws -> Content {
    try Content(Configuration(), replacing: DetectionFixtureTests.folder)
  }

  private func told(
    _ records: [[UInt8]], _ content: Content, _ engine: DetectionEngine.Content, steps: Int, memory: LongMemory? = nil
  ) throws -> ([String], LongMemory) {
    var engine = try DetectionEngine(engine, memory: memory ?? LongMemory(hasher: .stable))
    var normalizer = Normalizer(sources: content.sources, worker: 0, options: Normalizer.Options(contentHash: .stable))
    for (n, record) in records.enumerated() {
      let place = Normalizer.Place(input: 0, offset: UInt64(n), length: UInt32(record.count), index: 0)
      _ = normalizer.add(record.span, at: place)
      guard n % steps == steps - 1 || n == records.count - 1 else { continue }
      let taken = normalizer.take()
      _ = engine.absorb(worker: 0, taken.batch, EventDictionaries.Delta(taken.delta))
      engine.judge()
    }
    let lines = engine.findings().filter { ["TR4", "LM1", "LM3", "LM4"].contains($0.detection) }
      .map { "\($0.detection) \($0.severity.name) \($0.title) x\($0.count) \($0.id.prefix(8))" }
    return (lines.sorted(), engine.memory)
  }

  @Test(arguments: folders) func findingsDoNotDependOnDelivery(_ folder: String) throws {
    let content = try content()
    for file in content.trees[0].files(below: "detections/\(folder)/fixtures") where file.name.hasSuffix(".yml") {
      let yaml = try #require(try YAMLField.parse(String(decoding: file.bytes, as: UTF8.self), file: file.name))
      var top: [String: YAMLField] = [:]
      for member in try yaml.members() { top[member.key] = member.value }
      var engine = content.engine
      engine.configuration = try Configuration(fixture: top, presets: engine.configuration).detection
      let records = try FixtureRecords.records(top["records"], defaults: top["defaults"])
      let whole = try told(records, content, engine, steps: records.count).0
      #expect(try told(records, content, engine, steps: 1).0 == whole, "\(folder)/\(file.name) record by record")
      #expect(try told(records.reversed(), content, engine, steps: 3).0 == whole, "\(folder)/\(file.name) backwards")
    }
  }

  /// The records of a fixture in which a command is sent to an instance, which then lists its buckets.
  private func pivot(_ content: Content) throws -> [String] {
    let name = "fires-pivot-after-send-command.yml"
    let files = content.trees[0].files(below: "detections/LM4-exec-pivot/fixtures")
    let file = try #require(files.first { $0.name.hasSuffix(name) })
    let yaml = try #require(try YAMLField.parse(String(decoding: file.bytes, as: UTF8.self), file: file.name))
    var top: [String: YAMLField] = [:]
    for member in try yaml.members() { top[member.key] = member.value }
    return try FixtureRecords.records(top["records"], defaults: top["defaults"])
      .map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func whatWasTriedIsKnownAlsoAfterARestart() throws {
    let content = try content()
    let records = try pivot(content)
    let last = try #require(records.last).replacing("T08:03:00Z", with: "T07:58:00Z")
    let tried = last.replacing("e292c2c0", with: "e292c2c1")
      .replacing("{", with: #"{"errorCode":"AccessDenied","#, maxReplacements: 1)
    let before = records.dropLast(2) + [tried]
    let after = records.suffix(2).map { $0.replacing("2026-03-17T08", with: "2026-03-18T08") }
    func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }
    let straight = try told(bytes(Array(before) + after), content, content.engine, steps: 1).0
    #expect(!straight.contains { $0.contains("ListBuckets for the first time") })
    let (_, memory) = try told(bytes(Array(before)), content, content.engine, steps: 1)
    let later = LongMemory(hasher: .stable, earlier: memory.run)
    let resumed = try told(bytes(after), content, content.engine, steps: 1, memory: later).0
    #expect(!resumed.contains { $0.contains("ListBuckets for the first time") })
  }

  @Test func whatLiesInTheFutureTeachesNothing() throws {
    let content = try content()
    var normalizer = Normalizer(sources: content.sources, worker: 0, options: Normalizer.Options(contentHash: .stable))
    for (n, record) in try pivot(content).enumerated() {
      let bytes = Array(record.utf8)
      let place = Normalizer.Place(input: 0, offset: UInt64(n), length: UInt32(bytes.count), index: 0)
      _ = normalizer.add(bytes.span, at: place)
    }
    let taken = normalizer.take()
    for (now, teaches) in [(Int64.max, true), (0, false)] {
      var engine = try DetectionEngine(content.engine, memory: LongMemory(hasher: .stable))
      _ = engine.absorb(worker: 0, taken.batch, EventDictionaries.Delta(taken.delta), futureAfter: now)
      engine.judge()
      #expect(engine.memory.run.isEmpty != teaches)
    }
  }

  @Test func aHabitIsMadeByEarlierDaysOnly() {
    var memory = LongMemory(hasher: .stable)
    let key = memory.key([Array("k".utf8)])
    memory.remember(key, on: 10)
    memory.remember(key, on: 11)
    #expect(memory.recall(key, on: 11).days == 2)
    #expect(memory.recall(key, before: 11).days == 1)
    #expect(memory.recall(key, before: 10).days == 0)
    #expect(memory.recall(key, before: 10).firstDay == nil)
    #expect(memory.recall(key, before: 12).firstDay == 10)
  }

  @Test(arguments: [
    ("arn:aws:iam::111122223333:role/a", "111122223333"), ("arn:aws:s3:::bucket", nil),
    ("runner@build-prod.iam.gserviceaccount.com", "build-prod"), ("system:serviceaccount:a:b", nil),
  ]) func aNameTellsItsTenant(_ name: String, _ tenant: String?) {
    #expect(Tenancy.account(name) == tenant)
  }

  @Test func anEdgeThatRecursFromTheStartIsRoutine() {
    var dictionaries = EventDictionaries()
    var subject = Subject()
    subject.name = dictionaries.symbols.intern("parent")
    subject.kind = .role
    var operation = Operation()
    operation.verb = .mint
    let target = dictionaries.symbols.intern("target")
    var event = Event()
    event.outcome = .success
    event.subject = dictionaries.subjects.intern(subject)
    event.operation = dictionaries.operations.intern(operation)
    event.origin = dictionaries.origins.intern(Origin())
    event.target = target
    func run(_ hours: [Int64], seenFrom: Int64) -> Bool {
      var reach = Reach(facts: FactVocabulary(names: []))
      var edges = MintEdges()
      var first = event
      first.time = seenFrom * Timestamp.hour
      reach.survey(Moment(first, Row(batch: 0, row: 0), EventWindow(dictionaries: dictionaries)))
      for hour in hours {
        var one = event
        one.time = hour * Timestamp.hour
        edges.survey(Moment(one, Row(batch: 0, row: 1), EventWindow(dictionaries: dictionaries)), nil, reach)
      }
      return edges.isSteady(subject.name, target)
    }
    #expect(run([2, 8, 14, 20], seenFrom: 0))
    #expect(!run([2, 8], seenFrom: 0))
    // It worked for half a day without it, then took it every hour.
    #expect(!run([14, 15, 16, 17], seenFrom: 0))
  }
}

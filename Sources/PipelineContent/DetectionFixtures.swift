import Detection
import EventModel
import EventWindow
import Normalization

/// Runs a detection's fixtures: each a YAML file of records and what must come of them.
///
/// ```yaml
/// about: one sentence
/// expect: {severity: high}      # fires-*: at least one finding of this detection; keys are compared where they stand
/// at_most: low                  # silent-*: no finding of this detection, or none above this severity
/// zones: […]                    # as in bittern.yml; also organization and identities (a list)
/// defaults: {…}                 # a record that every record is laid over
/// records:
///   - {…}                       # laid over the defaults, key by key
///   - {repeat: 20, record: {…}} # `#` in a text becomes 0, 1, …; `##` the same with two digits
/// ```
public enum DetectionFixtures {
  public struct Outcome: Sendable {
    public var fixture: String
    public var failures: [String]
  }

  public static func run(_ content: ContentFiles, engine: DetectionEngine.Content, sources: [CompiledSource])
    -> [Outcome]
  {
    var outcomes: [Outcome] = []
    // One for all: it compiles every map anew.
    var normalizer = Normalizer(sources: sources, worker: 0, options: Normalizer.Options(contentHash: .stable))
    for folder in content.folders(below: "detections") {
      guard let definition = engine.definitions.first(where: { $0.folder == content.origin + "detections/\(folder)" })
      else { continue }
      for file in content.files(below: "detections/\(folder)/fixtures") where file.name.hasSuffix(".yml") {
        let label = "\(definition.id)/\(file.name.dropLast(4))"
        var failures: [String] = []
        do throws(ContentError) {
          failures = try run(file.name, file.bytes, definition, engine, &normalizer)
        } catch {
          failures = [error.description]
        }
        outcomes.append(Outcome(fixture: label, failures: failures))
      }
    }
    return outcomes
  }

  private static let keys = [
    "about", "expect", "at_most", "zones", "organization", "identities", "defaults", "records",
  ]

  private static func run(
    _ name: String, _ bytes: [UInt8], _ definition: DetectionDefinition, _ engine: DetectionEngine.Content,
    _ normalizer: inout Normalizer
  ) throws(ContentError) -> [String] {
    let file = definition.folder + "/fixtures/" + name
    guard let yaml = try YAMLField.parse(String(decoding: bytes, as: UTF8.self), file: file) else {
      return ["is empty"]
    }
    let top = try yaml.members(allowed: keys)
    var content = engine
    content.configuration = try Configuration(fixture: top, presets: engine.configuration).detection
    let records = try FixtureRecords.records(top["records"], defaults: top["defaults"])
    let (findings, rejects) = try judge(records, content, &normalizer, file)
    var failures = rejects
    let mine = findings.filter { $0.detection == definition.id }
    if name.hasPrefix("fires-") {
      if mine.isEmpty {
        let others = findings.map { "\($0.detection) \($0.severity.name)" }.sorted().joined(separator: ", ")
        failures.append("does not fire\(others.isEmpty ? "" : " (others do: \(others))")")
      }
      if let expect = try top["expect"]?.members(allowed: ["severity", "confidence", "count", "title"]), !mine.isEmpty {
        for (key, value) in expect {
          let wanted = try value.text()
          let got = mine.map { finding in
            switch key {
            case "severity": finding.severity.name
            case "confidence": finding.confidence.confidence
            case "count": "\(finding.count)"
            default: finding.title
            }
          }
          if !got.contains(wanted) {
            failures.append("\(key) is \(Set(got).sorted().joined(separator: ", ")), expected \(wanted)")
          }
        }
      }
    } else {
      let most = try top["at_most"].map { f throws(ContentError) in try f.text() }.flatMap(Severity.init(name:))
      for finding in mine where most.map({ finding.severity > $0 }) ?? true {
        failures.append("fires \(finding.severity.name): \(finding.title)")
      }
    }
    return failures
  }

  /// Judges records alone, in a fresh memory.
  private static func judge(
    _ records: [[UInt8]], _ content: DetectionEngine.Content, _ normalizer: inout Normalizer, _ file: String
  ) throws(ContentError) -> ([Finding], [String]) {
    var rejects: [String] = []
    normalizer.startInput()
    for (n, record) in records.enumerated() {
      let place = Normalizer.Place(input: 0, offset: UInt64(n), length: UInt32(record.count), index: 0)
      if case .rejected(let why) = normalizer.add(record.span, at: place) { rejects.append("record \(n + 1): \(why)") }
    }
    let taken = normalizer.takeWhole()
    var engine: DetectionEngine
    do throws(DetectionError) {
      engine = try DetectionEngine(content, memory: LongMemory(hasher: .stable))
    } catch {
      throw ContentError(file: file, reason: error.reason)
    }
    _ = engine.absorb(worker: 0, taken.batch, EventDictionaries.Delta(taken.delta))
    engine.judge()
    return (engine.findings(), rejects)
  }
}

extension EventDictionaries.Delta {
  /// A worker's new entries as the window takes them.
  public init(_ delta: SymbolDelta) {
    self.init(
      bytes: delta.bytes, ends: delta.ends, subjects: delta.subjects, origins: delta.origins,
      operations: delta.operations)
  }
}

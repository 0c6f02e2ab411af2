import Detection
import EventModel
import Evidence
import Foundation
import PipelineContent

/// Scans a corpus whose truth is known, all of it at once, and compares the findings with what was planted.
///
/// `truth.json` lies in the corpus' folder: `attacks` (or `acts`) with `detection`, `family`, `identity`, `event_ids`;
/// `legitimate` names events that may be told. Cost: one scan into a store of its own, removed at the end.
public struct CorpusRunner: Sendable {
  public let content: Content
  public let threads: Int
  public let stop: StopFlag

  public init(content: Content, threads: Int, stop: StopFlag) {
    self.content = content
    self.threads = threads
    self.stop = stop
  }

  /// - Parameters:
  ///   - truth: the path of `truth.json`.
  ///   - ablation: what the engine has to do without.
  public func run(_ truth: String, without ablation: Ablation = .none) throws(RunError) -> CorpusOutcome {
    let planted = try CorpusTruth(path: truth)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bittern-\(UUID().uuidString)").path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch { throw .usage("\(folder) cannot be made: set TMPDIR to a folder that can be written") }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var options = Scan.Options()
    options.inputs = [truth.contains("/") ? String(truth[..<truth.lastIndex(of: "/")!]) : "."]
    options.store = folder + "/store.sqlite"
    options.threads = threads
    let report = try Scan(content: content.without(ablation), options: options, stop: stop).run()
    let identities = try Result { () throws(StoreError) in
      let store = try EvidenceStore.open(at: options.store, for: .read)
      return try store.loadIdentities().count { ActorKind(name: $0.kind)?.isMachine ?? false }
    }.orStoreError()
    return CorpusOutcome(planted, report, identities: identities)
  }
}

/// What a corpus says was planted in it.
struct CorpusTruth {
  var acts: [LabelledCase] = []
  /// By the number of the act in `acts`.
  var events: [Set<String>] = []
  var legitimate: Set<String> = []

  init(path: String) throws(RunError) {
    guard let bytes = FileManager.default.contents(atPath: path), let root = JSONReading.value([UInt8](bytes))?.object
    else { throw .usage("\(path) is no JSON object; a corpus' truth.json names its attacks") }
    guard let planted = (root["attacks"] ?? root["acts"])?.array else {
      throw .usage(
        "\(path) names no attacks: a list 'attacks' with detection, family, identity and event_ids is needed")
    }
    for (n, act) in planted.enumerated() {
      let members = act.object ?? [:]
      var item = LabelledCase()
      item.id = "\(n + 1) \(members["detection"]?.text ?? "") \(members["identity"]?.text ?? "")"
      item.isMalicious = true
      item.familyLabels = [members["family"]?.text ?? ""].filter { !$0.isEmpty }
      item.why = members["what"]?.text ?? ""
      item.groups = [
        ("family", members["family"]?.text ?? "none"), ("detection", members["detection"]?.text ?? "none"),
      ]
      acts.append(item)
      events.append(Set((members["event_ids"]?.array ?? []).compactMap(\.text)))
    }
    legitimate = Set((root["legitimate"]?.array ?? []).compactMap(\.text))
  }
}

/// What was found of what was planted, and what else was told.
public struct CorpusOutcome: Sendable {
  /// One for each planted act, with the findings that cite one of its events.
  public private(set) var acts: [CaseOutcome] = []
  /// Findings that cite no event of an act, and none that may be told.
  public private(set) var unexpected: [Finding] = []
  public let days: Int
  public let identities: Int

  init(_ truth: CorpusTruth, _ report: ScanReport, identities: Int) {
    self.identities = identities
    let first = report.ledgers.map(\.firstEvent).min() ?? 0
    let last = report.ledgers.map(\.lastEvent).max() ?? 0
    days = last < first ? 1 : Int(Timestamp.utcDay(last) - Timestamp.utcDay(first)) + 1
    let cited = report.allFindings.map { finding in
      Set(finding.evidence.filter { $0.role != .baseline }.map(\.eventID))
    }
    for (item, events) in zip(truth.acts, truth.events) {
      var outcome = CaseOutcome(item: item)
      outcome.take(zip(report.allFindings, cited).filter { !$1.isDisjoint(with: events) }.map(\.0))
      outcome.accepted = events.count
      acts.append(outcome)
    }
    let known = truth.events.reduce(into: truth.legitimate) { $0.formUnion($1) }
    unexpected = zip(report.allFindings, cited).filter { $1.isDisjoint(with: known) }.map(\.0)
      .sorted { ($0.detection, $0.id) < ($1.detection, $1.id) }
  }

  /// Findings of a severity or above that nothing planted explains, a day and 10,000 machine identities.
  public func noise(_ minimum: Severity) -> Double {
    let loud = unexpected.count { $0.severity >= minimum }
    return Double(loud) / Double(max(1, days)) / Double(max(1, identities)) * 10_000
  }
}

import EventModel
import EventWindow

/// LS6: what the window itself notices about rows: an id that came twice with different content, a time in the future.
///
/// Two contents of one id that both tell of the moment and contradict each other weigh more: a second export leaves fields
/// out, it does not change them.
///
/// State: none. What the reader notices (double keys, damaged files) is told by the runtime, under the same detection.
struct RecordIntegrity: Detector {
  static let kind = "record-integrity"
  private let number: Int
  private let base: Severity

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    base = definition.severity
    try definition.parameters.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let conflict = moment.event.flags.contains(.idConflict)
    guard conflict || moment.event.flags.contains(.future) else { return }
    let cause = conflict ? "id_conflict" : "clock_anomaly"
    let record = conflict ? judgement.window.rivals[moment.row].flatMap { judgement.window.isHeld($0) ? $0 : nil } : nil
    let differing = record.map { RecordIntegrity.contradictions(moment, $0, judgement) } ?? []
    judgement.report(
      number, moment, key: Array(judgement.sourceNames[Int(moment.operation.source)].utf8), cause: Array(cause.utf8),
      severity: differing.isEmpty ? base : max(base, .medium), baseline: record.map { [$0] } ?? []
    ) { draft, j in
      let log = j.sourceNames[Int(moment.operation.source)]
      if conflict {
        draft.title = "\(log): two different records carry one id"
        draft.summary =
          "A record of \(log) at \(j.words(moment.time)) has the id of another one and says something else; both are kept."
        draft.explanation.expected = "an id names one record; a second delivery of it says the same"
        draft.explanation.seen =
          differing.isEmpty
          ? "another content under the same id"
          : "of one moment two accounts, which differ in " + differing.joined(separator: ", ")
      } else {
        draft.title = "\(log): records from the future"
        draft.summary = "A record of \(log) is dated \(j.words(moment.time)), after the clock of this machine."
        draft.explanation.expected = "no event later than ten minutes from now"
        draft.explanation.seen = j.words(moment.time)
      }
      draft.explanation.threshold = "the first such record of a day"
    }
  }

  /// In what two records of one moment contradict each other: both say it, and not the same. Nothing of different moments.
  private static func contradictions(_ moment: Moment, _ record: Row, _ judgement: borrowing Judgement) -> [String] {
    let other = Moment(judgement.window[record], record, judgement.window)
    let uncertainty = max(moment.event.precision.uncertainty, other.event.precision.uncertainty)
    guard moment.time != Timestamp.none, Timestamp.gap(moment.time, other.time) <= uncertainty else { return [] }
    func differ(_ a: Symbol, _ b: Symbol) -> Bool { a.isPresent && b.isPresent && a != b }
    let (who, whom) = (moment.subject, other.subject)
    let tests: [(String, Bool)] = [
      ("who acted", differ(who.name, whom.name) || differ(who.credential, whom.credential)),
      ("what was done", differ(moment.operation.action, other.operation.action)),
      (
        "to what",
        differ(moment.event.resource, other.event.resource) || differ(moment.event.target, other.event.target)
      ),
      (
        "from where",
        moment.origin.kind != .none && other.origin.kind != .none
          && (moment.origin.address != other.origin.address || differ(moment.origin.host, other.origin.host))
      ),
      (
        "how it ended",
        moment.event.outcome != .unknown && other.event.outcome != .unknown
          && moment.event.outcome != other.event.outcome
      ),
    ]
    return tests.filter(\.1).map(\.0)
  }
}

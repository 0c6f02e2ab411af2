import EventModel

/// LS6: what the window itself notices about rows: an id that came twice with different content, a time in the future.
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
    judgement.report(
      number, moment, key: Array(judgement.sourceNames[Int(moment.operation.source)].utf8), cause: Array(cause.utf8),
      severity: base
    ) { draft, j in
      let log = j.sourceNames[Int(moment.operation.source)]
      if conflict {
        draft.title = "\(log): two different records carry one id"
        draft.summary =
          "A record of \(log) at \(j.words(moment.time)) has the id of another one and says something else; both are kept."
        draft.explanation.expected = "an id names one record; a second delivery of it says the same"
        draft.explanation.seen = "another content under the same id"
      } else {
        draft.title = "\(log): records from the future"
        draft.summary = "A record of \(log) is dated \(j.words(moment.time)), after the clock of this machine."
        draft.explanation.expected = "no event later than ten minutes from now"
        draft.explanation.seen = j.words(moment.time)
      }
      draft.explanation.threshold = "the first such record of a day"
    }
  }
}

import EventModel
import EventWindow

/// TR9: what is good for one use is used twice.
///
/// - A wrapping token that was opened is shown again, and refused: from another place somebody else has it (high), from the
///   same place within a minute it is a retry.
/// - A run's token is exchanged for one role from two networks. The jobs of one run share its number, so that this is low,
///   and medium where the log of runs says that there was one job.
///
/// Maps state the facts and name the artefact (detail `artefact`) and the run (`run`). State: 72 B for each artefact of the last
/// hours, at most ``limit``; nothing for other events.
struct ArtefactReplay: Detector {
  static let kind = "artefact-replay"
  static let limit = 100_000

  private struct Use: Sendable {
    var time: Int64
    var row: Row
    var place: OriginKey
    var provider: UInt64
    var name: Symbol
  }

  private let number: Int
  private let used, shared, spent, prepared, concerned: FactSet
  private let retrySpan, keep: Int64
  private var uses: [Symbol: Use] = [:]
  /// How many jobs each run had; two stand for more.
  private var jobs: [Symbol: (count: UInt8, time: Int64)] = [:]
  private var sweep = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    used = facts.set(try p.list("used_facts"))
    shared = facts.set(try p.list("shared_facts", default: []))
    spent = facts.set(try p.list("spent_facts"))
    prepared = facts.set(try p.list("job_facts", default: []))
    retrySpan = try p.minutes("retry_minutes", default: 1)
    keep = try p.minutes("keep_minutes", default: 360)
    concerned = used.union(shared).union(spent).union(prepared)
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let said = moment.event.facts
    guard said.intersects(concerned), moment.event.flags.isDisjoint(with: [.echo, .sharedCopy]),
      moment.time != Timestamp.none
    else { return }
    evict(moment.time)
    if said.intersects(prepared) { return count(moment, judgement) }
    let artefact = detail("artefact", moment, judgement)
    if said.intersects(spent) { return judgeSpent(moment, artefact, &judgement) }
    guard artefact.isPresent, moment.tookPlace else { return }
    let here = use(moment, &judgement)
    guard let first = uses[artefact] else {
      if uses.count < ArtefactReplay.limit { uses[artefact] = here }
      return
    }
    guard said.intersects(shared), here.place.isPlace, first.place.isPlace, here.provider != first.provider else {
      return
    }
    let isAlone = jobs[detail("run", moment, judgement)]?.count == 1
    tell(
      moment, artefact, first, isAlone ? .medium : .low, isAlone ? .asserted : .candidate,
      "was exchanged from two networks" + (isAlone ? ", and its run had one job" : ""), &judgement)
  }

  private mutating func count(_ moment: Moment, _ judgement: borrowing Judgement) {
    let run = detail("run", moment, judgement)
    guard run.isPresent, jobs[run] != nil || jobs.count < ArtefactReplay.limit else { return }
    jobs[run] = (min(2, (jobs[run]?.count ?? 0) + 1), moment.time)
  }

  private func judgeSpent(_ moment: Moment, _ artefact: Symbol, _ judgement: inout Judgement) {
    let here = use(moment, &judgement)
    guard artefact.isPresent, let first = uses[artefact] else {
      return tell(moment, artefact, nil, .medium, .exact, "was refused: it was used before, or never was", &judgement)
    }
    let isSame = here.place == first.place && here.name == first.name
    if isSame, moment.time - first.time <= retrySpan { return }
    tell(
      moment, artefact, first, isSame ? .low : .high, .exact,
      isSame ? "was shown again by the one who had used it" : "was used, and then shown by somebody else", &judgement)
  }

  private func use(_ moment: Moment, _ judgement: inout Judgement) -> Use {
    Use(
      time: moment.time, row: moment.row, place: judgement.place(moment), provider: judgement.provider(moment),
      name: moment.subject.name)
  }

  private func detail(_ name: String, _ moment: Moment, _ judgement: borrowing Judgement) -> Symbol {
    for detail in judgement.window.details(moment.event, at: moment.row) where judgement.text(detail.name) == name {
      return detail.value
    }
    return .none
  }

  private func tell(
    _ moment: Moment, _ artefact: Symbol, _ first: Use?, _ severity: Severity, _ grade: Grade, _ what: String,
    _ judgement: inout Judgement
  ) {
    let key = artefact.isPresent ? artefact : moment.subject.name
    judgement.report(
      number, moment, key: judgement.bytes(key), cause: judgement.name(judgement.place(moment), moment.origin),
      severity: severity, confidence: grade, baseline: first.map { [$0.row] } ?? []
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      draft.title = "\(who): \(j.definitions[number].title)"
      draft.summary =
        "\(artefact.isPresent ? j.text(artefact) : "A one-time token") \(what): \(j.text(moment.operation.action)) from "
        + "\(j.words(moment.origin)) at \(j.words(moment.time))"
        + (first.map {
          "; first from \(j.words(originOf: $0.row)) at \(j.words($0.time))"
        }
          ?? "") + "."
      draft.explanation.expected = "one use, by the one it was made for"
      draft.explanation.seen = "\(j.text(moment.operation.action)) by \(who) with \(j.text(moment.origin.agent))"
      draft.explanation.threshold =
        "a second use, other than the same client’s within \(retrySpan / Timestamp.minute) minutes"
    }
  }

  private mutating func evict(_ now: Int64) {
    guard Timestamp.gap(now, sweep) > Timestamp.hour else { return }
    sweep = now
    uses = uses.filter { Timestamp.gap(now, $0.value.time) <= keep }
    jobs = jobs.filter { Timestamp.gap(now, $0.value.time) <= keep }
  }
}

import EventModel
import EventWindow

/// Acts that are rare and legitimate at best, judged by what they are (detections.md 4.4 and 5.9): LM8, LC5, LL2, LS2 and
/// their kind. A map states a fact about the act, the parameters say which facts count and what raises or lowers them.
///
/// State: targets created in the last day, 40 B each.
struct RareAct: Detector {
  static let kind = "rare-act"

  private enum Attempts: String { case lower, count, ignore }

  private let number: Int
  private let base: Severity
  private let wanted: FactSet
  private let unless: FactSet
  private let raising: FactSet
  private let lowering: FactSet
  private let unlessBySystem: Bool
  private let never: Bool  // tier 0: never routine
  private let attempts: Attempts
  private let duties: [String]
  private let created: FactSet
  private let createdSpan: Int64
  private let undone: Fact?
  private let undoneSpan: Int64
  private let outsideDetail: String
  private let names: [(fact: Fact, name: String)]
  private var recent: [Symbol: (time: Int64, row: Row)] = [:]

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    base = definition.severity
    var p = definition.parameters
    let texts = try p.list("facts")
    wanted = facts.set(texts)
    names = texts.compactMap { name in facts[name].map { ($0, name) } }
    unless = facts.set(try p.list("unless_facts", default: []))
    raising = facts.set(try p.list("raising_facts", default: []))
    lowering = facts.set(try p.list("lowering_facts", default: []))
    unlessBySystem = try p.text("system_actors", default: "silent") == "silent"
    never = try p.text("tier", default: "T1") == "T0"
    guard let attempts = Attempts(rawValue: try p.text("attempts", default: "lower")) else {
      throw DetectionError("parameter 'attempts' is lower, count or ignore")
    }
    self.attempts = attempts
    duties = try p.list("excused_duties", default: [])
    created = facts.set(try p.list("raised_after_facts", default: []))
    createdSpan = try p.minutes("raised_after_minutes", default: 1440)
    undone = facts[try p.text("excused_by_fact", default: "")]
    undoneSpan = try p.minutes("excused_by_minutes", default: 1440)
    outsideDetail = try p.text("outside_detail", default: "")
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let facts = moment.event.facts
    if facts.isEmpty || moment.event.flags.contains(.echo) { return }
    if facts.intersects(created), moment.tookPlace, moment.event.target.isPresent {
      recent[moment.event.target] = (moment.time, moment.row)
      if recent.count > 4096 { recent = recent.filter { moment.time - $0.value.time <= createdSpan } }
    }
    guard facts.intersects(wanted), !facts.intersects(unless) else { return }
    if attempts == .ignore, !moment.tookPlace { return }
    if moment.event.outcome == .dryRun { return }
    if unlessBySystem, moment.event.flags.contains(.systemActor) { return }
    var outsider: String?
    if !outsideDetail.isEmpty {
      guard let found = outside(moment, judgement) else { return }
      outsider = found
    }
    fire(moment, outsider, &judgement)
  }

  private func fire(_ moment: Moment, _ outsider: String?, _ judgement: inout Judgement) {
    let fact = names.first { moment.event.facts.contains($0.fact) }
    let word = fact?.name ?? ""
    let habit = [Array("act".utf8), Array(word.utf8), judgement.bytes(moment.subject.name)]
    var severity = judgement.rare(base, moment, habit: habit, intentCounts: attempts == .count)
    if never { severity = max(severity, moment.tookPlace || attempts == .count ? base : base.raised(by: -1)) }
    let profile = judgement.profile(moment)
    var because: [String] = []
    let programmatic = !profile.isHuman
    if moment.event.facts.intersects(raising), programmatic, moment.tookPlace, severity >= base {
      severity = severity.raised(by: 1)
      because.append("the act itself weighs more: \(names(raising, moment, judgement))")
    }
    var baseline: [Row] = []
    if let before = recent[moment.event.target], moment.event.target.isPresent, moment.time - before.time <= createdSpan,
      severity >= base, moment.tookPlace
    {
      severity = severity.raised(by: 1)
      baseline.append(before.row)
      because.append("its target was made shortly before")
    }
    if moment.event.facts.intersects(lowering) { severity = min(severity, .low) }
    if duties.contains(where: { judgement.hasDuty($0, profile) }) { severity = min(severity, .low) }
    if let undone, judgement.survey.happensSoon(undone, moment, within: undoneSpan) { severity = min(severity, .low) }
    let target = moment.event.target.isPresent ? moment.event.target : moment.event.resource
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name), cause: Array(word.utf8) + Array((outsider ?? "").utf8),
      severity: severity, baseline: baseline
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let what = j.definitions[number].title
      let to = target.isPresent ? " (\(j.shortName(target)))" : ""
      let tried = moment.tookPlace ? "" : ", refused"
      draft.title = "\(who): \(what)\(to)\(tried)"
      draft.summary =
        "\(who) called \(j.text(moment.operation.action))\(to) at \(j.words(moment.time)) from \(j.words(moment.origin))"
        + (outsider.map { ", which names \($0)" } ?? "") + (moment.tookPlace ? "." : "; the call was refused.")
      draft.explanation.expected = "nobody does this as routine; habit is the same act on three days of thirty"
      draft.explanation.seen = "\(j.text(moment.operation.action)): \(word)"
      draft.explanation.threshold = "the first such act of this identity"
      draft.explanation.state = [("client", j.text(moment.origin.agent))] + because.map { ("raised", $0) }
    }
  }

  private func names(_ set: FactSet, _ moment: Moment, _ judgement: borrowing Judgement) -> String {
    judgement.facts.names(of: FactSet(bits: set.bits & moment.event.facts.bits)).joined(separator: ", ")
  }

  /// The first account that the act names and that is neither the log's own nor one of the organization; nil if there is none.
  private func outside(_ moment: Moment, _ judgement: borrowing Judgement) -> String? {
    let own = [judgement.text(moment.operation.tenant), judgement.text(moment.subject.home)]
    for detail in judgement.window.details(moment.event, at: moment.row)
    where judgement.text(detail.name) == outsideDetail {
      let account = judgement.text(detail.value)
      if !own.contains(account), !judgement.configuration.accounts.contains(account) { return account }
    }
    return nil
  }
}

import EventModel
import EventWindow

/// What raises and lowers an act, and whether it is one of a crowd’s or names an outsider.
extension RareAct {
  struct Weighed {
    var severity: Severity?
    var raised: [String] = []
    var lowered: [String] = []
    var daysBefore = 0
  }

  /// Severity of the act itself: what raises it, then what excuses it (detections.md 4.4).
  func weigh(
    _ moment: Moment, _ profile: Judgement.Profile, _ word: String, _ actor: [UInt8], _ judgement: inout Judgement
  ) -> Weighed {
    let facts = moment.event.facts
    var w = Weighed()
    var severity = base
    let heavy = facts.intersects(rules.raising) && !profile.isHuman && moment.tookPlace
    if heavy {
      severity = severity.raised(by: 1)
      w.raised.append("it weighs more by itself: \(judgement.names(rules.raising, moment))")
    }
    if rules.raisedIfTargetHoldsKeys, KeyHolders.holdsKeys(moment.event.target, on: moment.day, judgement) {
      severity = severity.raised(by: 1)
      w.raised.append("its target works with keys: it is a machine")
    }
    func lower(_ to: Severity, _ why: String) {
      if to < severity { severity = to }
      w.lowered.append(why)
    }
    if facts.intersects(rules.lesser) { severity = severity.raised(by: -1) }
    let details = judgement.window.details(moment.event, at: moment.row)
    if details.contains(where: { rules.loweringDetails.contains(judgement.text($0.name)) }) {
      lower(severity.raised(by: -1), "a condition narrows it")
    }
    let target = judgement.bytes(moment.event.target)
    if rules.loweringTargets.contains(where: { $0.matches(target) }) {
      lower(severity.raised(by: -1), "its target is named like those of a broker")
    }
    let action = judgement.bytes(moment.operation.action)
    if rules.minorActions.contains(where: { $0.matches(action) }) { lower(.low, "a minor call") }
    if !moment.tookPlace, rules.attempts == .lower { lower(severity.raised(by: -1), "refused") }
    if facts.intersects(rules.lowering), !facts.intersects(rules.loweringUnless) {
      lower(.low, judgement.names(rules.lowering, moment))
    }
    let ofTarget = rules.habit == .target && target.count > 0
    let whose = ofTarget ? judgement.bytes(moment.operation.tenant) + [0] + target : actor
    let habit = judgement.memory.key(
      [Array("act".utf8), Array(word.utf8), whose, moment.tookPlace ? [1] : [0]])
    let before = judgement.memory.recall(habit, on: moment.day)
    w.daysBefore = before.days
    if moment.time != Timestamp.none { judgement.memory.remember(habit, on: moment.day) }
    if ofTarget, before.firstDay != nil {
      lower(.low, "its target had it before")
    } else if rules.tier == .occasional, !heavy, w.daysBefore >= 3 {
      lower(.low, "done on \(w.daysBefore) of the last 30 days")
    }
    if moment.isServiceMade, rules.serviceMade != .none { lower(.low, "a service of the provider made the call") }
    if rules.iacRun != .none, judgement.survey.runs.contains(moment) {
      if rules.iacRun == .silent { return w }
      lower(rules.iacRun == .low ? .low : severity.raised(by: -1), "part of a run of infrastructure as code")
    }
    if let duty = rules.duties.first(where: { judgement.hasDuty($0, profile) }) { lower(.low, "declared \(duty)") }
    if let undone = rules.undone,
      judgement.survey.happensSoon(
        undone, moment, within: rules.undoneSpan,
        besides: judgement.window.mint(moment.event, at: moment.row)?.child ?? .none)
    {
      lower(.low, "its predecessor went within a day: a rotation")
    }
    w.severity = severity
    return w
  }

  /// In the first week of a log, an act that everybody turns out to do is one finding, not one for each.
  mutating func joinsCrowd(
    _ moment: Moment, _ actor: [UInt8], _ severity: Severity, _ judgement: borrowing Judgement
  ) -> Bool {
    guard rules.tier == .occasional, severity <= base, severity >= .medium, moment.time != Timestamp.none,
      let began = judgement.survey.coverage[Survey.log(moment)], Timestamp.gap(moment.time, began) < RareAct.firstWeek
    else { return false }
    var known = trippers[moment.operation.tenant] ?? []
    if known.contains(actor) { return false }
    if known.count >= RareAct.crowd { return true }
    known.insert(actor)
    trippers[moment.operation.tenant] = known
    return false
  }

  /// The first account that the act names and that is neither the log's own nor one of the organization; nil if there is none.
  func outside(_ moment: Moment, _ judgement: borrowing Judgement) -> String? {
    if rules.outsideDetail == RareActRules.home {
      let account = judgement.text(moment.subject.home)
      return account.isEmpty || judgement.configuration.accounts.contains(account) ? nil : account
    }
    let own = [judgement.text(moment.operation.tenant), judgement.text(moment.subject.home)]
    for detail in judgement.window.details(moment.event, at: moment.row)
    where judgement.text(detail.name) == rules.outsideDetail {
      let account = judgement.text(detail.value)
      if own.contains(account) || judgement.configuration.accounts.contains(account) { continue }
      let seen = judgement.memory.recall(accountKey(Array(account.utf8), moment, judgement), on: moment.day)
      if seen.days >= 3, let first = seen.firstDay, moment.day - first >= 30 { continue }
      return account
    }
    return nil
  }

  /// Other accounts that have been acting here: after thirty days they are no outsiders.
  func learnAccount(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.event.flags.contains(.crossTenant), moment.operation.verb == .mint, moment.tookPlace,
      moment.subject.home.isPresent, moment.time != Timestamp.none
    else { return }
    judgement.memory.remember(accountKey(judgement.bytes(moment.subject.home), moment, judgement), on: moment.day)
  }

  private func accountKey(_ account: [UInt8], _ moment: Moment, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("acts here".utf8), judgement.bytes(moment.operation.tenant), account])
  }
}

import EventModel
import EventWindow

/// OS5: something is made in a region that its account never used, or by an identity that never worked there.
///
/// A region counts as used by what was changed there; reading sweeps through all of them. Logs and identities are judged once
/// they are mature. Global services log in one region whatever is meant.
///
/// State: the long memory; a cache of what is known today.
struct NewGeography: Detector {
  static let kind = "new-geography"

  private let number: Int
  private let span, openedSpan: Int32
  private let logDays: Int
  private let globalServices, globalRegions: Set<String>
  private let opened: FactSet
  private let duties: [String]
  private var told = ToldActs()
  private var logs: [UInt64: (day: Int32, days: Int)] = [:]

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    span = Int32(try p.number("memory_days", default: 62))
    openedSpan = Int32(try p.number("opened_days", default: 7))
    logDays = try p.number("log_days", default: 14)
    globalServices = Set(try p.list("global_services"))
    globalRegions = Set(try p.list("global_regions"))
    opened = facts.set(try p.list("opened_facts"))
    duties = try p.list("excused_duties", default: ["scanner"])
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.operation.region.isPresent, moment.time != Timestamp.none,
      moment.event.flags.isDisjoint(with: [.echo, .sharedCopy, .future])
    else { return }
    if moment.event.facts.intersects(opened), moment.tookPlace { open(moment, &judgement) }
    let denied = moment.event.outcome == .denied
    guard moment.tookPlace || denied else { return }
    let act = UInt64(moment.event.subject) << 32 | UInt64(moment.event.operation) << 1 | (denied ? 1 : 0)
    guard moment.isNews || told.contains(act) else { return }
    let days = logDaysBefore(moment, &judgement)
    if moment.operation.verb.privilege == 0 || isGlobal(moment, judgement) { return }
    told.note(act, isTold: isNews(moment, denied, days, &judgement))
  }

  private func isNews(_ moment: Moment, _ denied: Bool, _ days: Int, _ judgement: inout Judgement) -> Bool {
    let who = Reach.identity(moment.subject)
    let place = key("region", moment.operation.tenant, moment, judgement)
    let own = key("region-of", who, moment, judgement)
    let isKnown = judgement.memory.days(place, before: moment.day, within: span) > 0
    let isOwn = judgement.memory.days(own, before: moment.day, within: span) > 0
    if !denied, !moment.isServiceMade {
      judgement.memory.remember(place, on: moment.day)
      judgement.memory.remember(own, on: moment.day)
    }
    guard !isOwn, moment.subject.kind.isMachine,
      moment.event.flags.isDisjoint(with: [.serviceMade, .systemActor])
    else { return false }
    let profile = judgement.profile(moment)
    let standing = judgement.tenure.standing(moment)
    let isNewHere = !isKnown && days >= logDays
    guard !profile.isHuman, isNewHere || standing.isMature else { return false }
    if duties.contains(where: { judgement.hasDuty($0, profile) }) { return false }
    let area = judgement.text(moment.operation.region)
    if judgement.declared(profile)?.scope?.regions.contains(where: { $0.matches(area) }) == true { return false }
    if wasOpened(moment, judgement) { return false }
    var severity: Severity = isNewHere ? .high : .low
    if denied || judgement.survey.runs.contains(moment) { severity = max(.low, severity.raised(by: -1)) }
    report(moment, who, isNewHere, severity, &judgement)
    return true
  }

  /// On how many days before this one the log of the account had events.
  private mutating func logDaysBefore(_ moment: Moment, _ judgement: inout Judgement) -> Int {
    let log = Survey.log(moment)
    if let known = logs[log], known.day == moment.day { return known.days }
    let key = judgement.memory.key([
      Array("log-day".utf8), Array(judgement.sourceNames[Int(moment.operation.source)].utf8),
      judgement.bytes(moment.operation.tenant),
    ])
    let days = judgement.memory.days(key, before: moment.day, within: 30)
    judgement.memory.remember(key, on: moment.day)
    if logs.count >= 65_536 { logs.removeAll() }
    logs[log] = (moment.day, days)
    return days
  }

  private func key(_ what: String, _ owner: Symbol, _ moment: Moment, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([
      Array(what.utf8), Array(judgement.plane(moment).utf8), judgement.bytes(owner),
      judgement.bytes(moment.operation.region),
    ])
  }

  private func isGlobal(_ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    globalServices.contains(judgement.text(moment.operation.service))
      && globalRegions.contains(judgement.text(moment.operation.region))
  }

  /// A region that was switched on, on purpose: its name stands in the act's target or resource.
  private func open(_ moment: Moment, _ judgement: inout Judgement) {
    for name in [moment.event.target, moment.event.resource] where name.isPresent {
      judgement.memory.remember(
        judgement.memory.key([
          Array("region-opened".utf8), judgement.bytes(moment.operation.tenant), judgement.bytes(name),
        ]), on: moment.day)
    }
  }

  private func wasOpened(_ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    let key = judgement.memory.key([
      Array("region-opened".utf8), judgement.bytes(moment.operation.tenant), judgement.bytes(moment.operation.region),
    ])
    return judgement.memory.days(key, before: moment.day + 1, within: openedSpan) > 0
  }

  private func report(
    _ moment: Moment, _ who: Symbol, _ isNewHere: Bool, _ severity: Severity, _ judgement: inout Judgement
  ) {
    judgement.report(
      number, moment, key: judgement.bytes(who), cause: judgement.bytes(moment.operation.region), severity: severity,
      baseline: judgement.firstSeen(who, besides: moment.row)
    ) { draft, j in
      let name = j.shortName(who)
      let region = j.text(moment.operation.region)
      let tenant = j.text(moment.operation.tenant)
      draft.title =
        "\(name): \(j.text(moment.operation.action)) in \(region), \(isNewHere ? "which \(tenant) never used" : "where it never worked")"
        + (moment.tookPlace ? "" : ", refused")
      draft.summary =
        "\(name) called \(j.text(moment.operation.action)) in \(region) at \(j.words(moment.time)) from "
        + "\(j.words(moment.origin))\(moment.tookPlace ? "" : "; the call was refused"). In the \(span) days before, "
        + (isNewHere ? "nothing was changed in that region of \(tenant)." : "it changed nothing in that region.")
      draft.explanation.expected = "the regions in which something was changed in the \(span) days before"
      draft.explanation.seen = "\(region) with \(j.text(moment.origin.agent))"
      draft.explanation.threshold =
        isNewHere
        ? "a region new to the account, after \(logDays) days of its log" : "a region new to a mature identity"
      draft.explanation.state = [
        ("new_to", isNewHere ? "the account" : "the identity"), ("outcome", moment.event.outcome.name),
      ]
    }
  }
}

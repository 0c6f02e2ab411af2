import EventModel
import EventWindow

/// OS2: an identity with a history does what it never did.
///
/// News is an action that the identity did not do on any of the days before that the memory keeps, in a service that is new
/// to it, or of a class that reads secrets, mints, grants, runs or administers. Only mature identities are judged, and none
/// that does more than ``broad`` things. What is refused is compared with what was refused, and teaches nothing else.
///
/// State: the long memory; a cache of pairs known today; news of the last hour for each identity (about 150 B).
struct ProfileBreak: Detector {
  static let kind = "profile-break"

  struct News: Sendable {
    var time: Int64
    var service: Symbol
    var row: Row
    var opens: Bool
    var draft: DraftKey
  }
  private struct Actor: Sendable {
    var day = Int32.min
    /// Distinct actions of the run; today's news; calmed by a burst of news in the days before.
    var actions = 0
    var fresh = 0
    var isBroad = false
    var isCalmed = false
    var news: [News] = []
  }

  private let number: Int
  private let span: Int32
  private let broad, burst, peers: Int
  private let exploreSpan: Int64
  private let opening: FactSet
  private let readers: [String]
  private var deployments: Deployments
  private var actors: [Symbol: Actor] = [:]
  /// Pairs of identity and operation that were told last.
  private var told = ToldActs()

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    span = Int32(try p.number("memory_days", default: 62))
    broad = try p.number("broad_actions", default: 512)
    burst = try p.number("burst_news", default: 5)
    peers = try p.number("peers", default: 3)
    exploreSpan = try p.minutes("explore_minutes", default: 60)
    opening = facts.set(try p.list("opening_facts"))
    readers = try p.list("reading_duties", default: ["scanner", "backup"])
    deployments = Deployments(
      code: facts.set(try p.list("code_facts")), policy: facts.set(try p.list("policy_facts")),
      rollouts: Set(try p.list("rollout_kinds")), span: try p.minutes("deploy_minutes", default: 1440))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    deployments.note(moment, judgement)
    let denied = moment.event.outcome == .denied
    guard moment.subject.kind.isMachine, moment.subject.kind != .agent, moment.time != Timestamp.none,
      moment.tookPlace || denied, moment.operation.action.isPresent,
      moment.event.flags.isDisjoint(with: [.echo, .serviceMade, .systemActor, .sharedCopy, .future])
    else { return }
    // What was told raises its count; what is known since the day's first of it says nothing more.
    let pair = UInt64(Reach.identity(moment.subject).raw) << 32 | UInt64(moment.event.operation) << 1 | (denied ? 1 : 0)
    guard judgement.isIdentitysFirst || told.contains(pair) else { return }
    let profile = judgement.profile(moment)
    if profile.isHuman || profile.sessionClass == .agent { return }
    told.note(pair, isTold: isNews(moment, denied, profile, &judgement))
  }

  // MARK: news

  /// Learns the act, and tells of it where it is news to a mature identity.
  private mutating func isNews(
    _ moment: Moment, _ denied: Bool, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) -> Bool {
    let name = Reach.identity(moment.subject)
    var actor = actors[name] ?? Actor()
    if actor.day != moment.day { begin(moment, name, &actor, &judgement) }
    defer { actors[name] = actor }
    let action = ProfileBreak.act(of: name, moment.operation.action, judgement)
    let service = key("profile-service", name, moment.operation.service, judgement)
    let refused = ProfileBreak.act(of: name, moment.operation.action, refused: true, judgement)
    let didIt = judgement.memory.days(action, before: moment.day, within: span) > 0
    let isKnown = didIt || denied && judgement.memory.days(refused, before: moment.day, within: span) > 0
    let usedService = judgement.memory.days(service, before: moment.day, within: span) > 0
    if denied {
      judgement.memory.remember(refused, on: moment.day)
    } else {
      if !judgement.memory.recall(action, on: moment.day).isKnown { actor.actions += 1 }
      judgement.memory.remember(action, on: moment.day)
      judgement.memory.remember(service, on: moment.day)
    }
    let privilege = judgement.survey.reach.privilege(attempted: moment)
    guard !isKnown, judgement.tenure.standing(moment).isMature, !actor.isBroad, actor.actions <= broad,
      !usedService || privilege >= 2
    else { return false }
    let isFirst = judgement.drafts[draftKey(moment, name, privilege, judgement)] == nil
    if isFirst { actor.fresh += 1 }
    if isFirst, actor.fresh == burst {
      judgement.memory.remember(key("profile-burst", name, .none, judgement), on: moment.day)
    }
    tell(moment, name, denied, privilege, usedService, isFirst, profile, &actor, &judgement)
    return true
  }

  private func begin(_ moment: Moment, _ name: Symbol, _ actor: inout Actor, _ judgement: inout Judgement) {
    let wide = key("profile-broad", name, .none, judgement)
    if actor.actions > broad { judgement.memory.remember(wide, on: moment.day) }
    actor.day = moment.day
    actor.fresh = 0
    actor.isBroad = judgement.memory.days(wide, before: moment.day, within: span) > 0
    actor.isCalmed =
      judgement.memory.days(key("profile-burst", name, .none, judgement), before: moment.day, within: 3) > 0
    actor.news.removeAll { moment.time - $0.time > exploreSpan }
  }

  /// What the long memory knows an identity's act by: that it took place, or that it was tried.
  static func act(
    of name: Symbol, _ action: Symbol, refused: Bool = false, _ judgement: borrowing Judgement
  ) -> UInt64 {
    judgement.memory.key([
      Array((refused ? "profile-refused" : "profile-act").utf8), judgement.bytes(name),
      stem(judgement.bytes(action)),
    ])
  }

  private func key(_ what: String, _ name: Symbol, _ value: Symbol, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array(what.utf8), judgement.bytes(name), ProfileBreak.stem(judgement.bytes(value))])
  }

  /// A new version of a call is the same call: `ListObjectsV2`, `UpdateFunctionCode20150331v2`.
  static func stem(_ action: [UInt8]) -> [UInt8] {
    var end = action.count
    while end > 0, action[end - 1] >= 0x30, action[end - 1] <= 0x39 { end -= 1 }
    if end < action.count, end > 1, action[end - 1] | 0x20 == 0x76 { end -= 1 }
    return Array(action[..<end])
  }

  // MARK: what it weighs

  private func tell(
    _ moment: Moment, _ name: Symbol, _ denied: Bool, _ privilege: Int, _ usedService: Bool, _ isFirst: Bool,
    _ profile: Judgement.Profile, _ actor: inout Actor, _ judgement: inout Judgement
  ) {
    var severity: Severity = privilege >= 3 ? .high : privilege == 2 ? .medium : .low
    var why: [(name: String, value: String)] = []
    let deployed = deployments.latest(moment, judgement.attestor(moment, profile), judgement)
    let peers = peersDoing(moment, name, judgement)
    if privilege < 3, actor.isCalmed || privilege < 2 && (deployed != nil || peers >= self.peers) { return }
    if isDeclared(moment, privilege, profile, judgement) { return judgement.allow(number) }
    if let deployed {
      severity = severity.raised(by: -1)
      why.append(("deployed", judgement.words(deployed.time)))
    }
    if peers >= self.peers {
      severity = min(severity, .low)
      why.append(("peers", "\(peers) identities of its kind do the same"))
    }
    if judgement.survey.runs.contains(moment) {
      severity = min(severity, .low)
      why.append(("iac", "part of an infrastructure-as-code run"))
    }
    if denied { severity = max(.low, severity.raised(by: -1)) }
    let opens = moment.event.facts.intersects(opening)
    actor.news.removeAll { moment.time - $0.time > exploreSpan }
    var others: [News] = []
    if opens, !usedService, deployed == nil {
      others = actor.news.filter { $0.opens && $0.service != moment.operation.service }
    }
    // Looking around in several services that it never used is what an intruder begins with.
    if !others.isEmpty {
      severity = max(severity, .medium)
      why.append(("looks_around", "\(others.count + 1) calls of that kind within the hour"))
    }
    report(moment, name, severity, privilege, usedService, why, others, &judgement)
    for other in others { judgement.raise(other.draft, to: .medium, followUp: moment.row) }
    if isFirst, actor.news.count < 16, !usedService {
      actor.news.append(
        News(
          time: moment.time, service: moment.operation.service, row: moment.row, opens: opens,
          draft: draftKey(moment, name, privilege, judgement)))
    }
  }

  private func draftKey(_ moment: Moment, _ name: Symbol, _ privilege: Int, _ judgement: borrowing Judgement)
    -> DraftKey
  {
    judgement.draftKey(
      number, moment, key: judgement.bytes(name), cause: cause(moment, privilege, judgement))
  }

  /// Acts of weight are told one by one, the others as the use of a service.
  private func cause(_ moment: Moment, _ privilege: Int, _ judgement: borrowing Judgement) -> [UInt8] {
    privilege >= 2 || !moment.operation.service.isPresent
      ? judgement.bytes(moment.operation.action) : Array("service:".utf8) + judgement.bytes(moment.operation.service)
  }

  /// How many identities of the same template did the action on the days before.
  private func peersDoing(_ moment: Moment, _ name: Symbol, _ judgement: borrowing Judgement) -> Int {
    let text = judgement.bytes(name)
    var count = 0
    for other in judgement.survey.templates.siblings(of: name, text) where other != name {
      let key = ProfileBreak.act(of: other, moment.operation.action, judgement)
      if judgement.memory.days(key, before: moment.day + 1, within: span) > 0 { count += 1 }
      if count >= peers { break }
    }
    return count
  }

  private func isDeclared(
    _ moment: Moment, _ privilege: Int, _ profile: Judgement.Profile, _ judgement: borrowing Judgement
  ) -> Bool {
    if privilege == 0, readers.contains(where: { judgement.hasDuty($0, profile) }) { return true }
    guard let scope = judgement.declared(profile)?.scope else { return false }
    let action = judgement.text(moment.operation.action)
    return scope.actions.contains { $0.matches(action) && $0 != Glob("*") }
  }

  private func report(
    _ moment: Moment, _ name: Symbol, _ severity: Severity, _ privilege: Int, _ usedService: Bool,
    _ why: [(name: String, value: String)], _ others: [News], _ judgement: inout Judgement
  ) {
    let standing = judgement.tenure.standing(moment)
    judgement.report(
      number, moment, key: judgement.bytes(name), cause: cause(moment, privilege, judgement), severity: severity,
      baseline: judgement.firstSeen(name, besides: moment.row), cite: others.map { (.trigger, $0.row) }
    ) { draft, j in
      let who = j.shortName(name)
      let action = j.text(moment.operation.action)
      let refused = moment.tookPlace ? "" : "; the call was refused"
      draft.title = "\(who): \(action) for the first time\(moment.tookPlace ? "" : ", refused")"
      draft.summary =
        "\(who), at work on \(standing.days) of the last 30 days, called \(action) at \(j.words(moment.time)) from "
        + "\(j.words(moment.origin)). It did not do so in the \(span) days before"
        + (usedService ? "" : ", nor anything else of \(j.text(moment.operation.service))") + refused + "."
      draft.explanation.expected = "the actions and services of the days before"
      draft.explanation.seen = "\(action) with \(j.text(moment.origin.agent))"
      draft.explanation.threshold =
        usedService ? "a new action that is \(Weighing.word(privilege))" : "a new action of a new service"
      draft.explanation.state =
        [("active_days", "\(standing.days)"), ("class", Weighing.word(privilege))] + why
    }
  }
}

import EventModel
import EventWindow

/// TR4: a client that this identity cannot have.
///
/// a. A platform that the workload does not run on (a Mac, a browser on an instance, pod, task or function), or one that a
///    role never showed in a week of use.
/// b. A session whose keys were fetched from the metadata service in both versions, on a role that does not mix them.
/// c. A client family new for the role that begins by looking around.
/// d. A tool made to attack.
///
/// State: about 150 B a role, 120 B for each instance session, evicted a day after the last day of its use.
struct ClientBreak: Detector {
  static let kind = "client-break"

  private struct Role: Sendable {
    var first: Int64
    var firstRow: Row
    /// First row of each platform.
    var systems: [ClientOS: Row] = [:]
    /// Platforms that the provider's own agent on the host reports.
    var hostSystems: Set<ClientOS> = []
    var families: Set<Symbol> = []
    var mixed: Set<Symbol> = []
    /// What the long memory was told of the day: platforms by bit, and families.
    private var day = Int32.min
    private var toldSystems: UInt8 = 0
    private var toldFamilies: [Symbol] = []

    init(first: Int64, firstRow: Row) {
      self.first = first
      self.firstRow = firstRow
    }

    /// Whether the long memory has not been told of the pair on the day yet; from now on it has.
    mutating func isNews(_ os: ClientOS, _ family: Symbol, on today: Int32) -> Bool {
      if day != today {
        day = today
        toldSystems = 0
        toldFamilies = []
      }
      let bit: UInt8 = 1 << os.rawValue
      if toldSystems & bit != 0, toldFamilies.contains(family) { return false }
      toldSystems |= bit
      if !toldFamilies.contains(family), toldFamilies.count < 64 { toldFamilies.append(family) }
      return true
    }
  }
  private struct Delivery: Sendable {
    var row: Row
    var place: OriginKey
    var time: Int64
  }
  private struct Session: Sendable {
    var v1: Delivery?
    var v2: Delivery?
    var last: Int64
  }

  private let number: Int
  private let learnDays: Int32
  private let learnEvents: Int
  private let familyEvents: Int
  private let familyLimit: Int
  private let execSpan: Int64
  private let offensive: [[UInt8]]
  private let hostAgents: [[UInt8]]
  private let workloadSessions: [Glob]
  private let opening: FactSet
  private let grave: FactSet
  private var roles: [Role] = []
  private var slots: [Symbol: Int32] = [:]
  private var slotOf: [Int32] = []  // by subject id
  private var sessions: [Symbol: Session] = [:]
  /// Whether the client is a tool made to attack.
  private var tools: [Symbol: Bool] = [:]
  /// Where the day's finding of a session's platform was first told: sessions it chains to belong to the same one.
  private var told: [Symbol: (day: Int32, tenant: Symbol)] = [:]
  /// Which clients of which sessions were looked at on the day, and those that were told.
  private var looked = DayMarks()
  private var loud = ToldActs()
  private var sweep = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    learnDays = Int32(try p.number("learn_days", default: 7))
    learnEvents = try p.number("learn_events", default: 200)
    familyEvents = try p.number("family_events", default: 20)
    familyLimit = try p.number("family_limit", default: 20)
    execSpan = try p.minutes("exec_minutes", default: 60)
    offensive = try p.list("offensive_clients").map { Array($0.lowercased().utf8) }
    hostAgents = try p.list("host_agents", default: ["amazon-ssm-agent"]).map { Array($0.lowercased().utf8) }
    workloadSessions = try p.list("workload_sessions", default: []).map { Glob($0) }
    opening = facts.set(try p.list("opening_facts"))
    grave = facts.set(try p.list("grave_facts"))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    if moment.isServiceMade || moment.event.flags.contains(.echo) || !moment.subject.kind.isMachine { return }
    // The same client of the same session on the same day said nothing the first time.
    if !moment.isNews, loud.isEmpty { return }
    let pair = UInt64(moment.event.subject) << 32 | UInt64(moment.event.origin)
    if !loud.contains(pair), !moment.isNews || !looked.isFirst(pair, on: moment.day) { return }
    let profile = judgement.profile(moment)
    if profile.isHuman { return }
    evict(moment.time)
    let name = Reach.identity(moment.subject)
    let at = role(moment)
    var known = roles[at]
    var fired = judgeTool(moment, profile, &judgement)
    if judgePlatform(moment, name, known, profile, &judgement) { fired = true }
    if judgeFamily(moment, name, known, profile, &judgement) { fired = true }
    if judgeDelivery(moment, name, &known, profile, &judgement) { fired = true }
    learn(moment, name, &known, &judgement)
    roles[at] = known
    loud.note(pair, isTold: fired)
  }

  private mutating func role(_ moment: Moment) -> Int {
    let subject = Int(moment.event.subject)
    if subject >= slotOf.count {
      slotOf.append(contentsOf: repeatElement(-1, count: max(256, subject + 1 - slotOf.count)))
    }
    if slotOf[subject] >= 0 { return Int(slotOf[subject]) }
    let name = Reach.identity(moment.subject)
    if slots[name] == nil {
      slots[name] = Int32(roles.count)
      roles.append(Role(first: moment.time, firstRow: moment.row))
    }
    slotOf[subject] = slots[name]!
    return Int(slotOf[subject])
  }

  private func learn(_ moment: Moment, _ name: Symbol, _ role: inout Role, _ judgement: inout Judgement) {
    let os = moment.origin.os
    if os != .none, role.systems[os] == nil { role.systems[os] = moment.row }
    if os != .none, os != .linux, !role.hostSystems.contains(os), isHostAgent(moment, judgement) {
      role.hostSystems.insert(os)
    }
    if moment.origin.family.isPresent, role.families.count < 64 { role.families.insert(moment.origin.family) }
    guard moment.time != Timestamp.none, role.isNews(os, moment.origin.family, on: moment.day) else { return }
    let who = judgement.bytes(name)
    if os != .none {
      judgement.memory.remember(key("client-os", who, Array(os.word.utf8), judgement), on: moment.day)
    }
    if moment.origin.family.isPresent {
      judgement.memory.remember(
        key("client-family", who, judgement.bytes(moment.origin.family), judgement), on: moment.day)
    }
  }

  private func key(_ what: String, _ who: [UInt8], _ value: [UInt8], _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array(what.utf8), who, value])
  }

  // MARK: a. platform

  private mutating func judgePlatform(
    _ moment: Moment, _ name: Symbol, _ role: Role, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) -> Bool {
    let os = moment.origin.os
    guard os == .darwin || os == .windows || os == .browser else { return false }
    let who = judgement.bytes(name)
    // A Mac build host, a Windows fleet: seen on three days, it is how the role is.
    let habit = judgement.memory.recall(key("client-os", who, Array(os.word.utf8), judgement), before: moment.day)
    if habit.days >= 3 { return false }
    let workload = runsOnPlatform(moment, profile, judgement)
    let impossible = workload && (os != .windows || profile.sessionClass == .function)
    guard impossible || isAged(moment, who, role, judgement) && role.systems[os] == nil && habit.days == 0 else {
      return false
    }
    var severity: Severity = workload ? .high : .medium
    if role.hostSystems.contains(os) || isHostAgent(moment, judgement) { severity = severity.raised(by: -1) }
    if told[profile.lock]?.day != moment.day {
      if told.count > 4096 { told = told.filter { $0.value.day == moment.day } }
      told[profile.lock] = (moment.day, moment.operation.tenant)
    }
    let baseline = role.systems[.linux] ?? (role.firstRow == moment.row ? nil : role.firstRow)
    judgement.report(
      number, moment, key: judgement.bytes(profile.lock), cause: Array("os:\(os.word)".utf8), severity: severity,
      baseline: baseline.map { [$0] } ?? judgement.firstSeen(name, besides: moment.row),
      tenant: told[profile.lock]?.tenant
    ) { draft, j in
      let who = j.shortName(name)
      draft.title = "\(who): \(profile.sessionClass.words) used from \(os.phrase)"
      draft.summary =
        "The \(profile.sessionClass.words) \(j.text(moment.subject.credential)) of \(who) called "
        + "\(j.text(moment.operation.action)) with \(j.text(moment.origin.agent)) from \(j.words(moment.origin)) at "
        + "\(j.words(moment.time)); \(impossible ? "what it was issued to does not run there" : "the identity never did so before")."
      draft.explanation.expected =
        impossible ? "a client on the workload's own platform" : "the platforms seen in \(learnDays) days of use"
      draft.explanation.seen = "\(os.phrase): \(j.text(moment.origin.agent))"
      draft.explanation.threshold =
        impossible
        ? "one such client on an attested workload"
        : "0 such clients in \(learnDays) days and \(learnEvents) events"
      draft.explanation.state = [
        ("session", j.text(profile.lock)), ("events_before", "\(j.tenure.eventsBefore(moment))"),
      ]
    }
    return true
  }

  /// The provider's own agent on the host speaks.
  private func isHostAgent(_ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    let agent = judgement.bytes(moment.origin.agent).lowered
    return hostAgents.contains { agent.span.contains($0) }
  }

  /// Issued to something whose platform is known: an instance, a task, a pod, a function.
  private func runsOnPlatform(
    _ moment: Moment, _ profile: Judgement.Profile, _ judgement: borrowing Judgement
  ) -> Bool {
    switch profile.sessionClass {
    // Its mint lies before the data, its session name says what it was issued to.
    case .roleSession:
      let session = judgement.bytes(moment.subject.session)
      return workloadSessions.contains { $0.matches(session) }
    case .instance, .task, .podIdentity, .federatedPod, .function: return true
    case .clusterToken: return moment.subject.attestor.isPresent
    default: return false
    }
  }

  private func isAged(_ moment: Moment, _ who: [UInt8], _ role: Role, _ judgement: borrowing Judgement) -> Bool {
    guard moment.time != Timestamp.none else { return false }
    let past = judgement.tenure.standing(moment)
    guard let first = past.firstDay, first <= moment.day - learnDays else { return false }
    return judgement.tenure.eventsBefore(moment) >= learnEvents || past.days >= 5
  }

  // MARK: b. delivery

  private mutating func judgeDelivery(
    _ moment: Moment, _ name: Symbol, _ role: inout Role, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) -> Bool {
    let flags = moment.subject.flags
    let one = flags.contains(.deliveredV1)
    guard one != flags.contains(.deliveredV2), moment.subject.session.isPresent else { return false }
    let here = Delivery(row: moment.row, place: judgement.place(moment), time: moment.time)
    var session = sessions[moment.subject.session] ?? Session(last: moment.time)
    session.last = max(session.last, moment.time)
    if one, session.v1 == nil { session.v1 = here }
    if !one, session.v2 == nil { session.v2 = here }
    sessions[moment.subject.session] = session
    guard let v1 = session.v1, let v2 = session.v2 else { return false }
    let who = judgement.bytes(name)
    let mixes = judgement.memory.key([Array("client-mixed".utf8), who])
    let habit = judgement.memory.recall(mixes, before: moment.day)
    role.mixed.insert(moment.subject.session)
    if moment.time != Timestamp.none { judgement.memory.remember(mixes, on: moment.day) }
    // The role mixes: seen on an earlier day, or on two other instances of it.
    if habit.days > 0 || role.mixed.count > 2 { return false }
    let other = one ? v2 : v1
    // The same host in the first day of its role: an old SDK beside the new agent looks the same.
    let apart = v1.place != v2.place && v1.place.kind != .endpoint && v2.place.kind != .endpoint
    let settled = isAged(role, moment)
    let severity: Severity = apart || settled ? .high : .low
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.session), cause: Array("delivery".utf8), severity: severity,
      baseline: [other.row]
    ) { draft, j in
      let who = j.shortName(name)
      let before = j.words(j.window.dictionaries.origin(j.window[other.row]))
      draft.title = "\(who): keys of one instance session fetched by both metadata service versions"
      draft.summary =
        "The instance session \(j.text(moment.subject.session)) of \(who) used a key that was fetched by version "
        + "\(one ? "1" : "2") of the metadata service at \(j.words(moment.time)) from \(j.words(moment.origin)); "
        + "its other calls came with version \(one ? "2" : "1") from \(before)."
      draft.explanation.expected = "one version of the metadata service for all keys of an instance"
      draft.explanation.seen =
        "version 1 for \(j.action(v1.row)), version 2 for \(j.action(v2.row))"
      draft.explanation.threshold = "both versions on one session of a role that is not known to mix them"
      draft.explanation.state = [
        ("places", apart ? "two" : "one or through an endpoint"), ("role_known_for_a_day", settled ? "yes" : "no"),
      ]
    }
    return true
  }

  /// Known for a day by the clock: who was first seen without one is not.
  private func isAged(_ role: Role, _ moment: Moment) -> Bool {
    moment.time != Timestamp.none && role.first != Timestamp.none && moment.time - role.first >= Timestamp.day
  }

  // MARK: c. family

  private func judgeFamily(
    _ moment: Moment, _ name: Symbol, _ role: Role, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) -> Bool {
    let family = moment.origin.family
    guard family.isPresent, !role.families.contains(family), moment.event.facts.intersects(opening),
      role.families.count <= familyLimit, moment.time != Timestamp.none
    else { return false }
    let who = judgement.bytes(name)
    let past = judgement.tenure.standing(moment)
    let aged = isAged(role, moment) && judgement.tenure.eventsBefore(moment) >= familyEvents
    guard aged || past.days >= 2,
      !judgement.memory.recall(key("client-family", who, judgement.bytes(family), judgement), on: moment.day).isKnown
    else { return false }
    var severity: Severity = moment.event.facts.intersects(grave) ? .medium : .low
    // Somebody works on the machine through its agent: told by LM4.
    let exec = judgement.survey.execs.latest(
      onto: judgement.attestor(moment, profile), before: moment.time, within: execSpan,
      judgement.window.dictionaries.symbols)
    if exec != nil { severity = .informational }
    judgement.report(
      number, moment, key: who, cause: Array("family:".utf8) + judgement.bytes(family), severity: severity,
      baseline: role.firstRow == moment.row ? judgement.firstSeen(name, besides: moment.row) : [role.firstRow],
      cite: exec.map { [(.exec, $0.row)] } ?? []
    ) { draft, j in
      let who = j.shortName(name)
      let client = j.text(family)
      draft.title = "\(who): first use of client \(client) begins with \(j.text(moment.operation.action))"
      draft.summary =
        "\(who) was first seen with the client \(client) at \(j.words(moment.time)) from \(j.words(moment.origin)), "
        + "and its first call was \(j.text(moment.operation.action))."
      draft.explanation.expected =
        "one of: " + role.families.map { j.text($0) }.sorted().prefix(8).joined(separator: ", ")
      draft.explanation.seen = j.text(moment.origin.agent)
      draft.explanation.threshold =
        "a family never seen for the identity whose first call looks around or reads a secret"
      draft.explanation.state = [
        ("events_before", "\(j.tenure.eventsBefore(moment))"), ("exec_within_the_hour", exec == nil ? "no" : "yes"),
      ]
    }
    return true
  }

  // MARK: d. tools

  private mutating func judgeTool(
    _ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) -> Bool {
    if tools[moment.origin.agent] == false { return false }
    let agent = judgement.bytes(moment.origin.agent).lowered
    if tools.count >= 65_536 { tools.removeAll() }
    tools[moment.origin.agent] = offensive.contains { agent.span.contains($0) }
    guard let tool = offensive.first(where: { agent.span.contains($0) }) else { return false }
    let scanner = judgement.hasDuty("scanner", profile)
    let who = Reach.identity(moment.subject)
    judgement.report(
      number, moment, key: judgement.bytes(who), cause: Array("tool:".utf8) + tool,
      severity: scanner ? nil : .medium, confidence: .asserted
    ) { draft, j in
      let client = String(decoding: tool, as: UTF8.self)
      draft.title = "\(j.shortName(who)): used with \(client)"
      draft.summary =
        "\(j.shortName(who)) called \(j.text(moment.operation.action)) with \(j.text(moment.origin.agent)) from "
        + "\(j.words(moment.origin)) at \(j.words(moment.time)); the client names itself a tool for attacks or for scans."
      draft.explanation.expected = "such tools only for identities declared with the duty scanner"
      draft.explanation.seen = j.text(moment.origin.agent)
      draft.explanation.threshold = "one call"
      draft.explanation.state = [("client", client)]
    }
    return true
  }

  private mutating func evict(_ now: Int64) {
    guard now != Timestamp.none, sweep == Int64.min || now - sweep > Timestamp.hour else { return }
    sweep = now
    // Of a day's use only the first is looked at: the last may be a day younger.
    sessions = sessions.filter { Timestamp.gap(now, $0.value.last) <= 2 * Timestamp.day }
  }
}

extension Judgement {
  /// The action of a row, for sentences.
  func action(_ row: Row) -> String { text(window.dictionaries.operation(window[row]).action) }
}

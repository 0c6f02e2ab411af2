import EventModel
import EventWindow

/// LM4: somebody runs commands on other compute, and what that compute's own identity then does.
///
/// - pivot: within an hour of an exec, the compute's identity does something new, or appears elsewhere.
/// - c: the command reads a credential. f: one actor reaches several computes by shell within minutes.
/// - i: an interactive entry, the first of its actor there. k: a shell document sent with a long-lived key, refused or not.
///
/// State: actions and places of identities that run on compute (12 B each), computes of each actor in the last minutes.
struct ExecPivot: Detector {
  static let kind = "exec-pivot"

  private struct Reached: Sendable {
    var recent: [(compute: Symbol, time: Int64, row: Row)] = []
    /// Days of the entries and documents that were reported: one of a kind for each actor and day.
    var entryDay: Int32 = -1
    var sendDay: Int32 = -1
  }
  private struct Own: Sendable {
    var firstRow: Row
    var places: Set<OriginKey> = []
  }

  private let number: Int
  private let span: Int64
  private let fanSpan: Int64
  private let fan: Int
  private let ownEvents: Int
  private let quietServices: Set<String>
  private let shell, entry, credential, document, routine, opening, system: FactSet
  private let duties: [String]
  private var reached: [Symbol: Reached] = [:]
  private var own: [Own] = []
  private var identities = IdentitySlots()
  /// What each identity did, and the day that the long memory was told of last.
  private var acts = KeyTable()
  private var actDays: [Int32] = []
  /// Where the day's pivot of what attests a session was first told: sessions it chains to belong to the same one.
  private var told: [Symbol: (day: Int32, tenant: Symbol)] = [:]

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    span = try p.minutes("pivot_minutes", default: 60)
    fanSpan = try p.minutes("fan_minutes", default: 10)
    fan = try p.number("fan_computes", default: 3)
    ownEvents = try p.number("own_events", default: 10)
    quietServices = Set(try p.list("quiet_services", default: ["ssm", "ssmmessages", "ec2messages"]))
    shell = facts.set(try p.list("shell_facts"))
    entry = facts.set(try p.list("entry_facts"))
    credential = facts.set(try p.list("credential_facts"))
    document = facts.set(try p.list("document_facts"))
    routine = facts.set(try p.list("routine_facts"))
    opening = facts.set(try p.list("opening_facts"))
    system = facts.set(try p.list("system_facts"))
    duties = try p.list("excused_duties", default: [])
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    if moment.event.flags.contains(.echo) || moment.isServiceMade { return }
    if moment.operation.verb == .exec, moment.event.facts.intersects(shell) || moment.event.facts.intersects(document) {
      judgeExec(moment, &judgement)
    }
    let kind = moment.subject.kind
    guard kind == .workload || kind == .serviceAccount || moment.subject.attestor.isPresent || kind == .role else {
      return
    }
    judgeUse(moment, &judgement)
  }

  // MARK: use of the compute's own identity

  private mutating func judgeUse(_ moment: Moment, _ judgement: inout Judgement) {
    // What it does again, and there, is its own.
    guard moment.isNews, moment.time != Timestamp.none else { return }
    let profile = judgement.profile(moment)
    let attestor = judgement.attestor(moment, profile)
    guard attestor.isPresent else { return }
    let name = Reach.identity(moment.subject)
    let act = UInt64(name.raw) << 32 | UInt64(moment.operation.action.raw)
    let place = judgement.place(moment)
    let at = identities.index(moment)
    if at == own.count { own.append(Own(firstRow: moment.row)) }
    let known = own[at]
    let done = acts.find(act).map { Int($0) }
    var seen = done != nil
    if done.map({ actDays[$0] }) != moment.day {
      // What was tried is known, whatever came of it.
      let done = ProfileBreak.act(of: name, moment.operation.action, judgement)
      let tried = ProfileBreak.act(of: name, moment.operation.action, refused: true, judgement)
      if !seen { seen = [done, tried].contains { judgement.memory.recall($0, before: moment.day).isKnown } }
      judgement.memory.remember(moment.tookPlace ? done : tried, on: moment.day)
    }
    let moved =
      place.isPlace && place.kind != .private && place.kind != .endpoint && !known.places.isEmpty
      && !known.places.contains(place)
    if !seen || moved,
      let exec = judgement.survey.execs.latest(
        onto: attestor, before: moment.time, within: span, judgement.window.dictionaries.symbols),
      !quietServices.contains(judgement.text(moment.operation.service))
    {
      let settled = judgement.tenure.eventsBefore(moment) >= ownEvents || judgement.isKnownIdentity(name, moment)
      pivot(moment, name, known, exec, attestor, moved, settled, profile, &judgement)
    }
    if let done {
      actDays[done] = moment.day
    } else if acts.count < 1_000_000 {
      acts.insert(act, UInt32(actDays.count))
      actDays.append(moment.day)
    }
    if place.isPlace, own[at].places.count < 32 { own[at].places.insert(place) }
  }

  private mutating func pivot(
    _ moment: Moment, _ name: Symbol, _ known: Own, _ exec: ExecEdges.Edge, _ attestor: Symbol, _ moved: Bool,
    _ settled: Bool, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    let actor = judgement.window.dictionaries.subjects[exec.subject]
    guard Reach.identity(actor) != name, !actor.flags.contains(.systemActor) else { return }
    let grave = moment.event.facts.intersects(opening) || (judgement.survey.reach.privilege(moment) ?? 0) >= 2
    // Without a history only what an intruder begins with is told from what the workload always does.
    guard settled || grave else { return }
    var severity: Severity = settled ? .high : .medium
    let human =
      actor.kind == .human || judgement.lineage.find(actor.credential).map { judgement.lineage.isHuman($0) } ?? false
    if human { severity = .low }
    if !moment.tookPlace, !moved { severity = severity.raised(by: -1) }
    if isHabit(Reach.identity(actor), attestorRole: name, moment, judgement) { severity = .informational }
    if told[attestor]?.day != moment.day {
      if told.count > 4096 { told = told.filter { $0.value.day == moment.day } }
      told[attestor] = (moment.day, moment.operation.tenant)
    }
    judgement.report(
      number, moment, key: judgement.bytes(attestor),
      cause: Array("pivot:".utf8) + judgement.bytes(Reach.identity(actor)),
      severity: severity,
      baseline: known.firstRow == moment.row ? judgement.firstSeen(name, besides: moment.row) : [known.firstRow],
      cite: [(.exec, exec.row)], tenant: told[attestor]?.tenant
    ) { draft, j in
      let who = j.shortName(name)
      let by = j.shortName(Reach.identity(actor))
      let minutes = (moment.time - exec.time) / Timestamp.minute
      let news = moved ? "from a new place, \(j.words(moment.origin))" : "for the first time"
      draft.title =
        "\(who): \(j.text(moment.operation.action)) \(moved ? "from a new place" : "for the first time") after \(by) ran a command there"
      draft.summary =
        "\(by) ran \(j.action(exec.row)) on \(j.text(attestor)) at \(j.words(exec.time)); \(minutes) minutes later, at "
        + "\(j.words(moment.time)), its identity \(who) called \(j.text(moment.operation.action)) \(news)."
      draft.explanation.expected = "what \(who) did before the command"
      draft.explanation.seen = "\(j.text(moment.operation.action)) from \(j.words(moment.origin))"
      draft.explanation.threshold = "a new action or place within \(span / Timestamp.minute) minutes of an exec"
      draft.explanation.state = [
        ("exec_by", j.text(Reach.identity(actor))), ("events_before", "\(j.tenure.eventsBefore(moment))"),
        ("settled", settled ? "yes" : "no"),
      ]
    }
  }

  // MARK: the exec itself

  private mutating func judgeExec(_ moment: Moment, _ judgement: inout Judgement) {
    let said = moment.event.facts
    if said.intersects(routine) { return }
    let profile = judgement.profile(moment)
    let actor = Reach.identity(moment.subject)
    guard actor.isPresent, moment.subject.kind != .service else { return }
    if moment.event.flags.contains(.systemActor), said.intersects(system) || !said.intersects(credential) { return }
    if duties.contains(where: { judgement.hasDuty($0, profile) }) { return }
    var state = reached[actor] ?? Reached()
    let computes = ExecEdges.computes(moment, judgement.window)
    let compute = computes.first ?? moment.event.resource
    if said.intersects(credential) {
      reads(moment, actor, compute, &judgement)
    } else if fans(moment, actor, computes, &state, profile, &judgement) {
      // Told as one.
    } else if said.intersects(document) {
      sends(moment, actor, compute, &state, &judgement)
    } else if said.intersects(entry) {
      enters(moment, actor, compute, &state, &judgement)
    }
    if reached.count > 16_384 {
      reached = reached.filter { ($0.value.recent.last?.time ?? 0) >= moment.time - Timestamp.day }
    }
    reached[actor] = state
  }

  /// c: the command reads a credential.
  private func reads(_ moment: Moment, _ actor: Symbol, _ compute: Symbol, _ judgement: inout Judgement) {
    judgement.report(
      number, moment, key: judgement.bytes(actor), cause: Array("c:".utf8) + judgement.bytes(compute),
      severity: moment.tookPlace ? .high : .low, baseline: judgement.firstSeen(actor, besides: moment.row),
      cite: [(.exec, moment.row)]
    ) { draft, j in
      let who = j.shortName(actor)
      draft.title =
        "\(who): ran a command on \(j.text(compute)) that reads a credential\(moment.tookPlace ? "" : ", refused")"
      draft.summary =
        "\(who) called \(j.text(moment.operation.action)) on \(j.text(compute)) at \(j.words(moment.time)) from "
        + "\(j.words(moment.origin)), with a command that reads a token, a key or the metadata service"
        + (moment.tookPlace ? "." : "; the call was refused.")
      draft.explanation.expected = "a credential is read by the workload that it was issued to"
      draft.explanation.seen = j.text(moment.operation.action)
      draft.explanation.threshold = "one such command"
      draft.explanation.state = [("compute", j.text(compute)), ("client", j.text(moment.origin.agent))]
    }
  }

  /// f: several computes within minutes.
  private mutating func fans(
    _ moment: Moment, _ actor: Symbol, _ computes: [Symbol], _ state: inout Reached, _ profile: Judgement.Profile,
    _ judgement: inout Judgement
  ) -> Bool {
    guard moment.tookPlace, moment.time != Timestamp.none, !computes.isEmpty else { return false }
    for compute in computes {
      state.recent.removeAll { $0.compute == compute }
      state.recent.append((compute, moment.time, moment.row))
    }
    state.recent.removeAll { moment.time - $0.time > fanSpan }
    if state.recent.count > 32 { state.recent.removeFirst(state.recent.count - 32) }
    guard state.recent.count >= fan else { return false }
    let key = judgement.memory.key([Array("exec-fan".utf8), judgement.bytes(actor)])
    let habit = judgement.memory.recall(key, before: moment.day).days
    judgement.memory.remember(key, on: moment.day)
    let scope = judgement.declared(profile)?.scope
    let action = judgement.text(moment.operation.action)
    let service = judgement.text(moment.operation.service)
    if let scope,
      scope.actions.contains(where: { $0.matches(action) }) || scope.services.contains(where: { $0.matches(service) })
    {
      return true
    }
    let all = state.recent
    // An operator looks after its own pods: an account that stays in its namespace.
    let isAtHome =
      moment.subject.kind == .serviceAccount && moment.subject.namespace.isPresent
      && moment.subject.namespace == moment.operation.namespace
    var rows: [Row] = []
    for item in all where !rows.contains(item.row) { rows.append(item.row) }
    judgement.report(
      number, moment, key: judgement.bytes(actor), cause: Array("f".utf8),
      severity: habit >= 3 ? .informational : profile.isHuman || isAtHome ? .low : .medium,
      baseline: judgement.firstSeen(actor, besides: moment.row), cite: rows.map { (.exec, $0) }
    ) { draft, j in
      let who = j.shortName(actor)
      let names = all.map { j.text($0.compute) }.prefix(8).joined(separator: ", ")
      draft.title = "\(who): commands on \(all.count) computes within \(fanSpan / Timestamp.minute) minutes"
      draft.summary =
        "By \(j.words(moment.time)) \(who) had run commands, from \(j.words(moment.origin)), on \(names) within "
        + "\(fanSpan / Timestamp.minute) minutes, last by \(j.text(moment.operation.action))."
      draft.explanation.expected = "an identity declared to run commands, or the same on three days of fourteen"
      draft.explanation.seen = "\(all.count) computes"
      draft.explanation.threshold = "\(fan) computes within \(fanSpan / Timestamp.minute) minutes"
      draft.explanation.state = [("days_of_habit", "\(habit)"), ("client", j.text(moment.origin.agent))]
    }
    return true
  }

  /// k: a shell document with a long-lived key. By a role to one target: low.
  private func sends(
    _ moment: Moment, _ actor: Symbol, _ compute: Symbol, _ state: inout Reached, _ judgement: inout Judgement
  ) {
    let lasting = moment.subject.credentialKind.isLongLived
    let habit = habitDays(actor, moment, "document", &judgement)
    guard lasting || moment.tookPlace, state.sendDay != moment.day else { return }
    state.sendDay = moment.day
    judgement.report(
      number, moment, key: judgement.bytes(actor), cause: Array("k".utf8),
      severity: habit >= 3 ? .informational : lasting ? .medium : .low,
      baseline: judgement.firstSeen(actor, besides: moment.row), cite: [(.exec, moment.row)]
    ) { draft, j in
      let who = j.shortName(actor)
      draft.title =
        "\(who): sent a shell document to \(j.text(compute)) \(lasting ? "with a long-lived key" : "for the first time")"
        + (moment.tookPlace ? "" : ", refused")
      draft.summary =
        "\(who) called \(j.text(moment.operation.action)) with \(lasting ? "the long-lived key " : "")"
        + "\(j.text(moment.subject.credential)) at \(j.words(moment.time)) from \(j.words(moment.origin))"
        + (moment.tookPlace ? "." : "; the call was refused.")
      draft.explanation.expected =
        "commands by an identity that runs them on three days of fourteen, with a session that ends"
      draft.explanation.seen = "\(j.text(moment.operation.action)) by a \(moment.subject.credentialKind.name)"
      draft.explanation.threshold =
        lasting ? "one shell document, refused or not" : "the first shell document of the day"
      draft.explanation.state = [("days_of_habit", "\(habit)"), ("client", j.text(moment.origin.agent))]
    }
  }

  /// i: an interactive entry, the first of the actor into the namespace or account.
  private func enters(
    _ moment: Moment, _ actor: Symbol, _ compute: Symbol, _ state: inout Reached, _ judgement: inout Judgement
  ) {
    let area = moment.operation.namespace.isPresent ? moment.operation.namespace : moment.operation.tenant
    let key = judgement.memory.key([
      Array("exec-entry".utf8), judgement.bytes(actor), judgement.bytes(area), judgement.bytes(moment.operation.tenant),
    ])
    guard moment.tookPlace else { return }
    let known = judgement.memory.recall(key, on: moment.day)
    if moment.time != Timestamp.none { judgement.memory.remember(key, on: moment.day) }
    guard !known.isKnown, state.entryDay != moment.day else { return }
    state.entryDay = moment.day
    judgement.report(
      number, moment, key: judgement.bytes(actor), cause: Array("i:".utf8) + judgement.bytes(area), severity: .medium,
      baseline: judgement.firstSeen(actor, besides: moment.row), cite: [(.exec, moment.row)]
    ) { draft, j in
      let who = j.shortName(actor)
      let there = area.isPresent ? " in \(j.text(area))" : ""
      draft.title = "\(who): first interactive entry\(there), onto \(j.text(compute))"
      draft.summary =
        "\(who) opened a session on \(j.text(compute))\(there) by \(j.text(moment.operation.action)) at \(j.words(moment.time)) "
        + "from \(j.words(moment.origin)); it did not do so in the 30 days before."
      draft.explanation.expected = "the places it entered in 30 days"
      draft.explanation.seen = "\(j.text(moment.operation.action)) with \(j.text(moment.origin.agent))"
      draft.explanation.threshold = "the first entry of the actor there; at most one told for each actor and day"
      draft.explanation.state = [("compute", j.text(compute))]
    }
  }

  // MARK: habit

  private func habitKey(_ actor: Symbol, _ what: String, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("exec-habit".utf8), judgement.bytes(actor), Array(what.utf8)])
  }

  private func habitDays(_ actor: Symbol, _ moment: Moment, _ what: String, _ judgement: inout Judgement) -> Int {
    let key = habitKey(actor, what, judgement)
    let days = judgement.memory.recall(key, before: moment.day).days
    if moment.time != Timestamp.none { judgement.memory.remember(key, on: moment.day) }
    return days
  }

  private func isHabit(
    _ actor: Symbol, attestorRole: Symbol, _ moment: Moment, _ judgement: borrowing Judgement
  ) -> Bool {
    judgement.memory.recall(habitKey(actor, "document", judgement), before: moment.day).days >= 3
      && judgement.memory.recall(
        ProfileBreak.act(of: attestorRole, moment.operation.action, judgement), before: moment.day
      ).days >= 1
  }
}

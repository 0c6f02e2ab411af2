import EventModel
import EventWindow

/// The pivot: what the own identity of a compute does after somebody ran a command there.
extension ExecPivot {
  mutating func judgeUse(_ moment: Moment, _ judgement: inout Judgement) {
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

  func isHabit(
    _ actor: Symbol, attestorRole: Symbol, _ moment: Moment, _ judgement: borrowing Judgement
  ) -> Bool {
    judgement.memory.recall(habitKey(actor, "document", judgement), before: moment.day).days >= 3
      && judgement.memory.recall(
        ProfileBreak.act(of: attestorRole, moment.operation.action, judgement), before: moment.day
      ).days >= 1
  }
}

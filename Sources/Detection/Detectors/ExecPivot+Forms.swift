import EventModel
import EventWindow

/// The command itself: what it reads, how many computes it reaches, what it is sent with, where it enters first.
extension ExecPivot {
  /// c: the command reads a credential.
  func reads(_ moment: Moment, _ actor: Symbol, _ compute: Symbol, _ judgement: inout Judgement) {
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
  mutating func fans(
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
  func sends(
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
  func enters(
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
}

import EventModel
import EventWindow

/// c. and d. Client programs: new ones of an identity, and those that are made to attack.
extension ClientBreak {
  func judgeFamily(
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

  mutating func judgeTool(
    _ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) -> Bool {
    if tools[moment.origin.agent] == false { return false }
    let agent = judgement.bytes(moment.origin.agent).lowered
    if tools.count >= 65_536 { tools.removeAll() }
    let named = offensive.first { agent.span.contains($0) }
    tools[moment.origin.agent] = named != nil
    guard let tool = named else { return false }
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
}

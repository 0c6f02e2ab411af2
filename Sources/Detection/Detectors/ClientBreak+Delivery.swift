import EventModel
import EventWindow

/// b. How the keys of an instance were fetched from its metadata service.
extension ClientBreak {
  mutating func judgeDelivery(
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
      let before = j.words(originOf: other.row)
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
}

import EventModel
import EventWindow

/// TR8: what issuers say about one token must agree, and does not.
///
/// In one record: facts of the map (audience, subject, scope, issuer, device). Over records of one user: a refresh token that
/// still works after the logout, the password change or the revocation that should have ended it; one that is used at two
/// places within half an hour. State: per user the last end and the last use, 120 B, a day.
struct TokenClaims: Detector {
  static let kind = "token-claims"

  private struct Last: Sendable {
    var time: Int64
    var row: Row
    var place: OriginKey
    var network: UInt64
    var family: Symbol
    var session: Symbol
  }

  private let number: Int
  private let stated: [(fact: Fact, name: String)]
  private let grave, ending, starting, used, logout: FactSet
  private let phrases: [String: String]
  private let span, grace, keep: Int64
  private var ends: [Symbol: Last] = [:]
  private var uses: [UInt64: Last] = [:]
  private var sweep = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    stated = try p.list("facts").compactMap { name in facts[name].map { ($0, name) } }
    grave = facts.set(try p.list("grave_facts", default: []))
    ending = facts.set(try p.list("ending_facts", default: []))
    logout = facts.set(try p.list("logout_facts", default: []))
    starting = facts.set(try p.list("starting_facts", default: []))
    used = facts.set(try p.list("use_facts", default: []))
    span = try p.minutes("span_minutes", default: 30)
    grace = try p.minutes("grace_minutes", default: 1)
    keep = try p.minutes("keep_minutes", default: 1440)
    phrases = try Wording.phrases(try p.list("phrases", default: []))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let said = moment.event.facts
    if said.isEmpty || moment.event.flags.contains(.echo) { return }
    if let fact = stated.first(where: { said.contains($0.fact) }) {
      let severity: Severity = said.intersects(grave) ? .high : .medium
      tell(moment, fact.name, severity, nil, phrases[fact.name] ?? fact.name, &judgement)
    }
    guard moment.subject.name.isPresent, moment.time != Timestamp.none else { return }
    evict(moment.time)
    if said.intersects(used) { judgeUse(moment, &judgement) }
    if said.intersects(starting) { ends[moment.subject.name] = nil }
    guard moment.tookPlace, said.intersects(ending) || said.intersects(logout) else { return }
    let who = moment.event.target.isPresent ? moment.event.target : moment.subject.name
    ends[who] = last(moment, &judgement)
  }

  private func last(_ moment: Moment, _ judgement: inout Judgement) -> Last {
    let place = judgement.place(moment)
    let isPublic = place.kind == .publicV4 || place.kind == .publicV6
    return Last(
      time: moment.time, row: moment.row, place: place,
      network: isPublic ? judgement.provider(moment) : UInt64(place.kind.rawValue) << 56 ^ place.value,
      family: moment.origin.family, session: moment.subject.session)
  }

  private mutating func judgeUse(_ moment: Moment, _ judgement: inout Judgement) {
    let now = last(moment, &judgement)
    if let end = ends[moment.subject.name], moment.time - end.time > grace { judgeEnded(moment, now, end, &judgement) }
    let key = key(moment)
    defer { uses[key] = now }
    guard moment.tookPlace, let before = uses[key], now.place.isPlace, before.place.isPlace,
      Timestamp.gap(now.time, before.time) <= span, now.network != before.network,
      // Two programs are two devices of one user, each with its own token.
      !(now.family.isPresent && before.family.isPresent && now.family != before.family)
    else { return }
    tell(moment, "places", .medium, before, "its refresh token works from two networks at once", &judgement)
  }

  /// A logout ends its own session; a changed password or a revocation ends all of them.
  private func judgeEnded(_ moment: Moment, _ now: Last, _ end: Last, _ judgement: inout Judgement) {
    let wasLogout = judgement.window[end.row].facts.intersects(logout)
    if wasLogout, end.session.isPresent, now.session.isPresent, end.session != now.session { return }
    // At the place of the end itself it is the user's own program, which has not noticed.
    let isOwn = end.place.isPlace && now.place == end.place
    let severity: Severity = !moment.tookPlace || isOwn ? .low : .high
    tell(
      moment, "ended", severity, end,
      "its refresh token \(moment.tookPlace ? "still works" : "is tried") after "
        + (wasLogout ? "the logout" : "the password was changed or the tokens revoked"), &judgement)
  }

  /// One token where the log names it, else the tokens of one user in one client.
  private func key(_ moment: Moment) -> UInt64 {
    let h = ByteHash.process
    let subject = moment.subject
    if subject.credential.isPresent { return h.mix(21, UInt64(subject.credential.raw)) }
    return h.mix(22, UInt64(subject.name.raw) << 32 | UInt64(subject.issuer.raw))
  }

  private func tell(
    _ moment: Moment, _ reason: String, _ severity: Severity, _ other: Last?, _ what: String,
    _ judgement: inout Judgement
  ) {
    let subject = moment.subject
    let cause = Array(reason.utf8) + judgement.name(judgement.place(moment), moment.origin)
    let key = subject.name.isPresent ? subject.name : subject.credential
    judgement.report(
      number, moment, key: judgement.bytes(key), cause: cause, severity: moment.tookPlace ? severity : .low,
      baseline: other.map { [$0.row] } ?? []
    ) { draft, j in
      let who = j.shortName(subject.name)
      draft.title = "\(who): \(what)"
      draft.summary =
        "At \(j.words(moment.time)) \(j.text(moment.operation.action)) of \(who) from \(j.words(moment.origin)): \(what)"
        + (other.map { " (\(j.words($0.time)), \(j.words(originOf: $0.row)))" } ?? "")
        + "."
      draft.explanation.expected = "what issuers say about a token and its use agrees"
      draft.explanation.seen =
        "\(reason): \(j.text(moment.operation.action)) with client \(j.text(moment.origin.agent))"
      draft.explanation.threshold = "any disagreement while access was granted"
    }
  }

  private mutating func evict(_ now: Int64) {
    guard Timestamp.gap(now, sweep) > Timestamp.hour else { return }
    sweep = now
    ends = ends.filter { Timestamp.gap(now, $0.value.time) <= keep }
    uses = uses.filter { Timestamp.gap(now, $0.value.time) <= keep }
  }
}

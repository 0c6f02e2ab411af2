import EventModel
import EventWindow

/// A move without return: a machine's lasting key that had a home turns up at another provider.
///
/// By itself that is a host that moved (low). It is a theft where something agrees that has nothing to do with the place:
/// a client that the key never had, a first question or a secret that it never asked for, a refusal that it never met.
/// These are looked for within an hour of the first call from there. State: 300 B for each key, at most ``lifeLimit``, past
/// which those go that rested for a day; in the long memory one entry for each network, client, question and refusal of a key.
extension ConcurrentOrigins {
  /// Where a key was in this run, and what the long memory was told of it on the day.
  struct KeyLife: Sendable {
    var places: [Use] = []
    var move: Move?
    var last: Int64
    var day = Int32.min
    var networks: [UInt64] = []
    var families: [Symbol] = []
    var acts: [UInt64] = []
  }
  struct Move: Sendable {
    var draft: DraftKey
    var network: UInt64
    var since: Int64
    var signs: UInt8 = 0
  }

  private enum Sign: UInt8, CaseIterable {
    case client = 1
    case question = 2
    case refusal = 4

    var words: String {
      switch self {
      case .client: "a client that the key never had"
      case .question: "a question, or a secret, that it never asked for"
      case .refusal: "a refusal that it never met"
      }
    }
  }

  /// Of news only: one look-up of the key.
  mutating func judgeHome(
    _ moment: Moment, _ use: Use, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    guard moment.time != Timestamp.none, moment.subject.kind.isMachine, !profile.isHuman else { return }
    var life = lives.removeValue(forKey: moment.subject.credential) ?? KeyLife(last: moment.time)
    life.last = max(life.last, moment.time)
    follow(moment, use, &life, profile, &judgement)
    if lives.count >= ConcurrentOrigins.lifeLimit {
      lives = lives.filter { Timestamp.gap(moment.time, $0.value.last) <= Timestamp.day }
    }
    if lives.count < ConcurrentOrigins.lifeLimit { lives[moment.subject.credential] = life }
  }

  private func follow(
    _ moment: Moment, _ use: Use, _ life: inout KeyLife, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    if var move = life.move, move.network == use.network, Timestamp.gap(moment.time, move.since) <= moveSpan {
      look(moment, &move, &judgement)
      life.move = move
      return
    }
    let isKnown = life.places.contains { $0.network == use.network }
    // IPv4 and IPv6 are two ways out of one host: each is compared with its own kind.
    let home = life.places.last { $0.isV6 == use.isV6 && $0.network != use.network }
    if !isKnown, life.places.count < fleet { life.places.append(use) }
    guard !isKnown, let home, life.places.count <= homeNetworks, !roams(moment, judgement),
      let days = daysAtHome(moment, use, judgement)
    else { return learn(moment, use, &life, &judgement) }
    let cause = Array("move:".utf8) + judgement.name(use.key, moment.origin)
    tell(moment, use, home, days, cause, &judgement)
    var move = Move(
      draft: judgement.draftKey(number, moment, key: judgement.bytes(moment.subject.credential), cause: cause),
      network: use.network, since: moment.time)
    look(moment, &move, &judgement)
    life.move = move
  }

  /// On how many days the key was used; nil where it has no home that could be left, or the place is known or many's.
  private func daysAtHome(_ moment: Moment, _ use: Use, _ judgement: borrowing Judgement) -> Int? {
    // A declared network is somebody's own. Where others work too, a site has moved.
    guard use.key.kind == .publicV4 || use.key.kind == .publicV6,
      judgement.survey.crowds.users(of: use.key).count <= neighbours
    else { return nil }
    let credential = judgement.bytes(moment.subject.credential)
    let days = judgement.memory.recall(key("use", credential, [], judgement), before: moment.day).days
    guard days >= homeDays else { return nil }
    let known = judgement.memory.recall(key("network", credential, bytes(use), judgement), on: moment.day)
    return known.firstDay == nil ? days : nil
  }

  private func look(_ moment: Moment, _ move: inout Move, _ judgement: inout Judgement) {
    for sign in Sign.allCases where move.signs & sign.rawValue == 0 && holds(sign, moment, judgement) {
      move.signs |= sign.rawValue
      judgement.follow(move.draft, moment.row, .medium, note: sign.words)
    }
  }

  private func holds(_ sign: Sign, _ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    let credential = judgement.bytes(moment.subject.credential)
    let action = judgement.bytes(moment.operation.action)
    let known: UInt64
    switch sign {
    case .client:
      guard moment.origin.family.isPresent else { return false }
      known = key("client", credential, judgement.bytes(moment.origin.family), judgement)
    case .question:
      guard moment.event.facts.intersects(opening) else { return false }
      known = key("question", credential, action, judgement)
    case .refusal:
      guard moment.event.outcome == .denied, !judgement.survey.succeedsSoon(moment, within: span) else { return false }
      known = key("refusal", credential, action, judgement)
    }
    return judgement.memory.recall(known, on: moment.day).firstDay == nil
  }

  /// What the key does where it is at home; each thing once a day.
  private func learn(_ moment: Moment, _ use: Use, _ life: inout KeyLife, _ judgement: inout Judgement) {
    if life.day != moment.day {
      life.day = moment.day
      life.networks = []
      life.families = []
      life.acts = []
    }
    let credential = judgement.bytes(moment.subject.credential)
    if moment.tookPlace, !life.networks.contains(use.network), life.networks.count < fleet {
      life.networks.append(use.network)
      judgement.memory.remember(key("use", credential, [], judgement), on: moment.day)
      judgement.memory.remember(key("network", credential, bytes(use), judgement), on: moment.day)
    }
    let family = moment.origin.family
    if family.isPresent, !life.families.contains(family), life.families.count < 32 {
      life.families.append(family)
      judgement.memory.remember(key("client", credential, judgement.bytes(family), judgement), on: moment.day)
    }
    let asks = moment.event.facts.intersects(opening)
    let denied = moment.event.outcome == .denied
    guard asks || denied else { return }
    let act = UInt64(moment.operation.action.raw) << 2 | (asks ? 2 : 0) | (denied ? 1 : 0)
    guard !life.acts.contains(act), life.acts.count < 64 else { return }
    life.acts.append(act)
    let action = judgement.bytes(moment.operation.action)
    if asks { judgement.memory.remember(key("question", credential, action, judgement), on: moment.day) }
    if denied { judgement.memory.remember(key("refusal", credential, action, judgement), on: moment.day) }
  }

  private func tell(
    _ moment: Moment, _ use: Use, _ home: Use, _ days: Int, _ cause: [UInt8], _ judgement: inout Judgement
  ) {
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.credential), cause: cause, severity: .low,
      baseline: [home.row]
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let here = j.words(moment.origin)
      let there = j.words(originOf: home.row)
      draft.title = "\(who): its long-lived key left \(there) and turned up at \(here)"
      draft.summary =
        "\(j.text(moment.subject.credential)) of \(who) was in use on \(days) days, last seen from \(there) at "
        + "\(j.words(home.time)); at \(j.words(moment.time)) it called \(j.text(moment.operation.action)) from \(here), "
        + "where it never was."
      draft.explanation.expected = "its home, \(there), or another address of that provider"
      draft.explanation.seen = "\(here) for \(j.text(moment.operation.action)) with \(j.text(moment.origin.agent))"
      draft.explanation.threshold =
        "another provider after \(homeDays) days at no more than \(homeNetworks - 1); medium with a new client, a new first question "
        + "or a first refusal within \(moveSpan / Timestamp.minute) minutes"
      draft.explanation.state = [("days_in_use_of_30", "\(days)")]
    }
  }

  private func key(_ what: String, _ credential: [UInt8], _ value: [UInt8], _ judgement: borrowing Judgement) -> UInt64
  {
    judgement.memory.key([Array("key home".utf8), Array(what.utf8), credential, value])
  }

  private func bytes(_ use: Use) -> [UInt8] { Array("\(use.key.kind.rawValue):\(use.network)".utf8) }
}

import EventModel
import EventWindow

/// AM2, LC3: what was issued to a workload is used after the workload ended; a credential or an identity is used after it
/// was deleted, disabled or revoked.
///
/// State: an end for each thing that ended (40 B), until what it issued must have expired; ends of credentials also live in
/// the long memory, by day. The known places of long-lived credentials, at most eight each.
struct AfterEnd: Detector {
  static let kind = "after-end"

  struct End: Sendable {
    var time: Int64
    /// Nil where only the long memory knows of it.
    var row: Row?
  }

  private let number: Int
  private let rules: AfterEndRules
  /// By the name's bytes (see ``Name/key``).
  private var ends: [HashedKey: End] = [:]
  private var places = KnownPlaces()
  /// By subject: the day the long memory was asked on.
  private var asked: [Int32] = []
  /// By subject: a use from there on the day, since the last end, that nothing was wrong with.
  private struct Quiet: Equatable, Sendable {
    var version: UInt32
    var day: Int32
    var origin: UInt32
  }
  private var quiet: [Quiet?] = []
  private var version: UInt32 = 0
  private var sweep = Int64.min
  static let limit = 200_000

  /// One form of a name: as it is written, or without its path.
  private struct Name: Sendable {
    var symbol: Symbol
    var key: HashedKey
    var isBare: Bool
  }

  /// What a subject's credential hangs on.
  private struct Thing: Sendable {
    var names: [Name]
    /// Seconds since 1970 when the credential was issued that the workload itself got; 0 unknown.
    var issued: UInt32
    /// Taken with the workload's session, not the workload's own.
    var isChained: Bool
  }

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    rules = try AfterEndRules(definition.parameters, facts)
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.time != Timestamp.none, !moment.event.flags.contains(.echo) else { return }
    if !moment.isServiceMade { judgeUse(moment, &judgement) }
    guard moment.event.facts.intersects(rules.noted), moment.tookPlace else { return }
    note(moment, &judgement)
  }

  // MARK: Use

  private mutating func judgeUse(_ moment: Moment, _ judgement: inout Judgement) {
    let said = moment.event.facts
    if said.intersects(rules.dead) { return judgeDead(moment, &judgement) }
    if ends.isEmpty, !rules.isRemembered { return }
    let at = Int(moment.event.subject)
    let mark = Quiet(version: version, day: moment.day, origin: moment.event.origin)
    if at < quiet.count, quiet[at] == mark { return }
    let profile = judgement.profile(moment)
    if profile.isHuman, !moment.subject.credentialKind.isLongLived { return }
    let thing = thing(moment, profile, judgement)
    if rules.isRemembered { recall(thing, moment, judgement) }
    var isEnding = false
    for name in thing.names {
      guard let end = ends[name.key] else { continue }
      isEnding = true
      let symbol = name.symbol
      if isReborn(symbol, thing, end, judgement) || symbol == moment.subject.name && places.isNamesake(moment) {
        ends[name.key] = nil
      } else if moment.time - moment.event.precision.uncertainty > end.time + rules.grace(judgement.bytes(symbol)) {
        return fire(moment, symbol, end, thing, &judgement)
      }
    }
    if rules.isRemembered, moment.tookPlace { places.learn(moment, &judgement) }
    if isEnding || rules.isRemembered && !moment.tookPlace { return }
    if at >= quiet.count { quiet.append(contentsOf: repeatElement(nil, count: max(256, at + 1 - quiet.count))) }
    quiet[at] = Quiet(version: version, day: moment.day, origin: moment.event.origin)
  }

  /// The record itself says that the credential is dead.
  private mutating func judgeDead(_ moment: Moment, _ judgement: inout Judgement) {
    let profile = judgement.profile(moment)
    if profile.isHuman, !moment.subject.credentialKind.isLongLived { return }
    let symbol = moment.subject.credential.isPresent ? moment.subject.credential : moment.subject.name
    fire(moment, symbol, nil, Thing(names: [], issued: 0, isChained: false), &judgement)
  }

  private func thing(_ moment: Moment, _ profile: Judgement.Profile, _ judgement: borrowing Judgement) -> Thing {
    let subject = moment.subject
    if rules.ends == .credential {
      let issued =
        subject.issuedAt > 0 ? subject.issuedAt : profile.node < 0 ? 0 : judgement.lineage[profile.node].issuedAt
      let names = [subject.credential, subject.name].filter(\.isPresent).flatMap { forms($0, judgement) }
      return Thing(names: names, issued: issued, isChained: false)
    }
    let own = judgement.attestor(moment, profile)
    if own.isPresent {
      let issued =
        subject.issuedAt > 0 ? subject.issuedAt : profile.node < 0 ? 0 : judgement.lineage[profile.node].issuedAt
      var thing = Thing(
        names: forms(own, judgement), issued: issued, isChained: profile.node >= 0 && judgement.isChained(profile))
      // What it was made with, such as a certificate.
      for at in profile.node < 0 ? [] : judgement.lineage.path(from: profile.node).dropFirst() {
        let parent = judgement.lineage[at].credential
        guard rules.isParent(judgement.bytes(parent)) else { continue }
        thing.names += forms(parent, judgement)
        thing.isChained = true
      }
      return thing
    }
    // A role further on: what the workload took its first session with.
    guard profile.node >= 0 else { return Thing(names: [], issued: 0, isChained: false) }
    for at in judgement.lineage.path(from: profile.node) where judgement.lineage[at].attestor >= 0 {
      let attestor = judgement.lineage[judgement.lineage[at].attestor].credential
      return Thing(names: forms(attestor, judgement), issued: judgement.lineage[at].issuedAt, isChained: true)
    }
    return Thing(names: [], issued: 0, isChained: false)
  }

  private func forms(_ symbol: Symbol, _ judgement: borrowing Judgement) -> [Name] {
    let bytes = judgement.bytes(symbol)
    let hasher = judgement.memory.hasher
    let written = Name(symbol: symbol, key: HashedKey(hasher.hash(bytes)), isBare: false)
    guard let bare = BareName.of(bytes) else { return [written] }
    return [written, Name(symbol: symbol, key: HashedKey(hasher.hash(bare)), isBare: true)]
  }

  private func bytes(_ name: Name, _ judgement: borrowing Judgement) -> [UInt8] {
    let bytes = judgement.bytes(name.symbol)
    return name.isBare ? BareName.of(bytes) ?? bytes : bytes
  }

  /// A name comes back with what is made anew; a pod, a run or a key never does.
  private func isReborn(_ symbol: Symbol, _ thing: Thing, _ end: End, _ judgement: borrowing Judgement) -> Bool {
    guard thing.issued > 0, Int64(thing.issued) * Timestamp.second > end.time else { return false }
    return rules.ends == .credential || rules.returns(judgement.bytes(symbol))
  }

  // MARK: Ends

  private mutating func note(_ moment: Moment, _ judgement: inout Judgement) {
    evict(moment.time)
    let said = moment.event.facts
    for detail in judgement.window.details(moment.event, at: moment.row)
    where rules.details.contains(judgement.text(detail.name)) {
      if said.intersects(rules.ending) { end(detail.value, moment, &judgement) }
      if said.intersects(rules.reviving) { revive(detail.value, moment, &judgement) }
    }
    guard moment.event.target.isPresent, rules.ends == .credential else { return }
    if said.intersects(rules.identities) { end(moment.event.target, moment, &judgement) }
    if said.intersects(rules.reviving) { revive(moment.event.target, moment, &judgement) }
  }

  private mutating func end(_ symbol: Symbol, _ moment: Moment, _ judgement: inout Judgement) {
    for name in forms(symbol, judgement) {
      // Deleting twice does not end it later.
      guard ends[name.key] == nil, ends.count < AfterEnd.limit else { continue }
      version &+= 1
      ends[name.key] = End(time: moment.time + moment.event.precision.uncertainty, row: moment.row)
      if rules.isRemembered {
        judgement.memory.remember(rules.endKey(bytes(name, judgement), judgement), on: moment.day)
      }
    }
  }

  private mutating func revive(_ symbol: Symbol, _ moment: Moment, _ judgement: inout Judgement) {
    for name in forms(symbol, judgement) {
      ends[name.key] = nil
      if rules.isRemembered {
        judgement.memory.remember(rules.returnKey(bytes(name, judgement), judgement), on: moment.day)
      }
    }
  }

  /// What earlier scans saw end: asked once a day for each subject. The hour is not known, so the end of that day counts.
  private mutating func recall(_ thing: Thing, _ moment: Moment, _ judgement: borrowing Judgement) {
    let slot = Int(moment.event.subject)
    if slot >= asked.count {
      asked.append(contentsOf: repeatElement(Int32.min, count: max(256, slot + 1 - asked.count)))
    }
    if asked[slot] == moment.day { return }
    asked[slot] = moment.day
    for name in thing.names where ends[name.key] == nil {
      let bytes = bytes(name, judgement)
      guard let ended = judgement.memory.lastDay(rules.endKey(bytes, judgement), before: moment.day),
        moment.day - ended <= rules.keepDays,
        judgement.memory.lastDay(rules.returnKey(bytes, judgement), before: moment.day + 1) ?? Int32.min < ended
      else { continue }
      ends[name.key] = End(time: Int64(ended + 1) * Timestamp.day, row: nil)
    }
  }

  private mutating func evict(_ now: Int64) {
    guard Timestamp.gap(now, sweep) > Timestamp.hour else { return }
    sweep = now
    ends = ends.filter { Timestamp.gap(now, $0.value.time) <= rules.keep }
  }
}

extension AfterEnd {
  /// Nobody legitimate holds what belonged to a workload that is gone. A dead key that is merely tried again where it always
  /// was is a forgotten job.
  private func fire(
    _ moment: Moment, _ symbol: Symbol, _ end: End?, _ thing: Thing, _ judgement: inout Judgement
  ) {
    let place = judgement.place(moment)
    var severity = Severity.high
    var isNew = false
    if rules.ends == .credential {
      isNew = places.isNew(moment, &judgement)
      if !moment.tookPlace, !isNew { severity = .low }
    } else if thing.isChained {
      severity = .medium
    }
    let row = end?.row ?? places.first(moment)
    let what = rules.words(judgement.bytes(symbol))
    judgement.report(
      number, moment, key: judgement.bytes(symbol), cause: judgement.name(place, moment.origin), severity: severity,
      baseline: row.map { [$0] } ?? []
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let since = end.map { $0.row == nil ? Wording.date(Timestamp.utcDay($0.time - 1)) : j.words($0.time) }
      let tried = moment.tookPlace ? "is used" : "is tried"
      draft.title = "\(who): \(what) \(tried) after its end"
      draft.summary =
        "\(j.text(symbol)) " + (since.map { "ended at \($0)" } ?? "is dead, as the record itself says")
        + "; at \(j.words(moment.time)) \(j.text(moment.operation.action)) was called with it from \(j.words(moment.origin))"
        + (moment.tookPlace ? "." : " and refused.")
      draft.explanation.expected =
        "no use later than \(rules.grace(j.bytes(symbol)) / Timestamp.minute) minutes after the end"
      draft.explanation.seen =
        "\(j.text(moment.operation.action)) from \(j.words(moment.origin))" + (isNew ? ", where it never was" : "")
      draft.explanation.threshold = "any use after the end and its grace, by the times of the events"
      draft.explanation.state = [("ended", j.text(symbol)), ("ended_at", since ?? "said by the record")]
      if thing.isChained { draft.explanation.state.append(("through", "a session that was made with it")) }
    }
  }
}

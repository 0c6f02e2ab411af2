import EventModel
import EventWindow

/// LL1: a machine works with a credential that nobody has replaced for a long time.
///
/// Told once in 30 days for each credential: low past the limit of age, known by its creation or at least since its first use;
/// silent before. Medium when it is used from a place where it never was, when the identity works without keys elsewhere, or
/// when a very old one does what only grants and mints may. State: 64 B for each credential, 8 places each.
struct CredentialAge: Detector {
  static let kind = "credential-age"

  private struct Key: Sendable {
    var firstSeen: Int32
    var known = false
    var seenDays = 0
    var day: Int32 = -1
    var firstRow: Row
    var places: Set<OriginKey> = []
  }

  private let number: Int
  private let days: Int32
  private let oldDays: Int32
  private let historyDays: Int
  private var keys: [Symbol: Key] = [:]
  private var keyless: [Symbol: (row: Row, credential: Symbol)] = [:]
  static let placeLimit = 8

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    days = Int32(try p.number("age_days", default: 90))
    oldDays = Int32(try p.number("old_days", default: 365))
    historyDays = try p.number("history_days", default: 10)
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let subject = moment.subject
    guard moment.isNews, subject.kind.isMachine, subject.credential.isPresent, moment.tookPlace, !moment.isServiceMade,
      moment.time != Timestamp.none, !moment.event.flags.contains(.echo)
    else { return }
    guard subject.credentialKind.isLongLived, subject.credentialKind != .password else {
      return learnKeyless(moment, judgement)
    }
    let profile = judgement.profile(moment)
    if profile.isHuman { return }
    let name = judgement.bytes(subject.credential)
    var key = keys[subject.credential] ?? Key(firstSeen: moment.day, firstRow: moment.row)
    let newDay = key.day != moment.day
    if newDay { startDay(&key, name, moment, &judgement) }
    judgePlace(&key, name, moment, profile, &judgement)
    if newDay { judgeAge(key, moment, profile, &judgement) }
    if moment.operation.verb.privilege >= 3 { judgePower(key, moment, profile, &judgement) }
    keys[subject.credential] = key
  }

  /// What earlier days know of the credential: looked up once a day.
  private func startDay(_ key: inout Key, _ name: [UInt8], _ moment: Moment, _ judgement: inout Judgement) {
    let use = judgement.memory.key(KeyUse.use(name))
    let before = judgement.memory.recall(use, on: moment.day)
    key.firstSeen = min(key.firstSeen, before.firstDay ?? moment.day)
    key.seenDays = before.days
    key.day = moment.day
    judgement.memory.remember(use, on: moment.day)
    guard let node = judgement.lineage.find(moment.subject.credential), judgement.lineage[node].issuedAt > 0 else {
      return
    }
    key.known = true
    key.firstSeen = min(key.firstSeen, Timestamp.utcDay(Int64(judgement.lineage[node].issuedAt) * Timestamp.second))
  }

  /// A place where a well-known credential never was.
  private func judgePlace(
    _ key: inout Key, _ name: [UInt8], _ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    let place = judgement.place(moment)
    guard place.isPlace, !key.places.contains(place) else { return }
    if key.places.count < CredentialAge.placeLimit { key.places.insert(place) }
    let address = place.kind == .publicV4 || place.kind == .publicV6
    let network =
      address
      ? Array("\(judgement.provider(moment))".utf8) : judgement.name(place, moment.origin)
    let known = judgement.memory.key(KeyUse.place(name, network))
    let before = judgement.memory.recall(known, on: moment.day)
    judgement.memory.remember(known, on: moment.day)
    if before.isKnown || key.seenDays < historyDays { return }
    tell(
      moment, profile, key, .place, cause: judgement.name(place, moment.origin), severity: .medium,
      seen: "\(judgement.words(moment.origin)), where it never was on \(key.seenDays) days of use",
      judgement: &judgement)
  }

  private func judgeAge(_ key: Key, _ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement) {
    let age = moment.day - key.firstSeen
    if age <= days { return }
    if let other = keyless[moment.subject.name] {
      tell(
        moment, profile, key, .keyless, severity: .medium,
        seen: "the same identity works without a key as \(judgement.text(other.credential))", baseline: other.row,
        judgement: &judgement)
    }
    tell(
      moment, profile, key, .age, severity: .low, seen: "in use for \(key.known ? "" : "at least ")\(age) days",
      judgement: &judgement)
  }

  /// A key of more than a year that mints, grants or executes.
  private func judgePower(_ key: Key, _ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement) {
    let age = moment.day - key.firstSeen
    guard age > oldDays else { return }
    tell(
      moment, profile, key, .power, severity: .medium,
      seen: "\(judgement.text(moment.operation.action)) with a key of \(age) days", judgement: &judgement)
  }

  private enum Reason: String { case age, place, keyless, power }

  /// Each reason once in 30 days for each credential; a new place is new only once by itself.
  private func tell(
    _ moment: Moment, _ profile: Judgement.Profile, _ key: Key, _ reason: Reason, cause: [UInt8] = [],
    severity: Severity,
    seen: String, baseline: Row? = nil, judgement: inout Judgement
  ) {
    let credential = judgement.bytes(moment.subject.credential)
    if reason != .place {
      let told = judgement.memory.key(KeyUse.told(credential, reason.rawValue))
      let before = judgement.memory.recall(told, on: moment.day)
      if before.isKnown { return }
      judgement.memory.remember(told, on: moment.day)
    }
    let age = moment.day - key.firstSeen
    let compared = baseline ?? (key.firstRow == moment.row ? nil : key.firstRow)
    judgement.report(
      number, moment, key: credential, cause: Array(reason.rawValue.utf8) + cause, severity: severity,
      baseline: compared.map { [$0] } ?? []
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let kind = moment.subject.credentialKind.name.replacing("_", with: " ")
      let old = age > days ? "\(key.known ? "" : "at least ")\(age) days old" : "of unknown age"
      draft.title = "\(who): \(j.definitions[number].title), \(old)"
      draft.summary =
        "\(who) used the \(kind) \(j.text(moment.subject.credential)), \(old), at \(j.words(moment.time)) "
        + "from \(j.words(moment.origin)) for \(j.text(moment.operation.action))."
      draft.explanation.expected = "credentials that end by themselves, or are replaced within \(days) days"
      draft.explanation.seen = seen
      draft.explanation.threshold = "age over \(days) days; what is older than the log is a lower bound"
      draft.explanation.state = [
        ("first_known_day", Wording.date(key.firstSeen)),
        ("age_known_by", key.known ? "its creation" : "first use seen"),
        ("days_in_use_of_30", "\(key.seenDays)"),
      ]
    }
  }

  /// Sessions that end by themselves, of the same identity, and not made from a key.
  private mutating func learnKeyless(_ moment: Moment, _ judgement: borrowing Judgement) {
    switch moment.subject.credentialKind {
    case .stsSession, .boundJWT, .oauthAccess: break
    default: return
    }
    guard keyless[moment.subject.name] == nil, keyless.count < 100_000 else { return }
    if let node = judgement.lineage.find(moment.subject.credential), judgement.lineage[node].parent >= 0,
      judgement.lineage[judgement.lineage[node].parent].kind.isLongLived
    {
      return
    }
    keyless[moment.subject.name] = (moment.row, moment.subject.credential)
  }
}

/// Keys of the long memory about long-lived credentials.
enum KeyUse {
  static func use(_ credential: [UInt8]) -> [[UInt8]] { [Array("key used".utf8), credential] }
  static func told(_ credential: [UInt8], _ reason: String) -> [[UInt8]] {
    [Array("key told".utf8), credential, Array(reason.utf8)]
  }
  static func place(_ credential: [UInt8], _ network: [UInt8]) -> [[UInt8]] {
    [Array("key place".utf8), credential, network]
  }
}

import EventModel
import EventWindow

/// TR1: a session that an attested workload was issued is used from a second network origin.
///
/// State: 190 B for each locked session: up to six places with their first row and last time; evicted two hours after
/// the session expired or was last used.
struct OriginLock: Detector {
  static let kind = "origin-lock"

  private struct Place: Sendable {
    var key: OriginKey
    var name: [UInt8]
    var row: Row
    var last: Int64
    var foreign: Bool
  }
  private struct Lock: Sendable {
    /// What is locked, and the log: a cluster sees the node's own address where the cloud sees its gateway.
    var key: UInt64
    var places: [Place] = []
    var expires: Int64 = 0
  }

  private let number: Int
  private let interleave: Int64
  private let grantSpan: Int64
  private let firstPlace: Severity?
  private let firstPlacePeers: Int
  private let quietServices: Set<String>
  private var locks: [Lock] = []
  private var slots = KeyTable()
  private var subjects = SubjectSlots()
  private var sweep: Int64 = Int64.min
  static let placeLimit = 6

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    interleave = try p.minutes("interleave_minutes", default: 10)
    grantSpan = try p.minutes("address_grant_minutes", default: 15)
    firstPlace = Severity(name: try p.text("first_place_outside", default: "off"))
    firstPlacePeers = try p.number("first_place_peers", default: 3)
    quietServices = Set(try p.list("quiet_services", default: ["ssm", "ssmmessages", "ec2messages"]))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    if moment.isServiceMade || moment.event.flags.contains(.echo) { return }
    let profile = judgement.profile(moment)
    let key = judgement.place(moment)
    guard key.isPlace else { return }
    if profile.sessionClass == .clusterToken { return judgeToken(moment, key, profile, &judgement) }
    guard profile.sessionClass.isLockable, profile.lock.isPresent else { return }
    evict(moment.time)
    let at = slot(moment, profile)
    locks[at].expires = max(
      locks[at].expires, moment.time == Timestamp.none ? 0 : moment.time + 2 * Timestamp.hour,
      Int64(moment.subject.expiresAt) * Timestamp.second + 2 * Timestamp.hour)
    if let known = locks[at].places.firstIndex(where: { $0.key == key }) {
      if locks[at].places[known].foreign {
        fire(moment, key, locks[at], profile, &judgement)
      } else {
        // The rightful place again: with a foreign one minutes ago, two hands hold the session.
        for place in locks[at].places where place.foreign && Timestamp.gap(moment.time, place.last) <= interleave {
          judgement.raise(number, moment, key: judgement.bytes(profile.lock), cause: place.name, to: .critical)
        }
      }
      locks[at].places[known].last = moment.time
    } else {
      let foreign = !isFree(key, locks[at], moment, profile, judgement) && !isExcused(moment, key, profile, judgement)
      let place = Place(
        key: key, name: judgement.name(key, moment.origin), row: moment.row, last: moment.time, foreign: foreign)
      if foreign { fire(moment, key, locks[at], profile, &judgement) }
      if locks[at].places.count < OriginLock.placeLimit { locks[at].places.append(place) }
      if locks[at].places.count == 1 { judgeFirst(moment, key, profile, &judgement) }
    }
  }

  /// The session's lock: looked up once for each subject between two sweeps.
  private mutating func slot(_ moment: Moment, _ profile: Judgement.Profile) -> Int {
    if let known = subjects.find(moment) { return known }
    let key = UInt64(profile.lock.raw) << 8 | UInt64(moment.operation.source)
    let at = slots.find(key).map { Int($0) } ?? locks.count
    if at == locks.count {
      slots.insert(key, UInt32(at))
      locks.append(Lock(key: key))
    }
    subjects.note(moment, at)
    return at
  }

  /// One public IPv4, one IPv6, one private address for each VPC endpoint belong together (guard G4).
  private func isFree(
    _ key: OriginKey, _ lock: Lock, _ moment: Moment, _ profile: Judgement.Profile, _ judgement: borrowing Judgement
  ) -> Bool {
    if lock.places.isEmpty || key.kind == .endpoint { return true }
    let own = lock.places.lazy.filter { !$0.foreign }
    switch key.kind {
    case .publicV6:
      if own.contains(where: { $0.key.kind == .publicV6 }) { return false }
      // What runs in a cloud has an IPv6 address of a cloud.
      let anywhere = profile.sessionClass == .pipeline || profile.sessionClass == .certificate
      return anywhere || judgement.isCloud(moment.origin.address)
    case .publicV4, .zone:
      return !own.contains { $0.key.kind == .publicV4 || $0.key.kind == .zone || $0.key.kind == .private }
    case .private: return own.contains { $0.key.kind == .endpoint }
    default: return true
    }
  }

  private func isExcused(
    _ moment: Moment, _ key: OriginKey, _ profile: Judgement.Profile, _ judgement: borrowing Judgement
  ) -> Bool {
    let attestor = judgement.attestor(moment, profile)
    return judgement.survey.egress.excuses(moment, key, attestor: attestor)
      || judgement.survey.isReaddressed(moment, attestor: attestor, within: grantSpan)
  }

  private func fire(
    _ moment: Moment, _ key: OriginKey, _ lock: Lock, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    let own = lock.places.first { !$0.foreign }
    let between = own.map { Timestamp.gap(moment.time, $0.last) <= interleave } ?? false
    let grave = moment.operation.verb.privilege >= 2
    let baseline = own.map { [$0.row] } ?? []
    judgement.report(
      number, moment, key: judgement.bytes(profile.lock), cause: judgement.name(key, moment.origin),
      severity: grave || between ? .critical : .high, baseline: baseline
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let here = j.words(moment.origin)
      let there = own.map { j.words(originOf: $0.row) } ?? "an earlier place"
      draft.title = "\(who): \(profile.sessionClass.words) used from a second place, \(here)"
      draft.summary =
        "The \(profile.sessionClass.words) of \(who) works from \(there) and was used from \(here) "
        + "at \(j.words(moment.time)) for \(j.text(moment.operation.action))."
      draft.explanation.expected = "one network origin for each session of its kind: \(there)"
      draft.explanation.seen = "\(here) with client \(j.text(moment.origin.agent))"
      draft.explanation.threshold = "any second origin that no zone, endpoint, address change or shared egress explains"
      draft.explanation.state = [
        ("locked_to", j.text(profile.lock)), ("places_before", "\(lock.places.count(where: { !$0.foreign }))"),
      ]
    }
  }

  /// TR1c: the very first use lies outside every cloud range and zone, though the class can only run in one.
  private func judgeFirst(
    _ moment: Moment, _ key: OriginKey, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    guard profile.sessionClass == .instance || profile.sessionClass == .podIdentity || profile.sessionClass == .task,
      profile.node >= 0, judgement.lineage[profile.node].mintSeen, !judgement.isChained(profile)
    else { return }
    reportFirst(moment, key, profile, locked: judgement.bytes(profile.lock), &judgement)
  }

  /// The token that a pod was given, used from where no pod runs. A token has one place: the second one is TR2's.
  private func judgeToken(
    _ moment: Moment, _ key: OriginKey, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    guard moment.subject.attestor.isPresent, !moment.event.flags.contains(.addressSpoofable) else { return }
    reportFirst(moment, key, profile, locked: judgement.bytes(moment.subject.credential), &judgement)
  }

  private func reportFirst(
    _ moment: Moment, _ key: OriginKey, _ profile: Judgement.Profile, locked: [UInt8], _ judgement: inout Judgement
  ) {
    guard let firstPlace, key.kind == .publicV4 || key.kind == .publicV6, !judgement.isCloud(moment.origin.address),
      !quietServices.contains(judgement.text(moment.operation.service)),
      judgement.survey.egress.isLonely(
        moment, key, attestor: judgement.attestor(moment, profile), peers: firstPlacePeers)
    else { return }
    let mint = profile.node >= 0 ? judgement.lineage[profile.node].mintRow : nil
    judgement.report(
      number, moment, key: locked, cause: Array("first".utf8) + judgement.name(key, moment.origin),
      severity: moment.tookPlace ? firstPlace : .low, baseline: mint.map { [$0] } ?? []
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      draft.title = "\(who): \(profile.sessionClass.words) first used outside every cloud network"
      draft.summary =
        "The first use of the \(profile.sessionClass.words) of \(who) came from \(j.words(moment.origin)) "
        + "at \(j.words(moment.time)), which is in no cloud range, in no declared zone, and no other workload's."
      draft.explanation.expected = "an address of the cloud it runs in, or of a declared zone"
      draft.explanation.seen = "\(moment.origin.address) for \(j.text(moment.operation.action))"
      draft.explanation.threshold =
        "first use of a session whose mint was seen, while at least \(firstPlacePeers) other workloads are elsewhere"
    }
  }

  private mutating func evict(_ now: Int64) {
    guard now != Timestamp.none, Timestamp.gap(now, sweep) > Timestamp.hour else { return }
    sweep = now
    locks.removeAll { $0.expires < now }
    slots.removeAll()
    for n in locks.indices { slots.insert(locks[n].key, UInt32(n)) }
    subjects.removeAll()
  }
}

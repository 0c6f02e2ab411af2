import EventModel
import EventWindow

/// TR2: one bearer credential is active at two places.
///
/// A token that is one token (Kubernetes JTI, Vault accessor, Entra uti): any second origin. A key or a plain role session:
/// at least two switches A to B to A between networks within half an hour; a key with eight origins is a fleet's. A key that
/// leaves its home without a return is the matter of `ConcurrentOrigins+Move.swift`.
/// State: about 100 B for each credential, 24 hours since its last use.
struct ConcurrentOrigins: Detector {
  static let kind = "concurrent-origins"

  struct Use: Sendable {
    var key: OriginKey
    var network: UInt64
    var row: Row
    var time: Int64
    var isV6: Bool { key.kind == .publicV6 }
  }
  private struct Track: Sendable {
    /// The credential and the log: each plane sees the same client at another address.
    var key: UInt64
    var first: Use
    var recent: [Use] = []
    var networks: Set<UInt64> = []
    var last: Int64
  }

  let number: Int
  let span, moveSpan: Int64
  private let switches: Int
  let fleet, homeDays, homeNetworks, neighbours: Int
  let opening: FactSet
  private let roamingClients: Set<String>
  var lives: [Symbol: KeyLife] = [:]
  static let lifeLimit = 65_536
  private var tracks: [Track?] = []
  private var slots = KeyTable()
  private var subjects = SubjectSlots()
  private var sweep: Int64 = Int64.min
  /// No track was used last before this.
  private var earliest = Int64.max

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    span = try p.minutes("span_minutes", default: 30)
    switches = try p.number("switches", default: 2)
    fleet = try p.number("fleet_origins", default: 8)
    moveSpan = try p.minutes("move_minutes", default: 60)
    homeDays = try p.number("home_days", default: 5)
    homeNetworks = try p.number("home_networks", default: 3)
    neighbours = try p.number("neighbours", default: 2)
    opening = facts.set(try p.list("opening_facts", default: []))
    roamingClients = Set(try p.list("roaming_clients", default: ["terraform", "ansible", "pulumi"]))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    if moment.isServiceMade || moment.event.flags.contains(.echo) || !moment.subject.credential.isPresent { return }
    let profile = judgement.profile(moment)
    let single = profile.sessionClass.isSingleToken
    guard single || profile.sessionClass == .longLivedKey || profile.sessionClass == .roleSession else { return }
    let key = judgement.place(moment)
    guard key.isPlace else { return }
    evict(moment.time)
    // A key works through its gateway and through endpoints at once: only public places and zones are compared.
    if !single, key.kind == .endpoint || key.kind == .private { return }
    let use = Use(key: key, network: network(key, moment, &judgement), row: moment.row, time: moment.time)
    if moment.isNews, profile.sessionClass == .longLivedKey { judgeHome(moment, use, profile, &judgement) }
    let at = slot(moment)
    guard var track = tracks[at] else {
      tracks[at] = Track(
        key: trackKey(moment), first: use, recent: [use], networks: [use.network], last: moment.time)
      earliest = min(earliest, moment.time)
      return
    }
    tracks[at] = nil  // the only reference while it changes
    track.last = max(track.last, moment.time)
    if track.networks.count < 64 { track.networks.insert(use.network) }
    if single {
      judgeToken(moment, use, track, profile, &judgement)
    } else {
      judgeKey(moment, use, &track, profile, &judgement)
    }
    tracks[at] = track
  }

  private func trackKey(_ moment: Moment) -> UInt64 {
    UInt64(moment.subject.credential.raw) << 8 | UInt64(moment.operation.source)
  }

  /// The credential's track: looked up once for each subject between two sweeps.
  private mutating func slot(_ moment: Moment) -> Int {
    if let known = subjects.find(moment) { return known }
    let key = trackKey(moment)
    let at = slots.find(key).map { Int($0) } ?? tracks.count
    if at == tracks.count {
      slots.insert(key, UInt32(at))
      tracks.append(nil)
    }
    subjects.note(moment, at)
    return at
  }

  private func judgeToken(
    _ moment: Moment, _ use: Use, _ track: Track, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    if use.key == track.first.key { return }
    if judgement.survey.tokenPlaces[moment.operation.tenant]?.isBehindProxy == true { return }
    if judgement.isNodeAddress(moment, use.key) || judgement.isNodeAddress(moment, track.first.key) { return }
    report(moment, use, track.first, .high, "any second origin of a single token", profile, &judgement)
  }

  private func judgeKey(
    _ moment: Moment, _ use: Use, _ track: inout Track, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    // Where it was before: nothing to compare.
    if let same = track.recent.lastIndex(where: { $0.isV6 == use.isV6 }), track.recent[same].network == use.network {
      track.recent[same].time = use.time
      return
    }
    defer {
      // IPv4 and IPv6 are two ways out of one host: each is compared with its own kind.
      track.recent.append(use)
      if track.recent.count > 8 { track.recent.removeFirst() }
    }
    let mine = track.recent.filter { $0.isV6 == use.isV6 }
    guard let last = mine.last, last.network != use.network, track.networks.count < fleet,
      !roams(moment, judgement)
    else { return }
    // The places before this one, latest first, that lie within the span.
    let recent = mine.reversed().prefix { Timestamp.gap(moment.time, $0.time) <= span }
    let returns = recent.contains { $0.network == use.network }
    guard returns, recent.count >= switches, let other = recent.first else { return }
    report(
      moment, use, other, .medium, "\(switches) switches between networks within \(span / Timestamp.minute) minutes",
      profile, &judgement)
  }

  /// The client is one that many hosts run with one key.
  func roams(_ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    let family = judgement.text(moment.origin.family).lowercased()
    return roamingClients.contains { family.hasPrefix($0) }
  }

  private func report(
    _ moment: Moment, _ use: Use, _ other: Use, _ severity: Severity, _ threshold: String, _ profile: Judgement.Profile,
    _ judgement: inout Judgement
  ) {
    let cause = judgement.name(use.key, moment.origin)
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.credential), cause: cause, severity: severity,
      baseline: [other.row]
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let here = j.words(moment.origin)
      let there = j.words(originOf: other.row)
      draft.title = "\(who): one \(profile.sessionClass.words) active at \(there) and \(here)"
      draft.summary =
        "\(j.text(moment.subject.credential)) of \(who) was used from \(there) at \(j.words(other.time)) "
        + "and from \(here) at \(j.words(moment.time))."
      draft.explanation.expected = "one place at a time: \(there)"
      draft.explanation.seen = "\(here) for \(j.text(moment.operation.action))"
      draft.explanation.threshold = threshold
    }
  }

  /// Places of one provider are one: an address that moves inside its blocks, or its two gateways, is no second place.
  private func network(_ key: OriginKey, _ moment: Moment, _ judgement: inout Judgement) -> UInt64 {
    switch key.kind {
    case .publicV4, .publicV6: judgement.provider(moment)
    default: UInt64(key.kind.rawValue) << 56 ^ key.value
    }
  }

  private mutating func evict(_ now: Int64) {
    guard now != Timestamp.none, Timestamp.gap(now, sweep) > Timestamp.hour else { return }
    sweep = now
    if earliest == Int64.max || Timestamp.gap(now, earliest) <= Timestamp.day { return }
    earliest = Int64.max
    tracks.removeAll { $0.map { Timestamp.gap(now, $0.last) > Timestamp.day } ?? true }
    slots.removeAll()
    for n in tracks.indices {
      guard let track = tracks[n] else { continue }
      earliest = min(earliest, track.last)
      slots.insert(track.key, UInt32(n))
    }
    subjects.removeAll()
  }
}

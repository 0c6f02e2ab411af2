import EventModel
import EventWindow

/// TR3: one new place uses several identities that have nothing to do with each other, each of which works elsewhere.
///
/// Somebody counts where he comes from a public address first seen within a day, has another home that is no neighbour of
/// it, and is no pipeline or fleet that goes everywhere. Two such, unrelated by mint, root or name, are told; homes that moved
/// together (a gateway replaced) and places of a crowd are not.
///
/// State: 60 B for each guest of a place, nine a place, a day long; places of the day in the long memory.
struct StrangerOrigin: Detector {
  static let kind = "stranger-origin"

  private struct Guest: Sendable {
    var party: Judgement.Party
    var holder: Symbol
    var first: Int64
    var row: Row
    var home: Whereabouts.Home
    var tenant: Symbol
  }
  private struct Stranger: Sendable {
    var place: OriginKey
    var first: Int64
    var last: Int64
    /// Known from earlier days: nothing new about it.
    var isKnown: Bool
    var day: Int32
    var guests: [Guest] = []
    /// Whose use was weighed last, where it is a guest's.
    var lastSubject = UInt32.max
  }

  private let number: Int
  private let span: Int64
  private let settled: Int64
  private let settledUses: Int
  private let grantSpan: Int64
  private let together: Int64
  private var strangers: [Stranger] = []
  private var slots: [OriginKey: Int32] = [:]
  private var ofOrigin: [Int32] = []  // by origin id; -1 not looked up
  private var sweep = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    span = try p.minutes("new_minutes", default: 1440)
    settled = try p.minutes("settled_minutes", default: 60)
    settledUses = try p.number("settled_uses", default: 5)
    grantSpan = try p.minutes("address_grant_minutes", default: 15)
    together = try p.minutes("together_minutes", default: 60)
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard let visit = judgement.visit, moment.event.outcome != .throttled else { return }
    // Without another home nobody is a guest; of the place, the day's first use of it is enough.
    let isHome = judgement.whereabouts.holders[visit.holder].homes.count == 1
    if isHome, !moment.isNews { return }
    let place = judgement.place(moment)
    guard place.kind == .publicV4 || place.kind == .publicV6 else { return }
    evict(moment.time)
    let at = note(moment, place, &judgement)
    if strangers[at].guests.isEmpty, isHome { return }
    // Its one guest again.
    if strangers[at].guests.count == 1, strangers[at].lastSubject == moment.event.subject { return }
    guard !strangers[at].isKnown, moment.time - strangers[at].first < span, !judgement.survey.crowds.isCrowd(place)
    else { return }
    strangers[at].lastSubject = moment.event.subject
    let profile = judgement.profile(moment)
    let party = judgement.party(moment, profile)
    let holder = judgement.holder(moment, profile)
    if let guest = strangers[at].guests.first(where: { $0.holder == holder }) {
      // Again: it raises the count of what was told, and an old home may be in use again since.
      if strangers[at].guests.count > 1 { tell(moment, place, strangers[at], guest, &judgement) }
      return
    }
    strangers[at].lastSubject = UInt32.max
    guard strangers[at].guests.count <= Crowds.limit, let home = home(moment, place, visit, profile, &judgement) else {
      return
    }
    let guest = Guest(
      party: party, holder: holder, first: moment.time, row: moment.row, home: home,
      tenant: moment.operation.tenant)
    strangers[at].guests.append(guest)
    tell(moment, place, strangers[at], guest, &judgement)
  }

  /// The place's index; a look-up by the origin's number, mostly.
  private mutating func index(_ moment: Moment, _ place: OriginKey) -> Int {
    let origin = Int(moment.event.origin)
    if origin >= ofOrigin.count {
      ofOrigin.append(contentsOf: repeatElement(-1, count: max(256, origin + 1 - ofOrigin.count)))
    }
    if ofOrigin[origin] >= 0 { return Int(ofOrigin[origin]) }
    let at = slots[place] ?? Int32(strangers.count)
    if Int(at) == strangers.count {
      slots[place] = at
      strangers.append(
        Stranger(place: place, first: moment.time, last: moment.time, isKnown: false, day: Int32.min))
    }
    ofOrigin[origin] = at
    return Int(at)
  }

  private mutating func note(_ moment: Moment, _ place: OriginKey, _ judgement: inout Judgement) -> Int {
    let at = index(moment, place)
    if strangers[at].day != moment.day {
      let key = judgement.memory.key([Array("place".utf8), judgement.name(place, moment.origin)])
      // A place first used last night is as new as one of this morning: the run knows the hour, the memory the day.
      let before = strangers[at].day == Int32.min ? moment.day : Timestamp.utcDay(strangers[at].first)
      if judgement.memory.days(key, before: before, within: 63) > 0 { strangers[at].isKnown = true }
      strangers[at].day = moment.day
      judgement.memory.remember(key, on: moment.day)
    }
    strangers[at].last = moment.time
    return at
  }

  // MARK: who counts

  /// Where the holder otherwise works; nil where it has no home, or the place is part of it.
  private func home(
    _ moment: Moment, _ place: OriginKey, _ visit: (holder: Int, home: Int), _ profile: Judgement.Profile,
    _ judgement: inout Judgement
  ) -> Whereabouts.Home? {
    switch profile.sessionClass {
    case .pipeline, .function, .accessToken, .agent, .human, .serviceLinked: return nil
    default: break
    }
    let attestor = judgement.attestor(moment, profile)
    if judgement.survey.egress.excuses(moment, place, attestor: attestor)
      || judgement.survey.isReaddressed(moment, attestor: attestor, within: grantSpan)
    {
      return nil
    }
    let holder = judgement.whereabouts.holders[visit.holder]
    if holder.roams { return nil }
    let here = holder.homes[visit.home]
    let isOneVPC = judgement.oneVPC[Int(moment.operation.source)]
    var best: Whereabouts.Home?
    for home in holder.homes where home.place != place {
      switch home.place.kind {
      case .publicV4, .publicV6:
        // Addresses of one pool are one way out; so are a provider's for what is not bound to a host.
        if home.place.kind != place.kind || home.network == here.network { return nil }
        if !attestor.isPresent, home.provider == here.provider { return nil }
      case .zone: break
      case .private where !isOneVPC: break
      default: continue
      }
      let isSettled = home.uses >= settledUses || home.last - home.first >= settled
      guard isSettled, home.first < here.first else { continue }
      if home.uses > best?.uses ?? 0 { best = home }
    }
    return best
  }

  private func tell(
    _ moment: Moment, _ place: OriginKey, _ stranger: Stranger, _ guest: Guest, _ judgement: inout Judgement
  ) {
    let others = stranger.guests.filter {
      !judgement.areRelated($0.party, guest.party) && !movedTogether($0, guest, moment.time, judgement)
    }
    guard let first = stranger.guests.first, !others.isEmpty else { return }
    report(moment, place, others + [guest], first.tenant, &judgement)
  }

  /// Two with one home who left it for one place: the network changed, or a laptop did, not the hand. Unless the home is in
  /// use at the same time.
  private func movedTogether(_ a: Guest, _ b: Guest, _ now: Int64, _ judgement: borrowing Judgement) -> Bool {
    guard a.home.place == b.home.place else { return false }
    for guest in [a, b] {
      let homes = judgement.whereabouts[guest.holder]?.homes ?? []
      if homes.contains(where: {
        $0.place == guest.home.place && $0.last > guest.first && now - $0.last <= together
      }) {
        return false
      }
    }
    return true
  }

  private func report(
    _ moment: Moment, _ place: OriginKey, _ guests: [Guest], _ tenant: Symbol, _ judgement: inout Judgement
  ) {
    let name = judgement.name(place, moment.origin)
    judgement.report(
      number, moment, key: name, cause: Array("stranger".utf8), severity: .high,
      baseline: guests.map(\.home.firstRow), cite: guests.map { (.trigger, $0.row) }, tenant: tenant
    ) { draft, j in
      let names = guests.map { j.shortName($0.party.name) }.sorted()
      let list = names.joined(separator: ", ")
      draft.title = "\(j.words(moment.origin)): a new address uses \(guests.count) unrelated identities"
      draft.summary =
        "Within a day of its first appearance \(j.words(moment.origin)) was used by \(list). None of them got its credential "
        + "from another, and each of them works from somewhere else."
      draft.explanation.expected =
        guests.map {
          "\(j.shortName($0.party.name)) at \(j.words(originOf: $0.home.firstRow))"
        }
        .sorted().joined(separator: "; ")
      draft.explanation.seen = "\(list) at \(j.words(moment.origin)) with \(j.text(moment.origin.agent))"
      draft.explanation.threshold =
        "two unrelated identities with other homes at a public address first seen within \(Wording.span(span))"
      draft.explanation.state = [("guests", "\(guests.count)")]
      draft.firstSeen = min(draft.firstSeen, guests.map(\.first).min() ?? draft.firstSeen)
    }
  }

  private mutating func evict(_ now: Int64) {
    guard sweep == Int64.min || now - sweep > Timestamp.hour else { return }
    sweep = now
    guard strangers.contains(where: { now - $0.last > span }) else { return }
    strangers.removeAll { now - $0.last > span }
    slots.removeAll()
    for n in strangers.indices { slots[strangers[n].place] = Int32(n) }
    ofOrigin.removeAll()
  }
}

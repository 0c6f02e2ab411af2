import EventModel

/// Learns second addresses that several workloads of one role share (two NAT gateways): a zone that nobody declared.
///
/// At least three other workloads of the role on the same address in one UTC day excuse it for that day (TR1's guard;
/// semantics.md 10), if for one of them it is the first address: an address that is everybody's second one is a thief's.
/// Bounded: 8 workloads an address.
struct EgressZones: Sendable {
  private struct Key: Hashable, Sendable {
    var role: Symbol
    var day: Int32
    var place: OriginKey
  }
  fileprivate struct Users: Sendable {
    var workloads: Set<Symbol> = []
    var began = false
  }
  private struct Tenancy: Hashable, Sendable {
    var tenant: Symbol
    var source: UInt8
  }
  private var users: [Key: Users] = [:]
  private var seenAt: [Int32] = []  // by attestor: index and one, 0 for none
  private var seen: [Seen] = []
  private struct Seen: Sendable {
    var first: OriginKey
    var last: Key
  }
  /// How many workloads of any role used a place, and how many of a tenant began inside a cloud or zone and how many
  /// outside: TR1c's peers.
  private var anyRole: [OriginKey: Set<Symbol>] = [:]
  private var begun: [Tenancy: Begun] = [:]
  private struct Begun: Sendable {
    var inside: Set<Symbol> = []
    var outside: Set<Symbol> = []
    func isNormInside(besides one: Symbol, peers: Int) -> Bool {
      let inside = inside.subtracting([one]).count
      return inside >= peers && inside > outside.subtracting([one]).count
    }
  }
  private let clouds: [Network]
  private(set) var learned = 0
  static let others = 3

  init(clouds: [Network]) { self.clouds = clouds }

  mutating func survey(_ moment: Moment, _ place: OriginKey, attestor: Symbol) {
    guard place.isPlace, attestor.isPresent, !moment.isServiceMade, moment.event.outcome != .denied else { return }
    let key = Key(role: moment.subject.name, day: moment.day, place: place)
    let mine = index(of: attestor, place)
    if seen[mine].last == key { return }
    seen[mine].last = key
    let begins = seen[mine].first == place
    var known = users[key] ?? Users()
    let before = known.excuses
    if known.workloads.count < 8 { known.workloads.insert(attestor) }
    known.began = known.began || begins
    if known.excuses, !before { learned += 1 }
    users[key] = known
    guard place.kind == .publicV4 || place.kind == .publicV6 || place.kind == .zone else { return }
    if grow(&anyRole[place, default: []], attestor, limit: 4) == 2 { learned += 1 }
    let tenancy = Tenancy(tenant: moment.operation.tenant, source: moment.operation.source)
    guard begins else { return }
    var peers = begun[tenancy] ?? Begun()
    let norm = peers.isNormInside(besides: .none, peers: EgressZones.others)
    if place.kind == .zone || clouds.contains(where: { $0.contains(moment.origin.address) }) {
      _ = grow(&peers.inside, attestor, limit: 8)
    } else {
      _ = grow(&peers.outside, attestor, limit: 8)
    }
    if peers.isNormInside(besides: .none, peers: EgressZones.others) != norm { learned += 1 }
    begun[tenancy] = peers
  }

  private mutating func index(of attestor: Symbol, _ place: OriginKey) -> Int {
    let at = Int(attestor.raw)
    if at >= seenAt.count { seenAt.append(contentsOf: repeatElement(0, count: max(1024, at + 1 - seenAt.count))) }
    if seenAt[at] == 0 {
      seen.append(Seen(first: place, last: Key(role: .none, day: 0, place: .none)))
      seenAt[at] = Int32(seen.count)
    }
    return Int(seenAt[at]) - 1
  }

  /// How many there are now, where the set grew.
  private func grow(_ set: inout Set<Symbol>, _ one: Symbol, limit: Int) -> Int? {
    set.count < limit && set.insert(one).inserted ? set.count : nil
  }

  /// The address is an egress that other workloads of the role use on that day.
  func excuses(_ moment: Moment, _ place: OriginKey, attestor: Symbol) -> Bool {
    guard let known = users[Key(role: moment.subject.name, day: moment.day, place: place)], known.began else {
      return false
    }
    return known.workloads.subtracting([attestor]).count >= EgressZones.others
  }

  /// No other workload ever used the place, and the tenant's others, at least `peers` of them, begin inside a cloud or zone:
  /// where many begin outside, the published ranges do not fit the site.
  func isLonely(_ moment: Moment, _ place: OriginKey, attestor: Symbol, peers: Int) -> Bool {
    let tenancy = Tenancy(tenant: moment.operation.tenant, source: moment.operation.source)
    return (anyRole[place] ?? []).subtracting([attestor]).isEmpty
      && begun[tenancy]?.isNormInside(besides: attestor, peers: peers) == true
  }
}

extension EgressZones.Users {
  fileprivate var excuses: Bool { began && workloads.count > EgressZones.others }
}

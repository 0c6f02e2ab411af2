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
  /// How many workloads of any role used a place, and how many began in a cloud or zone, by tenant: TR1c's peers.
  private var anyRole: [OriginKey: Set<Symbol>] = [:]
  private var settled: [Tenancy: Set<Symbol>] = [:]
  private(set) var learned = 0
  static let others = 3

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
    if grow(&settled[tenancy, default: []], attestor, limit: 8) == EgressZones.others + 1 { learned += 1 }
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

  /// No other workload ever used the place, though the log shows at least `peers` others at work.
  func isLonely(_ moment: Moment, _ place: OriginKey, attestor: Symbol, peers: Int) -> Bool {
    let tenancy = Tenancy(tenant: moment.operation.tenant, source: moment.operation.source)
    return (anyRole[place] ?? []).subtracting([attestor]).isEmpty
      && (settled[tenancy] ?? []).subtracting([attestor]).count >= peers
  }
}

extension EgressZones.Users {
  fileprivate var excuses: Bool { began && workloads.count > EgressZones.others }
}

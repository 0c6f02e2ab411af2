import EventModel

/// Learns second addresses that several sessions of one role share (two NAT gateways): a zone that nobody declared.
///
/// At least three other sessions of the role on the same address in one UTC day excuse it for that day (TR1's guard;
/// semantics.md 10). Bounded: 16 addresses a role and day, 8 sessions an address.
struct EgressZones: Sendable {
  private struct Key: Hashable, Sendable {
    var role: Symbol
    var day: Int32
    var place: OriginKey
  }
  private var sessions: [Key: Set<Symbol>] = [:]
  private(set) var learned = 0
  static let others = 3

  mutating func survey(_ moment: Moment, _ place: OriginKey) {
    guard place.isPlace, moment.subject.session.isPresent, moment.subject.attestor.isPresent, !moment.isServiceMade,
      moment.event.outcome != .denied
    else { return }
    let key = Key(role: moment.subject.name, day: moment.day, place: place)
    var known = sessions[key] ?? []
    guard known.count < 8, known.insert(moment.subject.session).inserted else { return }
    if known.count == EgressZones.others + 1 { learned += 1 }
    sessions[key] = known
  }

  /// The address is an egress that other sessions of the role use on that day.
  func excuses(_ moment: Moment, _ place: OriginKey) -> Bool {
    guard let known = sessions[Key(role: moment.subject.name, day: moment.day, place: place)] else { return false }
    return known.subtracting([moment.subject.session]).count >= EgressZones.others
  }
}

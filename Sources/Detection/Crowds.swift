import EventModel

/// How many machine identities share a place: a network's way out, a proxy, a runner pool is nobody's own address.
///
/// At most ten names a place, 4 bytes each; a cache spares the look-up of who was there already.
struct Crowds: Sendable {
  static let limit = 8
  private var names: [OriginKey: [Symbol]] = [:]
  private var known: [UInt64] = Array(repeating: 0, count: 16_384)
  /// Places that turned out to be a crowd's after they were judged.
  private(set) var learned = 0

  mutating func note(_ moment: Moment, _ place: OriginKey) {
    guard place.isPlace, moment.subject.kind.isMachine, !moment.isServiceMade, moment.time != Timestamp.none else {
      return
    }
    let pair = UInt64(moment.event.subject) << 32 | UInt64(moment.event.origin)
    let slot = Int(truncatingIfNeeded: (pair &* 0x9e37_79b9_7f4a_7c15) >> 50)
    if known[slot] == pair &+ 1 { return }
    known[slot] = pair &+ 1
    let name = Reach.identity(moment.subject)
    guard names[place, default: []].count <= Crowds.limit, !names[place, default: []].contains(name) else { return }
    names[place, default: []].append(name)
    if names[place, default: []].count == Crowds.limit + 1 { learned += 1 }
  }

  /// More identities than can be told apart use the place.
  func isCrowd(_ place: OriginKey) -> Bool { names[place, default: []].count > Crowds.limit }

  /// Who uses the place; at most one more than ``limit``.
  func users(of place: OriginKey) -> [Symbol] { names[place] ?? [] }
}

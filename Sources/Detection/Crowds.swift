import EventModel

/// How many machine identities share a place: a network's way out, a proxy, a runner pool is nobody's own address.
///
/// At most ten names a place, 4 bytes each.
struct Crowds: Sendable {
  static let limit = 8
  private var names: [OriginKey: [Symbol]] = [:]
  /// Places that turned out to be a crowd's after they were judged.
  private(set) var learned = 0

  /// Of news only.
  mutating func note(_ moment: Moment, _ place: OriginKey) {
    guard place.isPlace, moment.subject.kind.isMachine, !moment.isServiceMade, moment.time != Timestamp.none else {
      return
    }
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

import EventModel
import EventWindow

/// How often each identity takes another one's place in the data at hand: an edge that recurs as the parent's own routine is
/// no news, whichever day a store begins on.
///
/// 40 bytes an edge.
struct MintEdges: Sendable {
  struct Edge: Sendable {
    var count = 0
    var first = Int64.max
    var last = Int64.min
    var steady = false
  }
  private struct Key: Hashable, Sendable {
    var parent: Symbol
    var target: Symbol
  }
  private var edges: [Key: Edge] = [:]
  /// Who takes a target's place; at most 16 each.
  private(set) var parents: [Symbol: Set<Symbol>] = [:]
  /// Whose places an identity takes; at most 16 each.
  private(set) var targets: [Symbol: Set<Symbol>] = [:]
  /// What was learned of edges after some of their uses (they became steady, got siblings, led to more than was known):
  /// rows judged before must be judged again.
  private(set) var learnedLate = 0

  static let uses = 3
  static let spread = 2 * Timestamp.hour

  /// Whose place was taken: the child's holder; the named principal where the child belongs to the parent itself
  /// (federation tokens).
  static func target(_ mint: Mint?, _ moment: Moment) -> Symbol {
    guard let mint, mint.holder.isPresent else { return moment.event.target }
    if mint.holder == Reach.identity(moment.subject), moment.event.target.isPresent { return moment.event.target }
    return mint.holder
  }

  /// Call after ``Reach/survey(_:)`` saw the event.
  mutating func survey(_ moment: Moment, _ mint: Mint?, _ reach: Reach) {
    // People, components and keys that live on make no edges (LM1), so nothing learned of them asks for another look.
    guard moment.tookPlace, moment.time != Timestamp.none, moment.subject.name.isPresent, moment.subject.kind.isMachine,
      !moment.event.flags.contains(.systemActor), !(mint?.kind.isLongLived ?? false)
    else { return }
    let parent = moment.subject.name
    let target = MintEdges.target(mint, moment)
    guard target.isPresent, parent != target else { return }
    let key = Key(parent: parent, target: target)
    var edge = edges[key] ?? Edge()
    edge.count += 1
    edge.first = min(edge.first, moment.time)
    edge.last = max(edge.last, moment.time)
    // Routine: taken up as soon as the parent was seen at work, and again and again since.
    if !edge.steady, edge.count >= MintEdges.uses, edge.last - edge.first >= MintEdges.spread,
      let known = reach[parent]?.first,
      edge.first - known <= 2 * (edge.last - edge.first) / Int64(edge.count - 1)
    {
      edge.steady = true
      learnedLate += 1
    }
    edges[key] = edge
    if add(target, to: &targets, of: parent) { learnedLate += 1 }
    if add(parent, to: &parents, of: target) { learnedLate += 1 }
  }

  /// - Returns: whether there are now enough to judge earlier ones by.
  private func add(_ one: Symbol, to sets: inout [Symbol: Set<Symbol>], of other: Symbol) -> Bool {
    guard sets[other, default: []].count < 16, sets[other, default: []].insert(one).inserted else { return false }
    return sets[other, default: []].count > MintEdges.uses
  }

  /// A target turned out to be for more than was known when somebody took its place.
  mutating func rises(_ name: Symbol, to privilege: Int) {
    if privilege >= 2, parents[name] != nil { learnedLate += 1 }
  }

  func isSteady(_ parent: Symbol, _ target: Symbol) -> Bool {
    edges[Key(parent: parent, target: target)]?.steady ?? false
  }
}

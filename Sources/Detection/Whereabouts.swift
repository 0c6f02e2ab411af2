import EventModel
import EventWindow

/// Where each holder of a credential was seen to work from: a workload by what attests it, everybody else by name.
///
/// Up to eight places each; who has more roams, and a further place says nothing. 40 bytes a place; holders not seen for
/// a month are let go.
struct Whereabouts: Sendable {
  struct Home: Sendable {
    var place: OriginKey
    var first: Int64
    var firstRow: Row
    var last: Int64
    var uses = 0
    /// The provider of its address, or what stands for it.
    var provider: UInt64
    var network: UInt64
  }
  struct Holder: Sendable {
    var name: Symbol
    var homes: [Home] = []
    /// More than can be kept were seen.
    var roams = false
    var last: Int64
  }

  static let limit = 8
  private var slots: [Symbol: Int32] = [:]
  private var subjects: [Int32] = []  // by subject id
  private(set) var holders: [Holder] = []
  private var sweep = Int64.min

  /// - Returns: the holder, and the home of this very place; nil where the event has no place or nobody holds it.
  mutating func note(
    _ moment: Moment, _ holder: Symbol, _ place: OriginKey, provider: UInt64
  ) -> (holder: Int, home: Int)? {
    guard holder.isPresent, place.isPlace, moment.time != Timestamp.none else { return nil }
    evict(moment.time)
    let at = index(moment, holder)
    holders[at].last = moment.time
    if let home = holders[at].homes.firstIndex(where: { $0.place == place }) {
      holders[at].homes[home].last = moment.time
      holders[at].homes[home].uses += 1
      return (at, home)
    }
    if holders[at].homes.count >= Whereabouts.limit {
      holders[at].roams = true
      return nil
    }
    let network = moment.origin.address.network
    holders[at].homes.append(
      Home(
        place: place, first: moment.time, firstRow: moment.row, last: moment.time, uses: 1, provider: provider,
        network: network.high &* 31 ^ network.low))
    return (at, holders[at].homes.count - 1)
  }

  /// What is known of a holder. O(1).
  subscript(_ holder: Symbol) -> Holder? { slots[holder].map { holders[Int($0)] } }

  private mutating func index(_ moment: Moment, _ holder: Symbol) -> Int {
    let subject = Int(moment.event.subject)
    if subject >= subjects.count {
      subjects.append(contentsOf: repeatElement(-1, count: max(256, subject + 1 - subjects.count)))
    }
    if subjects[subject] >= 0 { return Int(subjects[subject]) }
    let known = slots[holder] ?? Int32(holders.count)
    if known == holders.count {
      holders.append(Holder(name: Reach.identity(moment.subject), last: moment.time))
      slots[holder] = known
    }
    subjects[subject] = known
    return Int(known)
  }

  private mutating func evict(_ now: Int64) {
    guard sweep == Int64.min || now - sweep > Timestamp.day else { return }
    sweep = now
    guard holders.contains(where: { now - $0.last > 30 * Timestamp.day }) else { return }
    var kept: [Holder] = []
    var moved: [Symbol: Int32] = [:]
    for (symbol, at) in slots.sorted(by: { $0.value < $1.value })
    where now - holders[Int(at)].last <= 30 * Timestamp.day {
      kept.append(holders[Int(at)])
      moved[symbol] = Int32(kept.count - 1)
    }
    holders = kept
    slots = moved
    subjects.removeAll(keepingCapacity: true)
  }
}

import EventModel

/// Numbers identities from 0 in the order in which they are met: by name once, then by the subject's number. Four bytes a
/// subject.
struct IdentitySlots: Sendable {
  private var slots: [Int32] = []  // by subject id; -1 not met
  private var byName: [Symbol: Int32] = [:]

  var count: Int { byName.count }

  /// The number of the acting identity; ``count`` before the call where it is new.
  mutating func index(_ moment: Moment) -> Int {
    let subject = Int(moment.event.subject)
    if subject >= slots.count {
      slots.append(contentsOf: repeatElement(-1, count: max(256, subject + 1 - slots.count)))
    }
    if slots[subject] >= 0 { return Int(slots[subject]) }
    let name = Reach.identity(moment.subject)
    let at = byName[name] ?? Int32(byName.count)
    byName[name] = at
    slots[subject] = at
    return Int(at)
  }

  /// Nil for one that was not met.
  func find(_ moment: Moment) -> Int? {
    let subject = Int(moment.event.subject)
    return subject < slots.count && slots[subject] >= 0 ? Int(slots[subject]) : nil
  }

  subscript(_ name: Symbol) -> Int? { byName[name].map { Int($0) } }
}

import EventModel

/// How often each machine identity did each operation, and on which days: what scopes are learned from.
///
/// One open-addressing table of 64-bit keys: identity's name, operation, whether it was refused. 16 B a slot, half full at
/// most, so 32 to 64 B a pair; O(1) an event. Past ``limit`` pairs newcomers are not counted.
public struct ActCounts: Sendable {
  public struct Entry: Sendable, Equatable {
    public var name: Symbol
    public var operation: UInt32
    public var isRefused: Bool
    public var count: UInt32
    /// UTC days since 1970; 0 where no event had a time.
    public var firstDay: UInt16
    public var lastDay: UInt16
  }

  private struct Slot {
    var key: UInt64 = 0  // 0 is free: no identity is unnamed
    var count: UInt32 = 0
    var firstDay: UInt16 = 0
    var lastDay: UInt16 = 0
  }

  static let limit = 1 << 21
  private var slots: [Slot] = []
  private var mask = 0
  public private(set) var count = 0
  /// Events of pairs that came past the limit.
  public private(set) var uncounted = 0

  public init() {}

  /// Counts an act that took place or was denied; calls that a service made, copies and failures say nothing of a scope.
  @inline(__always)
  mutating func add(_ event: Event, _ subject: Subject) {
    guard subject.kind.isMachine, subject.name.isPresent, event.flags.isDisjoint(with: ActCounts.skipped) else {
      return
    }
    let isRefused = event.outcome == .denied
    guard isRefused || event.outcome.tookPlace else { return }
    let key = UInt64(subject.name.raw) << 32 | UInt64(event.operation) << 1 | (isRefused ? 1 : 0)
    add(key, event.time == Timestamp.none ? 0 : UInt16(clamping: Timestamp.utcDay(event.time)))
  }

  private static let skipped: EventFlags = [.echo, .serviceMade, .sharedCopy, .console, .future]

  private mutating func add(_ key: UInt64, _ day: UInt16) {
    if slots.isEmpty {
      slots = Array(repeating: Slot(), count: 256)
      mask = 255
    }
    var at = ActCounts.place(key) & mask
    while slots[at].key != key {
      if slots[at].key == 0 {
        guard count < ActCounts.limit else {
          uncounted += 1
          return
        }
        slots[at] = Slot(key: key, count: 1, firstDay: day, lastDay: day)
        count += 1
        if count * 2 > slots.count { grow() }
        return
      }
      at = (at &+ 1) & mask
    }
    if slots[at].count < UInt32.max { slots[at].count &+= 1 }
    if day == 0 { return }
    if day > slots[at].lastDay { slots[at].lastDay = day }
    if day < slots[at].firstDay || slots[at].firstDay == 0 { slots[at].firstDay = day }
  }

  private static func place(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: ByteHash.process.mix(11, key))
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(), count: old.count * 2)
    mask = slots.count - 1
    for slot in old where slot.key != 0 {
      var at = ActCounts.place(slot.key) & mask
      while slots[at].key != 0 { at = (at &+ 1) & mask }
      slots[at] = slot
    }
  }

  /// Every pair, in no order. O(pairs).
  public var entries: [Entry] {
    slots.compactMap { slot in
      slot.key == 0
        ? nil
        : Entry(
          name: Symbol(UInt32(slot.key >> 32)), operation: UInt32(truncatingIfNeeded: slot.key) >> 1,
          isRefused: slot.key & 1 == 1, count: slot.count, firstDay: slot.firstDay, lastDay: slot.lastDay)
    }
  }
}

/// Small numbers by 64-bit keys: open addressing, seeded, one cache line a look-up; 16 bytes a slot, three quarters full at
/// most. For what `Dictionary<UInt64, …>` takes five times as long.
public struct KeyTable: Sendable {
  private struct Slot {
    var key: UInt64 = 0
    /// The value and one; 0 is free.
    var value: UInt32 = 0
  }
  private var slots = Array(repeating: Slot(), count: 256)
  public private(set) var count = 0

  public init() {}

  public func find(_ key: UInt64) -> UInt32? {
    let mask = slots.count - 1
    var at = KeyTable.start(key) & mask
    while slots[at].value != 0 {
      if slots[at].key == key { return slots[at].value - 1 }
      at = (at &+ 1) & mask
    }
    return nil
  }

  /// - Parameters:
  ///   - key: one that is not there yet.
  ///   - value: less than `UInt32.max`.
  public mutating func insert(_ key: UInt64, _ value: UInt32) {
    if count * 4 >= slots.count * 3 { grow() }
    place(Slot(key: key, value: value + 1))
    count += 1
  }

  /// Like ``insert(_:_:)``, and replaces the value of a key that is there.
  public mutating func set(_ key: UInt64, _ value: UInt32) {
    let mask = slots.count - 1
    var at = KeyTable.start(key) & mask
    while slots[at].value != 0 {
      if slots[at].key == key {
        slots[at].value = value + 1
        return
      }
      at = (at &+ 1) & mask
    }
    insert(key, value)
  }

  /// Sets the value of a key, there or not.
  /// - Returns: the value before; nil for a new key.
  public mutating func update(_ key: UInt64, _ value: UInt32) -> UInt32? {
    let mask = slots.count - 1
    var at = KeyTable.start(key) & mask
    while slots[at].value != 0 {
      if slots[at].key == key {
        defer { slots[at].value = value + 1 }
        return slots[at].value - 1
      }
      at = (at &+ 1) & mask
    }
    insert(key, value)
    return nil
  }

  public mutating func removeAll() {
    slots = Array(repeating: Slot(), count: 256)
    count = 0
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(), count: old.count * 2)
    for slot in old where slot.value != 0 { place(slot) }
  }

  private mutating func place(_ slot: Slot) {
    let mask = slots.count - 1
    var at = KeyTable.start(slot.key) & mask
    while slots[at].value != 0 { at = (at &+ 1) & mask }
    slots[at] = slot
  }

  @inline(__always)
  private static func start(_ key: UInt64) -> Int { Int(truncatingIfNeeded: ByteHash.process.mix(11, key)) }
}

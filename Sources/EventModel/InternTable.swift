/// A value that can be interned by one 64-bit key and full equality.
public protocol Internable: Equatable, Sendable {
  /// A well-mixed hash of all that `==` compares.
  var key64: UInt64 { get }
}

/// Distinct values numbered from 0: the dictionary of a dictionary-encoded column. O(1) look-up.
public struct InternTable<Value: Internable>: Sendable {
  public private(set) var values: [Value] = []
  private var slots: [UInt64]
  private var mask: Int

  public init() {
    slots = Array(repeating: 0, count: 256)
    mask = 255
  }

  public var count: Int { values.count }

  @inlinable public subscript(_ id: UInt32) -> Value { values[Int(id)] }

  public mutating func intern(_ value: Value) -> UInt32 {
    let h = value.key64
    let tag = h & 0xffff_ffff_0000_0000
    var at = Int(truncatingIfNeeded: h) & mask
    while slots[at] != 0 {
      let slot = slots[at]
      let id = Int(UInt32(truncatingIfNeeded: slot)) - 1
      if slot & 0xffff_ffff_0000_0000 == tag, values[id] == value { return UInt32(id) }
      at = (at &+ 1) & mask
    }
    values.append(value)
    slots[at] = tag | UInt64(values.count)
    if values.count * 2 > slots.count { grow() }
    return UInt32(values.count - 1)
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    mask = slots.count - 1
    for (id, value) in values.enumerated() {
      let h = value.key64
      var at = Int(truncatingIfNeeded: h) & mask
      while slots[at] != 0 { at = (at &+ 1) & mask }
      slots[at] = (h & 0xffff_ffff_0000_0000) | UInt64(id + 1)
    }
  }
}

/// An interned byte string: equal symbols of one table mean equal bytes. 0 is "absent".
public struct Symbol: Hashable, Sendable, Comparable {
  public var raw: UInt32
  @inlinable public init(_ raw: UInt32) { self.raw = raw }
  public static let none = Symbol(0)
  @inlinable public var isPresent: Bool { raw != 0 }
  @inlinable public static func < (a: Symbol, b: Symbol) -> Bool { a.raw < b.raw }

  /// For tables: one keyed multiplication in place of SipHash, ten times as fast. What a log says does not choose its number.
  @inlinable public func _rawHashValue(seed: Int) -> Int { ByteHash.process.slot(UInt64(raw), seed) }
}

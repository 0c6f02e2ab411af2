/// Keyed hashing of bytes: 64-bit multiply-fold rounds over 8-byte words.
///
/// Not cryptographic. The key is random per process for tables (hash flooding) and per store for content hashes.
/// Cost: about 0.3 ns a byte for short keys.
public struct ByteHash: Sendable, Equatable {
  @usableFromInline let k0: UInt64
  @usableFromInline let k1: UInt64

  public init(k0: UInt64, k1: UInt64) {
    self.k0 = k0 | 1
    self.k1 = k1 | 1
  }

  /// A key that differs in every process.
  public static let process: ByteHash = {
    var random = SystemRandomNumberGenerator()
    return ByteHash(k0: random.next(), k1: random.next())
  }()

  /// A fixed key, for identifiers that must be the same on every machine. Never for tables that log data fills.
  public static let stable = ByteHash(k0: 0x9e37_79b9_7f4a_7c15, k1: 0xc2b2_ae3d_27d4_eb4f)

  @inlinable @inline(__always)
  static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  /// Mixes one word into a running hash.
  @inlinable @inline(__always)
  public func mix(_ h: UInt64, _ word: UInt64) -> UInt64 {
    ByteHash.fold(h ^ word ^ k0, k1 ^ 0xa076_1d64_78bd_642f) &+ word
  }

  @inlinable
  public func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let count = bytes.count
    var h = k1 ^ UInt64(truncatingIfNeeded: count)
    var i = 0
    while i &+ 8 <= count {
      h = unsafe mix(h, bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
      i &+= 8
    }
    if i < count {
      var tail: UInt64 = 0
      while i < count {
        tail = unsafe (tail << 8) | UInt64(bytes[i])
        i &+= 1
      }
      h = mix(h, tail)
    }
    return ByteHash.fold(h ^ k0, 0xe703_7ed1_a0b4_28db ^ k1)
  }

  @inlinable
  public func hash(_ bytes: Span<UInt8>) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe hash($0) }
  }

  @inlinable
  public func hash(_ bytes: [UInt8]) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe hash($0) }
  }
}

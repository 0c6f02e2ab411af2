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

  /// A word's hash value in a `Dictionary` or `Set`, which has a seed of its own.
  @inlinable @inline(__always)
  public func slot(_ word: UInt64, _ seed: Int) -> Int {
    Int(truncatingIfNeeded: mix(UInt64(truncatingIfNeeded: seed), word))
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

  /// For tables and caches of one process: three words at a time, the end read as whole words that overlap. Faster than
  /// ``hash(_:)-(Span<UInt8>)``, and another value: what is stored or compared between machines is hashed with that one.
  @inlinable
  public func quick(_ bytes: Span<UInt8>, _ seed: UInt64) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe quick($0, seed) }
  }

  @inlinable
  func quick(_ bytes: UnsafeRawBufferPointer, _ seed: UInt64) -> UInt64 {
    let count = bytes.count
    var h = seed ^ k1 ^ UInt64(truncatingIfNeeded: count)
    if count < 8 {
      var word: UInt64 = 0
      if count >= 4 {
        let low = unsafe bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
        let high = unsafe bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
        word = UInt64(low) | UInt64(high) << 32
      } else if count > 0 {
        let (first, middle, last) = unsafe (bytes[0], bytes[count / 2], bytes[count &- 1])
        word = UInt64(first) | UInt64(middle) << 8 | UInt64(last) << 16
      }
      return ByteHash.fold(mix(h, word) ^ k0, 0xe703_7ed1_a0b4_28db ^ k1)
    }
    var i = 0
    if count >= 48 {
      // Lanes that do not wait for each other.
      var (a, b, c) = (h, h ^ k0, h &+ k1)
      while i &+ 24 <= count {
        a = unsafe mix(a, bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
        b = unsafe mix(b, bytes.loadUnaligned(fromByteOffset: i &+ 8, as: UInt64.self))
        c = unsafe mix(c, bytes.loadUnaligned(fromByteOffset: i &+ 16, as: UInt64.self))
        i &+= 24
      }
      h = mix(mix(a, b), c)
    }
    while i &+ 8 <= count {
      h = unsafe mix(h, bytes.loadUnaligned(fromByteOffset: i, as: UInt64.self))
      i &+= 8
    }
    if i < count { h = unsafe mix(h, bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)) }
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

/// A hash that is a table's key: hashed once is enough.
public struct HashedKey: Hashable, Sendable {
  public var raw: UInt64
  @inlinable public init(_ raw: UInt64) { self.raw = raw }
  @inlinable public func _rawHashValue(seed: Int) -> Int { ByteHash.process.slot(raw, seed) }
}

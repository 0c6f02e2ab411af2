import Glibc

/// Interned byte strings, compared by bytes and nothing else (NFC and NFD spellings are two symbols).
///
/// Open addressing over a byte arena; about 40 bytes of overhead a symbol. Lookup is O(length). Owned by one task:
/// a worker fills its own table and hands its new symbols to the owner, who maps them (see ``SymbolMapping``).
public struct SymbolTable: Sendable {
  private var arena: [UInt8] = []
  private var starts: [UInt32] = [0, 0]  // symbol n lies in starts[n] ..< starts[n + 1]
  private var slots: [UInt64]  // high half: hash bits, low half: symbol; 0 is free
  private var mask: Int
  private let hasher: ByteHash
  /// Bytes of arena past which newcomers share ``overflow``. Existing symbols are never evicted by newcomers.
  public let budget: Int
  /// How many lookups were answered with ``overflow``.
  public private(set) var overflowed = 0

  public init(hasher: ByteHash = .process, budget: Int = 1 << 30) {
    self.hasher = hasher
    self.budget = min(budget, Int(UInt32.max) - (1 << 20))
    slots = Array(repeating: 0, count: 1024)
    mask = 1023
    _ = intern(Array("(overflow)".utf8))
  }

  /// What newcomers get once the budget is spent.
  public static let overflow = Symbol(1)

  /// Symbols held, "absent" not counted.
  public var count: Int { starts.count - 2 }
  public var byteCount: Int { arena.count + starts.count * 4 + slots.count * 8 }

  public mutating func intern(_ bytes: Span<UInt8>) -> Symbol { intern(bytes) { _ in nil } }

  /// The symbol of `bytes`; where they are new, of what `replaced` makes of them (nil: as they are). One look-up for what is
  /// known already, which is never asked about again.
  public mutating func intern(_ bytes: Span<UInt8>, replaced: (Span<UInt8>) -> [UInt8]?) -> Symbol {
    if bytes.isEmpty { return .none }
    let h = hasher.quick(bytes, 0)
    let tag = (h >> 32) << 32
    var at = Int(truncatingIfNeeded: h) & mask
    while true {
      let slot = slots[at]
      if slot == 0 { break }
      if slot & 0xffff_ffff_0000_0000 == tag {
        let symbol = UInt32(truncatingIfNeeded: slot)
        if equals(symbol, bytes) { return Symbol(symbol) }
      }
      at = (at &+ 1) & mask
    }
    if let other = replaced(bytes) { return intern(other) }
    return insert(bytes, tag: tag, at: at)
  }

  public mutating func intern(_ bytes: [UInt8]) -> Symbol { intern(bytes.span) }
  public mutating func intern(_ text: String) -> Symbol { intern(Array(text.utf8)) }

  /// The symbol of `bytes` if it is known.
  public func find(_ bytes: [UInt8]) -> Symbol? { find(bytes.span) }

  /// The symbol of `bytes` if it is known.
  public func find(_ bytes: Span<UInt8>) -> Symbol? {
    if bytes.isEmpty { return nil }
    let h = hasher.quick(bytes, 0)
    let tag = (h >> 32) << 32
    var at = Int(truncatingIfNeeded: h) & mask
    while slots[at] != 0 {
      let slot = slots[at]
      if slot & 0xffff_ffff_0000_0000 == tag, equals(UInt32(truncatingIfNeeded: slot), bytes) {
        return Symbol(UInt32(truncatingIfNeeded: slot))
      }
      at = (at &+ 1) & mask
    }
    return nil
  }

  private mutating func insert(_ bytes: Span<UInt8>, tag: UInt64, at free: Int) -> Symbol {
    if arena.count + bytes.count > budget {
      overflowed += 1
      return SymbolTable.overflow
    }
    let symbol = UInt32(starts.count - 1)
    unsafe bytes.withUnsafeBufferPointer { unsafe arena.append(contentsOf: $0) }
    starts.append(UInt32(arena.count))
    slots[free] = tag | UInt64(symbol)
    if count * 3 > slots.count * 2 { grow() }
    return Symbol(symbol)
  }

  private mutating func grow() {
    slots = rehashed()
    mask = slots.count - 1
  }

  /// The slots in twice the room. The low hash bits are not stored: each text is hashed again, amortized O(1) an insertion.
  private func rehashed() -> [UInt64] {
    var grown: [UInt64] = Array(repeating: 0, count: slots.count * 2)
    let mask = grown.count - 1
    for slot in slots where slot != 0 {
      let h = withBytes(Symbol(UInt32(truncatingIfNeeded: slot))) { hasher.quick($0, 0) }
      var at = Int(truncatingIfNeeded: h) & mask
      while grown[at] != 0 { at = (at &+ 1) & mask }
      grown[at] = slot
    }
    return grown
  }

  @inline(__always)
  private func equals(_ symbol: UInt32, _ bytes: Span<UInt8>) -> Bool {
    let start = Int(starts[Int(symbol)])
    let length = Int(starts[Int(symbol) &+ 1]) &- start
    guard length == bytes.count else { return false }
    return unsafe arena.withUnsafeBytes { mine in
      unsafe bytes.withUnsafeBytes { theirs in
        unsafe memcmp(mine.baseAddress! + start, theirs.baseAddress!, length) == 0
      }
    }
  }

  /// Calls `body` with the bytes of a symbol, without copying.
  public func withBytes<R>(_ symbol: Symbol, _ body: (Span<UInt8>) -> R) -> R {
    let all = arena.span
    return body(all.extracting(Int(starts[Int(symbol.raw)])..<Int(starts[Int(symbol.raw) + 1])))
  }

  /// A copy of the bytes of a symbol; empty for ``Symbol/none``.
  public func bytes(_ symbol: Symbol) -> [UInt8] {
    let start = Int(starts[Int(symbol.raw)])
    return Array(arena[start..<Int(starts[Int(symbol.raw) + 1])])
  }

  /// For display only: invalid UTF-8 is repaired.
  public func text(_ symbol: Symbol) -> String {
    String(decoding: arena[Int(starts[Int(symbol.raw)])..<Int(starts[Int(symbol.raw) + 1])], as: UTF8.self)
  }

  /// The first sixteen bytes of a text as numbers that are ordered as the bytes are; missing ones are zero.
  public func start(of symbol: Symbol) -> (high: UInt64, low: UInt64) {
    withBytes(symbol) { bytes in
      var words: (high: UInt64, low: UInt64) = (0, 0)
      for n in 0..<16 {
        let byte = n < bytes.count ? UInt64(bytes[n]) : 0
        if n < 8 { words.high = words.high << 8 | byte } else { words.low = words.low << 8 | byte }
      }
      return words
    }
  }

  /// The order of two texts by their bytes.
  public func precedes(_ a: Symbol, _ b: Symbol) -> Bool {
    let (left, right) = (range(a), range(b))
    let order = unsafe arena.withUnsafeBytes { bytes in
      unsafe memcmp(
        bytes.baseAddress! + left.lowerBound, bytes.baseAddress! + right.lowerBound, min(left.count, right.count))
    }
    return order != 0 ? order < 0 : left.count < right.count
  }

  private func range(_ symbol: Symbol) -> Range<Int> { Int(starts[Int(symbol.raw)])..<Int(starts[Int(symbol.raw) + 1]) }
}

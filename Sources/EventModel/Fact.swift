/// What a map says about an act beyond its columns ("grants administrative power", "names an outsider"): the words that
/// sources and detections share. A source states facts, a detection asks for them; neither knows the other.
public struct FactSet: Hashable, Sendable {
  public private(set) var low: UInt128
  public private(set) var high: UInt128
  public init(low: UInt128 = 0, high: UInt128 = 0) {
    self.low = low
    self.high = high
  }
  public static let none = FactSet()
  @inlinable public var isEmpty: Bool { low | high == 0 }
  @inlinable public func contains(_ fact: Fact) -> Bool {
    (fact.bit < 128 ? low >> UInt128(fact.bit) : high >> UInt128(fact.bit - 128)) & 1 == 1
  }
  @inlinable public func intersects(_ other: FactSet) -> Bool { low & other.low | high & other.high != 0 }
  @inlinable public func isSuperset(of other: FactSet) -> Bool {
    low & other.low == other.low && high & other.high == other.high
  }
  @inlinable public func union(_ other: FactSet) -> FactSet { FactSet(low: low | other.low, high: high | other.high) }
  @inlinable public func intersection(_ other: FactSet) -> FactSet {
    FactSet(low: low & other.low, high: high & other.high)
  }
  @inlinable public func subtracting(_ other: FactSet) -> FactSet {
    FactSet(low: low & ~other.low, high: high & ~other.high)
  }
  /// A hash of the facts and a word, for tables of this process.
  public func mixed(into word: UInt64) -> UInt64 {
    let h = ByteHash.process
    let first = h.mix(h.mix(word, UInt64(truncatingIfNeeded: low)), UInt64(truncatingIfNeeded: low >> 64))
    return h.mix(h.mix(first, UInt64(truncatingIfNeeded: high)), UInt64(truncatingIfNeeded: high >> 64))
  }
  public mutating func insert(_ fact: Fact) {
    if fact.bit < 128 { low |= 1 << UInt128(fact.bit) } else { high |= 1 << UInt128(fact.bit - 128) }
  }
  @inlinable public mutating func formUnion(_ other: FactSet) { self = union(other) }

  /// In order, for hashes and comparisons.
  public var words: [UInt64] {
    [low, high].flatMap { [UInt64(truncatingIfNeeded: $0 >> 64), UInt64(truncatingIfNeeded: $0)] }
  }
}

/// One fact of a ``FactVocabulary``.
public struct Fact: Hashable, Sendable {
  public let bit: UInt8
  public init(bit: UInt8) { self.bit = bit }
}

/// The names of all facts that the loaded content uses; at most 256.
public struct FactVocabulary: Sendable {
  public private(set) var names: [String]

  /// - Parameter names: every name that a source or a detection mentions; sorted here, so that bits are stable.
  public init(names: some Sequence<String>) { self.names = Set(names).sorted() }

  public static let limit = 256

  public subscript(_ name: String) -> Fact? {
    names.firstIndex(of: name).flatMap { $0 < FactVocabulary.limit ? Fact(bit: UInt8($0)) : nil }
  }

  /// The facts among `names` that this vocabulary knows.
  public func set(_ wanted: some Sequence<String>) -> FactSet {
    var set = FactSet()
    for name in wanted { if let fact = self[name] { set.insert(fact) } }
    return set
  }

  public func names(of set: FactSet) -> [String] {
    names.enumerated().compactMap { set.contains(Fact(bit: UInt8($0.offset))) ? $0.element : nil }
  }
}

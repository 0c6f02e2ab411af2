/// What a map says about an act beyond its columns ("grants administrative power", "names an outsider"): the words that
/// sources and detections share. A source states facts, a detection asks for them; neither knows the other.
public struct FactSet: Hashable, Sendable {
  public var bits: UInt128
  public init(bits: UInt128 = 0) { self.bits = bits }
  public static let none = FactSet()
  @inlinable public var isEmpty: Bool { bits == 0 }
  @inlinable public func contains(_ fact: Fact) -> Bool { bits & (1 << UInt128(fact.bit)) != 0 }
  @inlinable public func intersects(_ other: FactSet) -> Bool { bits & other.bits != 0 }
  @inlinable public mutating func insert(_ fact: Fact) { bits |= 1 << UInt128(fact.bit) }
  @inlinable public mutating func formUnion(_ other: FactSet) { bits |= other.bits }
}

/// One fact of a ``FactVocabulary``.
public struct Fact: Hashable, Sendable {
  public let bit: UInt8
  public init(bit: UInt8) { self.bit = bit }
}

/// The names of all facts that the loaded content uses; at most 128.
public struct FactVocabulary: Sendable {
  public private(set) var names: [String]

  /// - Parameter names: every name that a source or a detection mentions; sorted here, so that bits are stable.
  public init(names: some Sequence<String>) { self.names = Set(names).sorted() }

  public static let limit = 128

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

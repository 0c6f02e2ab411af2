/// SplitMix64: tiny, fast, and the same numbers on every platform, so that a seed names a data set.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A `stream` name gives every actor numbers of its own: changing one actor leaves the others' events as they were.
  public init(seed: UInt64, stream: String = "") {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in stream.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    state = seed ^ hash
  }

  @inlinable public mutating func next() -> UInt64 { advance() }

  @usableFromInline mutating func advance() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number from 0 up to but not including `bound`.
  public mutating func below(_ bound: Int) -> Int {
    Int(advance().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A number from 0 up to but not including 1.
  public mutating func unit() -> Double { Double(advance() >> 11) * 0x1p-53 }

  public mutating func between(_ low: Double, _ high: Double) -> Double { low + unit() * (high - low) }

  public mutating func chance(_ probability: Double) -> Bool { unit() < probability }

  public mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

  /// `count` characters of `alphabet`.
  public mutating func letters(_ count: Int, of alphabet: String) -> String {
    let letters = Array(alphabet)
    return String((0..<count).map { _ in letters[below(letters.count)] })
  }

  public mutating func hex(_ count: Int) -> String { letters(count, of: "0123456789abcdef") }

  public mutating func digits(_ count: Int) -> String { letters(count, of: "0123456789") }

  /// A random UUID, version 4.
  public mutating func uuid() -> String {
    let variant = letters(1, of: "89ab")
    return "\(hex(8))-\(hex(4))-4\(hex(3))-\(variant)\(hex(3))-\(hex(12))"
  }
}

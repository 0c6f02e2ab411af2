/// Writes little-endian numbers and length-prefixed byte strings: the form of journals and stored positions.
public struct ByteWriter: Sendable {
  public private(set) var bytes: [UInt8] = []
  public init() {}

  public mutating func put<T: FixedWidthInteger>(_ value: T) {
    for i in 0..<MemoryLayout<T>.size { bytes.append(UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: i * 8))) }
  }

  public mutating func put(_ text: [UInt8]) {
    put(UInt32(text.count))
    bytes.append(contentsOf: text)
  }
}

/// Reads what ``ByteWriter`` wrote. Past the end everything is zero and ``isSound`` turns false; never traps.
public struct ByteReader: Sendable {
  private let bytes: [UInt8]
  private var at = 0
  public private(set) var isSound = true

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Everything was read.
  public var isAtEnd: Bool { at == bytes.count }

  public mutating func get<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T {
    let size = MemoryLayout<T>.size
    guard at + size <= bytes.count else {
      isSound = false
      at = bytes.count
      return 0
    }
    var value: T = 0
    for i in (0..<size).reversed() {
      if size > 1 { value <<= 8 }
      value |= T(truncatingIfNeeded: bytes[at + i])
    }
    at += size
    return value
  }

  public mutating func getBytes() -> [UInt8] {
    let count = Int(get(UInt32.self))
    guard count >= 0, at + count <= bytes.count else {
      isSound = false
      at = bytes.count
      return []
    }
    defer { at += count }
    return Array(bytes[at..<(at + count)])
  }

  /// A count of items of at least `size` bytes each: never more than the rest can hold.
  public mutating func getCount(of size: Int) -> Int {
    let count = Int(get(UInt32.self))
    guard count * max(1, size) <= bytes.count - at else {
      isSound = false
      return 0
    }
    return count
  }
}

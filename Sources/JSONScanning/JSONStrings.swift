/// The slow half of reading strings: escapes, bytes beyond ASCII, and the last bytes of a buffer.
enum JSONStrings {
  /// Validates a string from `start`, before which everything is plain, to its closing quote. `.value(end:)` is the index
  /// of that quote. Linear; the plain runs between escapes still go by in blocks.
  @inline(never)
  static func finish(_ bytes: ScannedBytes, from start: Int) -> (outcome: ScanOutcome, isEscaped: Bool) {
    var index = start
    var isEscaped = false
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") { return (.value(end: index), isEscaped) }
      if byte == UInt8(ascii: "\\") {
        isEscaped = true
        switch escape(bytes, at: index) {
        case .value(let end): index = end
        case let stop: return (stop, isEscaped)
        }
      } else if byte >= 0x80 {
        let end = UTF8Sequence.skipCommon(bytes, from: index)
        if end == index {
          switch UTF8Sequence.check(bytes, at: index) {
          case .value(let end): index = end
          case let stop: return (stop, isEscaped)
          }
        } else {
          index = end
        }
        // Text beyond ASCII comes in runs; a block look-up between two of its letters would be wasted.
        if index < bytes.count && bytes[index] >= 0x80 { continue }
      } else if byte < 0x20 {
        return (.invalid(.controlCharacter, at: index), isEscaped)
      } else {
        index &+= 1
        if !bytes.holds(32, at: index) { continue }
      }
      index = bytes.skipPlain(from: index).index
    }
    return (.incomplete, isEscaped)
  }

  /// Validates the escape whose backslash is at `index`; `.value(end:)` is the index just past it.
  private static func escape(_ bytes: ScannedBytes, at index: Int) -> ScanOutcome {
    guard bytes.holds(2, at: index) else { return .incomplete }
    switch bytes[index &+ 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return .value(end: index &+ 2)
    case UInt8(ascii: "u"):
      for place in index &+ 2..<index &+ 6 {
        if place >= bytes.count { return .incomplete }
        if hexDigit(bytes[place]) == nil { return .invalid(.badEscape, at: place) }
      }
      return .value(end: index &+ 6)
    default:
      return .invalid(.badEscape, at: index &+ 1)
    }
  }

  @inline(__always)
  static func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte &- 0x30)
    case 0x41...0x46: UInt32(byte &- 0x37)
    case 0x61...0x66: UInt32(byte &- 0x57)
    default: nil
    }
  }
}

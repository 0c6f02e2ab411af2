/// One UTF-8 sequence of more than one byte, after table 3-7 of the Unicode standard.
enum UTF8Sequence {
  /// `.value(end:)` is the index just past the sequence whose first byte, at `index`, is 0x80 or more. Overlong forms,
  /// surrogates and what lies past U+10FFFF are told apart by the range of the second byte.
  @inline(__always)
  static func check(_ bytes: ScannedBytes, at index: Int) -> ScanOutcome {
    let length: Int
    var low: UInt8 = 0x80
    var high: UInt8 = 0xBF
    switch bytes[index] {
    case 0xC2...0xDF: length = 2
    case 0xE0:
      length = 3
      low = 0xA0
    case 0xED:
      length = 3
      high = 0x9F
    case 0xE1...0xEF: length = 3
    case 0xF0:
      length = 4
      low = 0x90
    case 0xF1...0xF3: length = 4
    case 0xF4:
      length = 4
      high = 0x8F
    default: return .invalid(.badUTF8, at: index)
    }
    var place = index &+ 1
    while place < index &+ length {
      if place >= bytes.count { return .incomplete }
      let byte = bytes[place]
      if byte < low || byte > high { return .invalid(.badUTF8, at: place) }
      low = 0x80
      high = 0xBF
      place &+= 1
    }
    return .value(end: place)
  }

  /// Moves past whole, right sequences of two and three bytes, and past single ASCII letters between them, as text in
  /// most scripts is made of. Whatever else it meets, and the last bytes of the buffer, it leaves to `check`.
  @inline(__always)
  static func skipCommon(_ bytes: ScannedBytes, from start: Int) -> Int {
    var index = start
    while bytes.holds(4, at: index) {
      let word = bytes.word32(at: index)
      if word & 0xC0E0 == 0x80C0 && word & 0x1E != 0 {
        index &+= 2
      } else if word & 0xC0_C0F0 == 0x80_80E0 && word & 0x200F != 0 && word & 0x200F != 0x200D {
        // Neither overlong (below U+0800) nor a surrogate.
        index &+= 3
      } else if word & 0x8080 == 0x8000 && isLetter(UInt8(truncatingIfNeeded: word)) {
        index &+= 1
      } else {
        return index
      }
    }
    return index
  }

  @inline(__always)
  private static func isLetter(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }
}

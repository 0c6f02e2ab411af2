/// Numbers and the three words of JSON.
enum JSONScalars {
  /// Validates the number whose first byte, a digit or `-`, is at `start`; `.value(end:)` is the index just past it. A
  /// number that reaches the end of the buffer counts as whole if it may stop there: inside a container the caller then
  /// runs into the end anyway.
  static func number(_ bytes: ScannedBytes, from start: Int) -> ScanOutcome {
    var index = start
    if bytes[index] == UInt8(ascii: "-") { index &+= 1 }
    if index < bytes.count && bytes[index] == UInt8(ascii: "0") {
      index &+= 1
    } else {
      let digits = index
      index = skipDigits(bytes, from: index)
      if index == digits { return missingDigit(bytes, at: index) }
    }
    if index < bytes.count && bytes[index] == UInt8(ascii: ".") {
      let digits = index &+ 1
      index = skipDigits(bytes, from: digits)
      if index == digits { return missingDigit(bytes, at: index) }
    }
    if index < bytes.count && bytes[index] | 0x20 == UInt8(ascii: "e") {
      index &+= 1
      if index < bytes.count && (bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-")) { index &+= 1 }
      let digits = index
      index = skipDigits(bytes, from: digits)
      if index == digits { return missingDigit(bytes, at: index) }
    }
    if index < bytes.count && !endsScalar(bytes[index]) { return .invalid(.badNumber, at: index) }
    return .value(end: index)
  }

  /// Validates `true`, `false` or `null` at `start`, told apart by the first byte; anything else is a syntax error.
  static func word(_ bytes: ScannedBytes, from start: Int) -> (outcome: ScanOutcome, kind: FieldSlot.Kind) {
    let rest: UInt32
    let kind: FieldSlot.Kind
    switch bytes[start] {
    case UInt8(ascii: "t"): (rest, kind) = (0x6575_7274, .true)
    case UInt8(ascii: "n"): (rest, kind) = (0x6C6C_756E, .null)
    case UInt8(ascii: "f"): (rest, kind) = (0x736C_6166, .false)
    // The two ways to begin a number that are common elsewhere and wrong here.
    case UInt8(ascii: "+"), UInt8(ascii: "."): return (.invalid(.badNumber, at: start), .absent)
    default: return (.invalid(.syntax, at: start), .absent)
    }
    var end = start
    if bytes.holds(4, at: start) && bytes.word32(at: start) == rest {
      end = start &+ 4
    } else {
      for place in 0..<4 {
        if end >= bytes.count { return (.incomplete, kind) }
        if bytes[end] != UInt8(truncatingIfNeeded: rest &>> UInt32(place &* 8)) {
          return (.invalid(.syntax, at: end), kind)
        }
        end &+= 1
      }
    }
    if kind == .false {
      if end >= bytes.count { return (.incomplete, kind) }
      if bytes[end] != UInt8(ascii: "e") { return (.invalid(.syntax, at: end), kind) }
      end &+= 1
    }
    if end < bytes.count && !endsScalar(bytes[end]) { return (.invalid(.syntax, at: end), kind) }
    return (.value(end: end), kind)
  }

  /// Whether a byte may follow a number or a word. Also at top level, so that `012` and `truest` are wrong as a whole
  /// and not a right value with wrong bytes behind it.
  @inline(__always)
  private static func endsScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x0A, 0x0D, 0x09: true
    default: false
    }
  }

  /// The index of the first byte at or after `start` that is no digit; eight at a time.
  @inline(__always)
  private static func skipDigits(_ bytes: ScannedBytes, from start: Int) -> Int {
    var index = start
    while bytes.holds(8, at: index) {
      // A digit less `0` is below 10, so that adding 0x76 does not reach its high bit; what has it already is none.
      let values = bytes.word64(at: index) ^ 0x3030_3030_3030_3030
      let others = ((values & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | values) & 0x8080_8080_8080_8080
      if others != 0 { return index &+ others.trailingZeroBitCount &>> 3 }
      index &+= 8
    }
    while index < bytes.count && bytes[index] &- 0x30 < 10 { index &+= 1 }
    return index
  }

  private static func missingDigit(_ bytes: ScannedBytes, at index: Int) -> ScanOutcome {
    index < bytes.count ? .invalid(.badNumber, at: index) : .incomplete
  }
}

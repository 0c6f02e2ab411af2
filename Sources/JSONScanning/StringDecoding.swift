/// Puts into `out`, cleared first, what a string slot says: escapes decoded, surrogate pairs joined. Lone surrogates are
/// written as the three bytes their code point would have (WTF-8) and `\u0000` as a zero byte, so that different sources
/// never become the same text. Slots of other kinds give their source text, an absent one nothing.
///
/// Linear in the slot's length; allocates only if `out` has to grow. `bytes` and `slot` must come from one scan.
public func decodeString(_ bytes: UnsafeRawBufferPointer, _ slot: FieldSlot, into out: inout [UInt8]) {
  out.removeAll(keepingCapacity: true)
  let window = unsafe ScannedBytes(bytes)
  if slot.kind == .escapedString {
    StringDecoding.decode(window, slot.range, into: &out)
  } else {
    window.append(slot.range, to: &out)
  }
}

enum StringDecoding {
  /// Appends the decoded text of a validated string body. What is not an escape is copied as it is.
  static func decode(_ bytes: ScannedBytes, _ range: Range<Int>, into out: inout [UInt8]) {
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      if byte != UInt8(ascii: "\\") {
        let run = index
        repeat { index &+= 1 } while index < range.upperBound && bytes[index] != UInt8(ascii: "\\")
        bytes.append(run..<index, to: &out)
        continue
      }
      guard index &+ 1 < range.upperBound else { return }
      let letter = bytes[index &+ 1]
      index &+= 2
      switch letter {
      case UInt8(ascii: "b"): out.append(0x08)
      case UInt8(ascii: "t"): out.append(0x09)
      case UInt8(ascii: "n"): out.append(0x0A)
      case UInt8(ascii: "f"): out.append(0x0C)
      case UInt8(ascii: "r"): out.append(0x0D)
      case UInt8(ascii: "u"):
        guard let unit = codeUnit(bytes, at: index, before: range.upperBound) else { return }
        index &+= 4
        if unit & 0xFC00 == 0xD800, index &+ 6 <= range.upperBound, bytes[index] == UInt8(ascii: "\\"),
          bytes[index &+ 1] == UInt8(ascii: "u"),
          let second = codeUnit(bytes, at: index &+ 2, before: range.upperBound), second & 0xFC00 == 0xDC00
        {
          appendUTF8(0x10000 &+ (unit & 0x3FF) &<< 10 | (second & 0x3FF), to: &out)
          index &+= 6
        } else {
          appendUTF8(unit, to: &out)
        }
      default: out.append(letter)
      }
    }
  }

  /// Four hexadecimal digits.
  private static func codeUnit(_ bytes: ScannedBytes, at start: Int, before end: Int) -> UInt32? {
    guard start &+ 4 <= end else { return nil }
    var unit: UInt32 = 0
    for place in start..<start &+ 4 {
      guard let digit = JSONStrings.hexDigit(bytes[place]) else { return nil }
      unit = unit &<< 4 | digit
    }
    return unit
  }

  private static func appendUTF8(_ point: UInt32, to out: inout [UInt8]) {
    func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: point &>> shift) & 0x3F }
    switch point {
    case 0..<0x80: out.append(UInt8(truncatingIfNeeded: point))
    case 0x80..<0x800:
      out.append(0xC0 | UInt8(truncatingIfNeeded: point &>> 6))
      out.append(tail(0))
    case 0x800..<0x10000:
      out.append(0xE0 | UInt8(truncatingIfNeeded: point &>> 12))
      out.append(tail(6))
      out.append(tail(0))
    default:
      out.append(0xF0 | UInt8(truncatingIfNeeded: point &>> 18))
      out.append(tail(12))
      out.append(tail(6))
      out.append(tail(0))
    }
  }
}

/// Text of logs on its way to people: the one set of escapers that every renderer goes through.
///
/// Works on Unicode scalars, never on `Character`: graphemes hide what follows a combining mark.
public enum EscapedText {
  /// For a terminal: no control byte, no C1, no bidi or invisible scalar. They show as `\x1b` and `\u{202e}`.
  /// Line ends and tabs are controls too: one value never makes two lines.
  public static func terminal(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7f }) else { return text }
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if isHazard(scalar) { out.append(contentsOf: shown(scalar).unicodeScalars) } else { out.append(scalar) }
    }
    return String(out)
  }

  /// A CSV cell (RFC 4180): controls shown as on a terminal, a leading formula sign disarmed by `'`, quoted if needed.
  public static func csv(_ text: String) -> String {
    var cell = terminal(text)
    if startsFormula(cell) { cell = "'" + cell }
    guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2c || $0 == 0x27 || $0 == 0x3b || $0 == 0x20 }) else {
      return cell
    }
    var out: [UInt8] = [0x22]
    for byte in cell.utf8 {
      if byte == 0x22 { out.append(0x22) }
      out.append(byte)
    }
    out.append(0x22)
    return String(decoding: out, as: UTF8.self)
  }

  /// Element content and quoted attributes of HTML.
  public static func html(_ text: String) -> String {
    var out: [UInt8] = []
    for byte in terminal(text).utf8 {
      switch byte {
      case 0x26: out += "&amp;".utf8
      case 0x3c: out += "&lt;".utf8
      case 0x3e: out += "&gt;".utf8
      case 0x22: out += "&quot;".utf8
      case 0x27: out += "&#39;".utf8
      case 0x60: out += "&#96;".utf8
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// A path as ASCII: every byte but `A-Z a-z 0-9 . _ - / :` and `%` escapes as `%XX`. A `%` is escaped as well.
  public static func path(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var out: [UInt8] = []
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x3a, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x2f, 0x5f: out.append(byte)
      default: out += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// A spreadsheet would read the cell as a formula: a sign first, also behind spaces, quotes or as a full-width sign.
  private static func startsFormula(_ text: String) -> Bool {
    for scalar in text.unicodeScalars {
      switch scalar {
      case " ", "\"", "'", "\u{a0}", "\u{3000}": continue
      case "=", "+", "-", "@", "|", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}", "\u{2212}": return true
      default: return false
      }
    }
    return false
  }

  static func shown(_ scalar: Unicode.Scalar) -> String {
    let hex = String(scalar.value, radix: 16)
    return scalar.value < 0xa0 ? "\\x" + (hex.utf8.count < 2 ? "0" : "") + hex : "\\u{" + hex + "}"
  }

  /// Controls, and scalars that draw nothing or turn the direction of what follows.
  static func isHazard(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    if value < 0x7f { return value < 0x20 }
    if value < 0xa0 || value == 0xad { return true }
    switch value {
    case 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180b...0x180f, 0x2000...0x200f, 0x2028...0x202f: return true
    case 0x205f...0x206f, 0x2800, 0x3164, 0xfe00...0xfe0f, 0xfeff, 0xffa0, 0xfff0...0xfffb: return true
    case 0xe000...0xf8ff, 0x1d173...0x1d17a, 0xe0000...0x10ffff: return true
    default:
      switch scalar.properties.generalCategory {
      case .format, .control, .unassigned, .surrogate, .lineSeparator, .paragraphSeparator: return true
      default: return false
      }
    }
  }
}

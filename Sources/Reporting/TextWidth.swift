/// Columns that escaped text takes on a terminal, and cutting and wrapping by them.
enum TextWidth {
  /// 0 for marks that combine, 2 for wide East Asian scalars and emoji, else 1.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    let value = scalar.value
    if value < 0x300 { return 1 }
    switch value {
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f: return 2
    case 0xff01...0xff60, 0xffe0...0xffe6, 0x1f000...0x1faff, 0x20000...0x3fffd: return 2
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark: return 0
      default: return 1
      }
    }
  }

  static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + of($1) } }

  /// At most `width` columns; what is cut off shows as `…`. At most three marks stand on one scalar.
  static func cut(_ text: String, _ width: Int) -> String {
    if width <= 0 { return "" }
    if text.utf8.count <= width { return text }
    if of(text) <= width { return text }
    var out = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      let columns = of(scalar)
      if used + columns > width - 1 { break }
      out.append(scalar)
      used += columns
    }
    out.append("…")
    return String(out)
  }

  /// At most `width` columns; what is cut out of the middle shows as `…`: names often differ at their end.
  static func cutInside(_ text: String, _ width: Int) -> String {
    if of(text) <= width { return text }
    if width < 8 { return cut(text, width) }
    var tail = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars.reversed() {
      let columns = of(scalar)
      if used + columns > width * 3 / 5 { break }
      tail.append(scalar)
      used += columns
    }
    return cut(text, width - used) + String(String.UnicodeScalarView(tail.reversed()))
  }

  /// Exactly `width` columns.
  static func pad(_ text: String, _ width: Int) -> String {
    let fitted = cut(text, width)
    return fitted + String(repeating: " ", count: max(0, width - of(fitted)))
  }

  /// Lines of at most `width` columns, broken at spaces where there are some; at most `lines`, the last one cut.
  static func wrap(_ text: String, _ width: Int, lines limit: Int = .max) -> [String] {
    let width = max(1, width)
    var lines: [String] = []
    var line = ""
    var used = 0
    func flush() {
      lines.append(line)
      line = ""
      used = 0
    }
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      var rest = String(word)
      while true {
        let columns = of(rest)
        if used > 0 && used + 1 + columns <= width {
          line += " " + rest
          used += 1 + columns
          break
        }
        if used > 0 { flush() }
        if columns <= width {
          line = rest
          used = columns
          break
        }
        let head = prefix(rest, width)
        line = head
        used = width
        flush()
        rest = String(rest.unicodeScalars.dropFirst(head.unicodeScalars.count))
      }
    }
    if used > 0 || lines.isEmpty { flush() }
    guard lines.count > limit, limit > 0 else { return lines }
    let last = lines[(limit - 1)...].joined(separator: " ")
    return Array(lines[..<(limit - 1)]) + [cut(last, width)]
  }

  /// At least one scalar.
  private static func prefix(_ text: String, _ width: Int) -> String {
    var out = String.UnicodeScalarView()
    var used = 0
    for scalar in text.unicodeScalars {
      used += of(scalar)
      if used > width && !out.isEmpty { break }
      out.append(scalar)
    }
    return String(out)
  }
}

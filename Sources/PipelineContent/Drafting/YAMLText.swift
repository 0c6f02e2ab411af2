/// Writes single values into YAML that people edit.
enum YAMLText {
  /// Plain where that is safe, else in quotes.
  static func scalar(_ text: String) -> String {
    if isPlain(text) { return text }
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) { return "'" + doubled(text) + "'" }
    return "\"" + escaped(text) + "\""
  }

  /// Part of a comment: one line, nothing that a terminal would act on, at most `limit` bytes.
  static func comment(_ text: String, limit: Int = 60) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if out.count >= limit {
        out.append("…")
        break
      }
      out.append(scalar.value >= 0x20 && scalar.value < 0x7f ? scalar : "?")
    }
    return String(out)
  }

  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, first | 0x20 >= 0x61 && first | 0x20 <= 0x7a else { return false }
    if ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased()) { return false }
    return text.utf8.allSatisfy { c in
      (c >= 0x30 && c <= 0x39) || (c | 0x20 >= 0x61 && c | 0x20 <= 0x7a) || Array("_-./".utf8).contains(c)
    }
  }

  private static func doubled(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { $0 += $1 == "'" ? "''" : String($1) }
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { out, scalar in
      switch scalar {
      case "\"", "\\": out += "\\" + String(scalar)
      case "\n": out += "\\n"
      case "\t": out += "\\t"
      default: out += scalar.value < 0x20 || scalar.value == 0x7f ? " " : String(scalar)
      }
    }
  }

  /// A value of a log as a literal glob; nil where it is too long or too strange to stand in a map.
  static func literal(_ value: String) -> String? {
    guard (1...80).contains(value.utf8.count), value.utf8.first != 0x21, value.utf8.first != 0x3d else { return nil }
    guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != 0x7b && $0 != 0x5c }) else { return nil }
    return value.unicodeScalars.reduce(into: "") { $0 += $1 == "*" ? "\\*" : String($1) }
  }
}

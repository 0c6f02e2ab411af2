extension YAMLText {
  /// Part of a comment: one line, nothing that a terminal would act on, at most `limit` scalars.
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

  /// A value of a log as a literal glob; nil where it is too long or too strange to stand in a map.
  static func literal(_ value: String) -> String? {
    guard (1...80).contains(value.utf8.count), value.utf8.first != 0x21, value.utf8.first != 0x3d else { return nil }
    guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f && $0 != 0x7b && $0 != 0x5c }) else { return nil }
    return value.unicodeScalars.reduce(into: "") { $0 += $1 == "*" ? "\\*" : String($1) }
  }
}

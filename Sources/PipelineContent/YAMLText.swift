/// Texts as YAML that this program writes.
public enum YAMLText {
  /// A plain word where that is safe, else double-quoted ASCII with escapes: nothing of a log can end the line.
  public static func scalar(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

  public static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5c: out += "\\\(scalar)"
      case 0x20..<0x7f: out.unicodeScalars.append(scalar)
      case 0..<0x100: out += "\\x" + hex(scalar.value, 2)
      case 0..<0x10000: out += "\\u" + hex(scalar.value, 4)
      default: out += "\\U" + hex(scalar.value, 8)
      }
    }
    return out + "\""
  }

  /// A list in one line.
  public static func list(_ texts: [String]) -> String { "[" + texts.map(quoted).joined(separator: ", ") + "]" }

  private static func hex(_ value: UInt32, _ width: Int) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// Starts with a letter, holds letters, digits, `_`, `-` and `.`, and is no word that YAML reads as something else.
  private static func isPlain(_ text: String) -> Bool {
    let reserved = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
    guard let first = text.utf8.first, !reserved.contains(text.lowercased()) else { return false }
    func isLetter(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7a || byte >= 0x41 && byte <= 0x5a }
    return isLetter(first)
      && text.utf8.allSatisfy { isLetter($0) || $0 >= 0x30 && $0 <= 0x39 || $0 == 0x5f || $0 == 0x2d || $0 == 0x2e }
  }
}

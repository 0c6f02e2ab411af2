import EventModel

/// Secrets that only their surroundings tell: what is assigned to a name like `password`, and the password in a URL.
///
/// For raw records that are kept as evidence, not for the columns: there a name with `secret:` in it is an identifier.
extension SecretRedactor {
  private static let names = [
    "password", "passwd", "pwd", "secret", "token", "api_key", "apikey", "api-key", "access_key", "secret_key",
    "private_key",
    "credential", "passphrase",
  ].map { Array($0.utf8) }

  /// `text` with `[assigned …]` in place of each value behind `NAME=`, and of each password in `scheme://user:password@`;
  /// nil where there is none. Values of fewer than 6 bytes, and those that only stand for a value (`$X`, `<x>`, `{{x}}`,
  /// `***`), stay.
  func withoutAssigned(_ text: Span<UInt8>) -> [UInt8]? {
    var out: [UInt8]?
    var kept = 0
    var i = 0
    while i < text.count {
      let value: Range<Int>?
      switch text[i] {
      case 0x3d where isSecretName(text, before: i): value = (i + 1)..<valueEnd(text, from: i + 1)
      case 0x3a where text.matches([0x2f, 0x2f], at: i + 1): value = urlPassword(text, from: i + 3)
      default: value = nil
      }
      i += 1
      guard let value, value.count >= 6, ![0x24, 0x3c, 0x7b, 0x2a, 0x5b].contains(text[value.lowerBound]) else {
        continue
      }
      var result = out ?? []
      result += [UInt8](copying: text.extracting(kept..<value.lowerBound))
      result += replacement("assigned", text.extracting(value), showsTail: false)
      out = result
      kept = value.upperBound
      i = kept
    }
    guard let out else { return nil }
    return out + [UInt8](copying: text.extracting(kept..<text.count))
  }

  /// Whether an argument of this name (lower case) holds a secret.
  static func isSecret(_ argument: String) -> Bool {
    let bytes = Array(argument.utf8)
    return names.contains { bytes.span.first(of: $0) != nil }
  }

  private func isSecretName(_ text: Span<UInt8>, before equals: Int) -> Bool {
    var end = equals
    while end > 0, text[end - 1] == 0x20 { end -= 1 }
    return SecretRedactor.names.contains { name in
      guard end >= name.count else { return false }
      for n in 0..<name.count {
        let c = text[end - name.count + n]
        if (c >= 0x41 && c <= 0x5a ? c | 0x20 : c) != name[n] { return false }
      }
      return true
    }
  }

  private func valueEnd(_ text: Span<UInt8>, from start: Int) -> Int {
    var end = start
    while end < text.count, !ends(text[end]), text[end] != 0x26, text[end] != 0x3b { end += 1 }
    return end
  }

  /// White space, quotes and the backslash of an escape end every value.
  private func ends(_ c: UInt8) -> Bool { c <= 0x20 || c == 0x22 || c == 0x27 || c == 0x5c }

  private func urlPassword(_ text: Span<UInt8>, from start: Int) -> Range<Int>? {
    var colon: Int?
    var i = start
    while i < text.count, !ends(text[i]), text[i] != 0x2f {
      if text[i] == 0x3a, colon == nil { colon = i }
      if text[i] == 0x40 { return colon.map { ($0 + 1)..<i } }
      i += 1
    }
    return nil
  }
}

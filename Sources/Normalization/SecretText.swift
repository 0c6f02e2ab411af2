/// Says which kinds of secrets stand in a text, never the secrets: those that ``SecretRedactor`` knows by form,
/// `assignment` (`API_KEY=…`, `password: …`, `"secret": "…"`) and `url-password` (`scheme://user:password@host`).
enum SecretText {
  static func kinds(_ text: Span<UInt8>) -> [[UInt8]] {
    var kinds: Set<String> = []
    let redactor = SecretRedactor(hasher: .stable)
    if let clean = redactor.redacted(text) {
      // The redactor writes `[kind hash tail]`.
      var rest = clean[...]
      while let open = rest.firstIndex(of: 0x5b) {
        rest = rest[(open + 1)...]
        guard let end = rest.firstIndex(where: { $0 == 0x20 || $0 == 0x5d }) else { break }
        let word = String(decoding: rest[..<end], as: UTF8.self)
        if SecretRedactor.kinds.contains(word) { kinds.insert(word) }
      }
    }
    let lower = [UInt8](copying: text).lowered
    if hasAssignment(lower) { kinds.insert("assignment") }
    if hasURLPassword(lower) { kinds.insert("url-password") }
    return kinds.sorted().map { Array($0.utf8) }
  }

  private static let names = [
    "password", "passwd", "secret", "token", "api_key", "apikey", "access_key", "secret_key",
    "private_key", "secret_key_base", "pwd",
  ].map { Array($0.utf8) }
  private static let placeholders = [
    "<", "${", "{{", "$(", "your", "xxx", "***", "changeme", "example", "null", "none",
    "true", "false", "[redacted", "redacted", "process.env", "os.environ", "env.",
  ].map { Array($0.utf8) }

  /// A name that ends in a word for a secret, `=` or `:`, and a value of at least 6 characters that is no placeholder.
  private static func hasAssignment(_ text: [UInt8]) -> Bool {
    for i in text.indices where text[i] == 0x3d || text[i] == 0x3a {
      var end = i
      while end > 0, text[end - 1] == 0x22 || text[end - 1] == 0x27 || text[end - 1] == 0x20 || text[end - 1] == 0x5c {
        end -= 1
      }
      guard names.contains(where: { end >= $0.count && Array(text[(end - $0.count)..<end]) == $0 }) else { continue }
      var start = i + 1
      while start < text.count, text[start] == 0x20 || text[start] == 0x22 || text[start] == 0x27 || text[start] == 0x5c
      {
        start += 1
      }
      var stop = start
      while stop < text.count, text[stop] > 0x20, text[stop] != 0x22, text[stop] != 0x27, text[stop] != 0x3b {
        stop += 1
      }
      let value = text[start..<stop]
      if value.count >= 6, !placeholders.contains(where: { value.starts(with: $0) }) { return true }
    }
    return false
  }

  private static func hasURLPassword(_ text: [UInt8]) -> Bool {
    var rest = text.span
    while let at = rest.first(of: [0x3a, 0x2f, 0x2f]) {
      rest = rest.extracting((at + 3)..<rest.count)
      var colon = -1
      for i in 0..<rest.count {
        let c = rest[i]
        if c <= 0x20 || c == 0x2f || c == 0x22 || c == 0x27 { break }
        if c == 0x3a, colon < 0 { colon = i }
        if c == 0x40 {
          if colon > 0, i - colon > 4 { return true }
          break
        }
      }
    }
    return false
  }
}

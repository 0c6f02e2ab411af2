import EventModel

/// Replaces secrets inside text by what kind they are and a keyed hash (reliability.md S07), so that equal secrets still
/// compare equal and none is ever stored.
///
/// Recognised by form: AWS secret keys beside their key id are removed by the maps' paths; here bearer credentials, JWTs,
/// GitHub, Slack, GitLab, npm, OpenAI, Anthropic and Vault tokens, PEM private keys. What only a name tells, and passwords in
/// URLs, are taken out of raw records (`withoutAssigned`).
public struct SecretRedactor: Sendable {
  let hasher: ByteHash

  public init(hasher: ByteHash = .process) { self.hasher = hasher }

  private static let prefixes: [(kind: String, prefix: [UInt8], least: Int)] = [
    ("github-token", Array("ghp_".utf8), 36), ("github-token", Array("gho_".utf8), 36),
    ("github-token", Array("ghu_".utf8), 36), ("github-token", Array("ghs_".utf8), 36),
    ("github-token", Array("ghr_".utf8), 36), ("github-token", Array("github_pat_".utf8), 40),
    ("slack-token", Array("xoxb-".utf8), 20), ("slack-token", Array("xoxp-".utf8), 20),
    ("slack-token", Array("xoxa-".utf8), 20), ("slack-token", Array("xapp-".utf8), 20),
    ("gitlab-token", Array("glpat-".utf8), 24), ("npm-token", Array("npm_".utf8), 36),
    ("api-key", Array("sk-ant-".utf8), 30), ("api-key", Array("sk-proj-".utf8), 30), ("api-key", Array("sk-".utf8), 35),
    ("vault-token", Array("hvs.".utf8), 24), ("vault-token", Array("hvb.".utf8), 24),
    ("google-key", Array("AIza".utf8), 39), ("jwt", Array("eyJ".utf8), 40),
    ("aws-session-token", Array("IQoJb3JpZ2lu".utf8), 100), ("aws-session-token", Array("FwoGZXIvYXdz".utf8), 100),
  ]
  /// Every word that stands for a secret in redacted text.
  static let kinds = Set(prefixes.map(\.kind)).union(["private-key", "bearer"])
  private static let pemStart = Array("-----BEGIN ".utf8)
  private static let pemEnd = Array("-----END ".utf8)
  private static let privateKey = Array("PRIVATE KEY".utf8)
  private static let bearer = Array("earer ".utf8)

  /// `text` without its secrets, or nil where it has none (the common case: one pass, no allocation).
  public func redacted(_ text: Span<UInt8>) -> [UInt8]? {
    var out: [UInt8]?
    var kept = 0
    var i = 0
    while i < text.count {
      if let (kind, end) = secret(in: text, at: i), end > i {
        var result = out ?? []
        for n in kept..<i { result.append(text[n]) }
        result += replacement(kind, text.extracting(i..<end))
        out = result
        kept = end
        i = end
      } else {
        i += 1
      }
    }
    guard var result = out else { return nil }
    for n in kept..<text.count { result.append(text[n]) }
    return result
  }

  /// What stands for a secret: kind, keyed hash, last four characters.
  public func replacement(_ kind: String, _ secret: Span<UInt8>, showsTail: Bool = true) -> [UInt8] {
    let tail =
      showsTail && secret.count >= 20 ? secret.extracting((secret.count - 4)..<secret.count) : secret.extracting(0..<0)
    return Array("[\(kind) \(String(hasher.hash(secret), radix: 16))".utf8) + (tail.isEmpty ? [] : [0x20])
      + [UInt8](copying: tail)
      + [0x5d]
  }

  private func secret(in text: Span<UInt8>, at i: Int) -> (String, Int)? {
    let c = text[i]
    switch c {
    case 0x67, 0x78, 0x6e, 0x73, 0x68, 0x41, 0x65, 0x49, 0x46:  // g x n s h A e I F
      guard i == 0 || !isWord(text[i - 1]) else { return nil }
      for (kind, prefix, least) in SecretRedactor.prefixes where prefix[0] == c && text.matches(prefix, at: i) {
        var end = i + prefix.count
        while end < text.count, isToken(text[end], kind) { end += 1 }
        if end - i >= least { return kind == "jwt" && dots(text, i, end) < 2 ? nil : (kind, end) }
      }
    case 0x2d where text.matches(SecretRedactor.pemStart, at: i):
      let rest = text.extracting(i..<text.count)
      guard let key = rest.first(of: SecretRedactor.privateKey), key < 60 else { return nil }
      let after = rest.extracting(key..<rest.count)
      guard let end = after.first(of: SecretRedactor.pemEnd) else { return ("private-key", text.count) }
      var stop = i + key + end + SecretRedactor.pemEnd.count
      while stop < text.count, text[stop] != 0x2d { stop += 1 }
      while stop < text.count, text[stop] == 0x2d { stop += 1 }
      return ("private-key", stop)
    case 0x42, 0x62:
      guard text.matches(SecretRedactor.bearer, at: i + 1) else { return nil }
      let start = i + 7
      var end = start
      while end < text.count, isToken(text[end], "bearer") { end += 1 }
      if end - start >= 16 { return ("bearer", end) }
    default: break
    }
    return nil
  }

  private func dots(_ text: Span<UInt8>, _ from: Int, _ to: Int) -> Int {
    var n = 0
    for i in from..<to where text[i] == 0x2e { n += 1 }
    return n
  }

  private func isWord(_ c: UInt8) -> Bool {
    (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c == 0x5f
  }

  private func isToken(_ c: UInt8, _ kind: String) -> Bool {
    if isWord(c) || c == 0x2d { return true }
    return c == 0x2e
      ? kind != "github-token"
      : (c == 0x2b || c == 0x2f || c == 0x3d) && (kind == "bearer" || kind == "aws-session-token")
  }
}

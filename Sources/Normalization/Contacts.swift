/// Finds hosts, e-mail addresses, URLs and account numbers in free text, by form alone.
enum Contacts {
  private static let delimiters = Set(" \t\n\r\"'<>(),;[]{}|`".utf8)

  private static func tokens(_ text: String) -> [[UInt8]] {
    text.utf8.split(whereSeparator: { delimiters.contains($0) }).map { slice in
      var token = Array(slice)
      while let last = token.last, last == 0x2e || last == 0x21 || last == 0x3f || last == 0x3a { token.removeLast() }
      return token
    }
  }

  /// Hosts of URLs, lower case, without port and user part; `www.x.y` counts.
  static func hosts(_ text: String) -> [String] {
    tokens(text).compactMap { token in
      var rest = token[...]
      if let at = token.span.first(of: Array("://".utf8)) {
        rest = token[(at + 3)...]
      } else if !token.starts(withText: "www.") {
        return nil
      }
      if let end = rest.firstIndex(where: { $0 == 0x2f || $0 == 0x3f || $0 == 0x23 }) { rest = rest[..<end] }
      if let at = rest.lastIndex(of: 0x40) { rest = rest[(at + 1)...] }
      if let colon = rest.firstIndex(of: 0x3a) { rest = rest[..<colon] }
      return rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self).lowercased()
    }
  }

  /// E-mail addresses, URLs (whole) and account numbers (IBAN: two letters, digits, at least 15 characters).
  static func contacts(_ text: String) -> [String] {
    tokens(text).compactMap { token in
      let isURL = token.contains("://") || token.starts(withText: "www.")
      let at = token.firstIndex(of: 0x40)
      let isMail = at.map { $0 > 0 && token[$0...].contains(0x2e) } ?? false
      return isURL || isMail || isAccount(token) ? String(decoding: token, as: UTF8.self).lowercased() : nil
    }
  }

  /// Places that take what anybody sends and show it to whoever made them: request catchers, pastes, tunnels.
  static func isCatcher(_ name: String) -> Bool {
    let host = name.plain
    return catchers.contains { host == $0 || host.hasSuffix("." + $0) }
      // A label of forty letters carries what a name does not need.
      || host.split(separator: ".").contains { $0.utf8.count >= 40 && !$0.utf8.contains(0x2d) }
      || ["ngrok", "burpcollaborator", "requestbin", "interactsh"].contains { host.contains($0) }
  }

  private static let catchers = [
    "webhook.site", "requestbin.com", "requestcatcher.com", "pipedream.net", "trycloudflare.com", "oast.pro",
    "oast.fun",
    "oast.live", "oast.site", "oast.online", "oast.me", "oastify.com", "interact.sh", "beeceptor.com", "transfer.sh",
    "file.io",
    "0x0.st", "pastebin.com", "paste.ee", "hastebin.com", "ghostbin.com", "dpaste.com", "termbin.com", "anonfiles.com",
    "gofile.io", "temp.sh", "serveo.net", "loca.lt", "localhost.run", "hookbin.com", "mockbin.org", "dnslog.cn",
    "ix.io",
    "canarytokens.com", "postb.in", "localtunnel.me", "bashupload.com", "catbox.moe", "onion",
  ]

  /// An address whose query hands over a long encoded value under a name for data; signatures and tokens have other names.
  static func carriesData(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let start = bytes.span.first(of: Array("://".utf8)),
      let query = bytes[start...].split(separator: 0x3f, maxSplits: 1).dropFirst().first
    else { return false }
    return query.split(separator: 0x26).contains { pair in
      let parts = pair.split(separator: 0x3d, maxSplits: 1)
      guard parts.count == 2, let name = parts.first.map({ String(decoding: $0, as: UTF8.self).lowercased() }),
        ["data", "d", "payload", "exfil", "info", "content", "body", "msg", "b64", "enc", "q", "c", "x"].contains(name)
      else { return false }
      return parts[1].count >= 60
        && parts[1].allSatisfy { c in
          c >= 0x30 && c <= 0x39 || c >= 0x41 && c <= 0x5a || c >= 0x61 && c <= 0x7a || "+/=_-%".utf8.contains(c)
        }
    }
  }

  /// A webhook or bot of a chat service that asks nobody who is sending.
  static func callsChat(_ text: String) -> Bool {
    let bytes = Array(text.lowercased().utf8)
    return bytes.contains("discord.com/api/webhooks") || bytes.contains("discordapp.com/api/webhooks")
      || bytes.contains("api.telegram.org/bot")
  }

  private static func isAccount(_ token: [UInt8]) -> Bool {
    guard token.count >= 15, token.count <= 34 else { return false }
    let letters = token[0..<2].allSatisfy { $0 >= 0x41 && $0 <= 0x5a }
    return letters && token[2..<4].allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
      && token.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x41 && $0 <= 0x5a) }
  }
}

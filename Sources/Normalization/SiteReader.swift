/// Whose a host is: the registrable part of a host name or URL, so that `accounts.example.com` and `example.com` are one site
/// and `example.com.evil.test` is another.
///
/// National domains of one name are one site (`example.co.uk`, `example.de` and `example.com` are `example`); other endings,
/// and country codes that are sold as generic ones, stay (`example.xyz`, `example.io`). Without a list of public suffixes,
/// by form: two letters are a country, a short second label before them is its category.
enum SiteReader {
  static func site(_ text: Span<UInt8>) -> [UInt8] {
    var host = [UInt8](copying: text)
    if let at = find(Array("://".utf8), in: host) { host.removeFirst(at + 3) }
    host = Array(host.prefix { $0 != 0x2f && $0 != 0x3f && $0 != 0x23 && $0 != 0x5c })
    if let at = host.lastIndex(of: 0x40) { host.removeFirst(at + 1) }
    if host.first != 0x5b { host = Array(host.prefix { $0 != 0x3a }) }
    for i in host.indices where host[i] >= 0x41 && host[i] <= 0x5a { host[i] |= 0x20 }
    while host.last == 0x2e { host.removeLast() }
    let labels = host.split(separator: 0x2e, omittingEmptySubsequences: true).map(Array.init)
    // An address has no site but itself.
    guard labels.count > 1, let top = labels.last, top.contains(where: { $0 < 0x30 || $0 > 0x39 }) else { return host }
    let isCountry = top.count == 2 && !generic.contains(String(decoding: top, as: UTF8.self))
    let second = String(decoding: labels[labels.count - 2], as: UTF8.self)
    if isCountry, labels.count > 2, categories.contains(second) { return labels[labels.count - 3] }
    if isCountry || top == Array("com".utf8) { return labels[labels.count - 2] }
    return labels[labels.count - 2] + [0x2e] + top
  }

  private static let generic: Set<String> = [
    "ai", "cc", "co", "fm", "gg", "io", "la", "ly", "me", "ml", "sh", "so", "tk", "to", "tv", "vc", "ws",
  ]
  private static let categories: Set<String> = ["ac", "co", "com", "edu", "gov", "gob", "ne", "net", "or", "org"]

  private static func find(_ mark: [UInt8], in text: [UInt8]) -> Int? {
    guard text.count >= mark.count else { return nil }
    return (0...(text.count - mark.count)).first { Array(text[$0..<($0 + mark.count)]) == mark }
  }
}

import EventModel

/// The family and platform of a client, from its user agent: without brackets, versions and details, so that an upgrade
/// changes nothing (`[Boto3/1.26.0 md/…]` and `Boto3/1.34` are `boto3`).
enum UserAgent {
  static func family(_ text: Span<UInt8>) -> [UInt8] {
    var start = 0
    while start < text.count, text[start] == 0x5b || text[start] == 0x20 { start += 1 }
    var end = start
    while end < text.count, !isEnd(text[end]) { end += 1 }
    var family = [UInt8](copying: text.extracting(start..<end))
    for i in family.indices where family[i] >= 0x41 && family[i] <= 0x5a { family[i] |= 0x20 }
    switch family {
    case Array("mozilla".utf8): return Array("browser".utf8)
    case Array("apn".utf8), Array("app".utf8): return tagged(text) ?? family
    default: return family
    }
  }

  /// `APN/1.0 HashiCorp/1.0 Terraform/1.5`: the third name is the client.
  private static func tagged(_ text: Span<UInt8>) -> [UInt8]? {
    let lower = [UInt8](copying: text).lowered
    for name in ["terraform", "pulumi", "ansible"] where lower.contains(name) { return Array(name.utf8) }
    return nil
  }

  private static func isEnd(_ c: UInt8) -> Bool { c == 0x2f || c == 0x20 || c == 0x5d || c == 0x28 || c == 0x2c }

  static func platform(_ text: Span<UInt8>) -> ClientOS {
    let lower = [UInt8](copying: text).lowered
    if lower.starts(withText: "mozilla/") { return .browser }
    if lower.contains("darwin") || lower.contains("os/macos") || lower.contains("macos/") { return .darwin }
    if lower.contains("os/windows") || lower.contains("windows") { return .windows }
    return lower.contains("linux") ? .linux : .none
  }
}

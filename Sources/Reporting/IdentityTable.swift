import EventModel

/// Identities for a terminal: a line each within the width, under it the practices it breaks and what it uses.
///
/// ```
/// IDENTITY            KIND     OWNER      LAST USED (UTC)   LIVE  OLDEST  EVENTS  DENIED
/// user/partner-feed   user     team-data  2026-03-02 10:15     1       ?     120       3
///   long-lived-secret, not-rotated
///   s3, sts from 203.0.113.4; no declared scope
/// ```
public struct IdentityTable: Sendable {
  public var style: TerminalStyle
  public init(style: TerminalStyle) { self.style = style }

  /// LF after every line; empty for no identities.
  public func render(_ identities: [IdentityEntry]) -> String {
    if identities.isEmpty { return "" }
    var out =
      style.bold(
        line(["IDENTITY", "KIND", "OWNER", "LAST USED (UTC)", "LIVE", "OLDEST", "EVENTS", "DENIED"])) + "\n"
    for identity in identities { out += rows(identity) }
    return out
  }

  private func rows(_ i: IdentityEntry) -> String {
    let last = i.lastUsed.map { String(FindingTable.time($0).prefix(16)) } ?? "no time"
    var out = line([
      i.shortName, i.kind, i.owner ?? "–", last, "\(i.liveCredentials)", i.age, "\(i.events)", "\(i.denied)",
    ])
    out += "\n"
    if !i.flags.isEmpty {
      let flags = i.flags.map(\.rawValue).joined(separator: ", ")
      for text in TextWidth.wrap(flags, style.width - 2) { out += "  " + style.paint(text, level(i)) + "\n" }
    }
    for text in TextWidth.wrap(EscapedText.terminal(details(i)), style.width - 2, lines: 3) {
      out += "  " + style.dim(text) + "\n"
    }
    return out
  }

  private func level(_ i: IdentityEntry) -> Severity { i.flags.count > 3 ? .high : i.flags.count > 1 ? .medium : .low }

  private func details(_ i: IdentityEntry) -> String {
    var parts = [few(i.services)]
    if !i.origins.isEmpty { parts[0] += (parts[0].isEmpty ? "from " : " from ") + few(i.origins) }
    if !i.tenants.isEmpty { parts.append("in " + few(i.tenants)) }
    parts.append(i.isScopeDeclared ? "scope declared" : "no declared scope")
    if let history = i.history { parts.append(history.words) }
    if let first = i.firstUsed { parts.append("first used \(FindingTable.time(first).prefix(10))") }
    return parts.filter { !$0.isEmpty }.joined(separator: "; ")
  }

  private func few(_ texts: [String]) -> String {
    texts.prefix(4).joined(separator: ", ") + (texts.count > 4 ? " and \(texts.count - 4) more" : "")
  }

  /// Widths of all cells: what is left of the terminal after the numbers is the identity's and the owner's. Below 92
  /// columns kind and owner go, below 64 the numbers of credentials, below 48 that of denials.
  private var widths: [Int] {
    var all = [0, 15, 0, 16, 4, 6, 7, 6]
    if style.width < 92 { (all[1], all[2]) = (-1, -1) }
    if style.width < 64 { (all[4], all[5]) = (-1, -1) }
    if style.width < 48 { all[7] = -1 }
    let used = all.filter { $0 >= 0 }.reduce(0) { $0 + $1 + 2 } - 2
    let rest = max(8, style.width - used)
    if all[2] == 0 { all[2] = min(20, rest / 3) }
    all[0] = rest - max(0, all[2])
    return all
  }

  private func line(_ cells: [String]) -> String {
    var parts: [String] = []
    for (n, (cell, width)) in zip(cells, widths).enumerated() where width >= 0 {
      let escaped = EscapedText.terminal(cell)
      let text = n == 0 ? TextWidth.cutInside(escaped, width) : TextWidth.cut(escaped, width)
      let space = String(repeating: " ", count: max(0, width - TextWidth.of(text)))
      parts.append(n >= 4 ? space + text : text + space)
    }
    var text = parts.joined(separator: "  ")
    while text.utf8.last == 0x20 { text.unicodeScalars.removeLast() }
    return text
  }
}

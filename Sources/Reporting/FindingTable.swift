import EventModel

/// Findings for a terminal: two to four lines each, within the width; below 76 columns time and identity get a line.
///
/// ```
/// SEVERITY   LAST SEEN (UTC)      FINDING       DETECTION                IDENTITY
/// critical   2026-03-02 10:15:00  3f2a91bc04    TR1 session-origin-lock  ci-deployer
///            Session of ci-deployer used from 203.0.113.9, issued to 10.0.0.4
/// ```
public struct FindingTable: Sendable {
  public enum Grouping: Sendable {
    /// Gravest first, then the latest; ties by id.
    case severity
    /// Incidents by their gravest finding, in them by time, under a line that names them.
    case incident
  }

  public var style: TerminalStyle
  public var grouping: Grouping
  /// Lines of a title before it is cut.
  public var titleLines = 2

  public init(style: TerminalStyle, grouping: Grouping = .severity) {
    self.style = style
    self.grouping = grouping
  }

  /// The whole table; LF after every line. Empty for no findings.
  public func render(_ findings: [Finding]) -> String {
    if findings.isEmpty { return "" }
    var out = header
    switch grouping {
    case .severity:
      for finding in findings.sorted(by: FindingTable.graver) { out += rows(finding) }
    case .incident:
      for group in FindingTable.incidents(findings) {
        out += title(of: group)
        for finding in group { out += rows(finding) }
      }
    }
    return out
  }

  public var header: String {
    isNarrow
      ? line([("SEVERITY", 9), ("FINDING", 10), ("DETECTION", style.width - 23)])
      : line([
        ("SEVERITY", 9), ("LAST SEEN (UTC)", timeWidth), ("FINDING", 10), ("DETECTION", detectionWidth),
        ("IDENTITY", identityWidth),
      ])
  }

  /// The lines of one finding, for a table that grows while findings come.
  public func rows(_ f: Finding) -> String {
    let detection = f.detection + " " + f.name
    let who = f.identity.name.isEmpty ? f.identity.id : f.identity.name
    let severity = f.severity == .informational ? "info" : f.severity.name
    let time = FindingTable.time(f.lastSeen)
    // Ten digits name a finding: no ellipsis, so that they can be copied.
    let id = String(decoding: f.id.utf8.prefix(10), as: UTF8.self)
    let cells =
      isNarrow
      ? [(severity, 9), (id, 10), (detection, style.width - 23)]
      : [
        (severity, 9), (String(time.prefix(timeWidth)), timeWidth), (id, 10), (detection, detectionWidth),
        (FindingTable.name(who, identityWidth), identityWidth),
      ]
    let text = line(cells)
    var out = style.paint(String(decoding: text.utf8.prefix(severity.utf8.count), as: UTF8.self), f.severity)
    out += String(decoding: text.utf8.dropFirst(severity.utf8.count), as: UTF8.self)
    if isNarrow { out += indented("\(time)  " + FindingTable.name(who, style.width - indent - time.utf8.count - 2)) }
    let title = EscapedText.terminal(f.title.isEmpty ? f.summary : f.title)
    for text in TextWidth.wrap(title, style.width - indent, lines: titleLines) { out += indented(text) }
    return out
  }

  private func indented(_ text: String) -> String { String(repeating: " ", count: indent) + text + "\n" }

  private func title(of group: [Finding]) -> String {
    let worst = group.map(\.severity).max() ?? .informational
    let incident = group[0].incident
    let name = incident.isEmpty ? "no incident" : "incident " + TextWidth.cut(EscapedText.terminal(incident), 17)
    let count = group.count == 1 ? "1 finding" : "\(group.count) findings"
    return style.bold(TextWidth.cut("\(name)  \(count), worst \(worst.name)", style.width)) + "\n"
  }

  /// Cells escaped, padded, two spaces apart; the line has no space at its end.
  private func line(_ cells: [(String, Int)]) -> String {
    var text = cells.map { TextWidth.pad(EscapedText.terminal($0.0), $0.1) }.joined(separator: "  ")
    text = TextWidth.cut(text, style.width)
    while text.utf8.last == 0x20 { text.unicodeScalars.removeLast() }
    return text + "\n"
  }

  private var isNarrow: Bool { style.width < 76 }
  private var indent: Int { isNarrow ? 2 : 11 }
  /// Seconds where there is room for them.
  private var timeWidth: Int { style.width < 100 ? 16 : 19 }
  private var rest: Int { style.width - 9 - timeWidth - 10 - 8 }
  /// Its number says which detection it is: the identity's name goes before its words.
  private var detectionWidth: Int { min(30, rest - max(rest * 2 / 5, min(rest - 14, 22))) }
  private var identityWidth: Int { rest - detectionWidth }

  /// A name that fits, escaped: whole, else without what stands before an ARN's own part, else without its middle. What tells
  /// names apart stands at their ends.
  static func name(_ name: String, _ width: Int) -> String {
    let whole = EscapedText.terminal(name)
    if TextWidth.of(whole) <= width { return whole }
    return TextWidth.cutInside(EscapedText.terminal(IdentityEntry.shortName(name)), width)
  }

  static func time(_ time: Int64) -> String {
    if time == Timestamp.none { return "no time" }
    let text = Array(Timestamp.text(time).utf8)
    return String(decoding: text[..<10] + [0x20] + text[11..<19], as: UTF8.self)
  }

  static func graver(_ a: Finding, _ b: Finding) -> Bool {
    if a.severity != b.severity { return a.severity > b.severity }
    if a.lastSeen != b.lastSeen { return a.lastSeen > b.lastSeen }
    return a.id < b.id
  }

  static func incidents(_ findings: [Finding]) -> [[Finding]] {
    let groups = Dictionary(grouping: findings, by: \.incident).values.map { group in
      group.sorted { ($0.firstSeen, $0.id) < ($1.firstSeen, $1.id) }
    }
    func worst(_ group: [Finding]) -> Finding { group.min(by: graver) ?? group[0] }
    return groups.sorted { graver(worst($0), worst($1)) }
  }
}

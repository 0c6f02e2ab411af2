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
    /// Incidents by their gravest finding, in them by time, under lines that name them and tell their story.
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
      for incident in Incident.all(of: findings) {
        out += heading(incident)
        for finding in incident.findings { out += rows(finding) }
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

  /// Which incident, how grave, and its story where it is more than the one finding below it.
  private func heading(_ incident: Incident) -> String {
    func cut(_ id: String) -> String { TextWidth.cut(EscapedText.terminal(id), 17) }
    let name = incident.id.isEmpty ? "no incident" : "incident " + cut(incident.id)
    let count = incident.findings.count == 1 ? "1 finding" : "\(incident.findings.count) findings"
    var out =
      style.bold(
        TextWidth.cut("\(name)  \(count), worst \(incident.gravest.severity.name)", style.width)) + "\n"
    if incident.findings.count > 1 {
      for text in TextWidth.wrap(EscapedText.terminal(incident.title), style.width - 2, lines: 4) {
        out += "  \(text)\n"
      }
    }
    if !incident.linked.isEmpty {
      let linked = incident.linked.prefix(4).map(cut).joined(separator: ", ")
      out += "  " + style.dim(TextWidth.cut("touches \(linked)", style.width - 2)) + "\n"
    }
    return out
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
}

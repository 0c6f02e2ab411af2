import EventModel
import Evidence

/// The long view of one finding, for `findings show`. LF after every line; within the width.
public struct FindingDetail: Sendable {
  public var style: TerminalStyle
  public init(style: TerminalStyle) { self.style = style }

  /// - Parameter story: the title of its incident.
  public func render(_ stored: StoredFinding, story: String = "") -> String {
    let f = stored.finding
    var page = Page(style: style)
    page.lines +=
      style.paint(f.severity.name, f.severity) + "  "
      + style.bold(TextWidth.cut(EscapedText.terminal(f.detection + " " + f.name), style.width - 16)) + "\n"
    page.paragraph(f.title)
    if f.summary != f.title { page.paragraph(f.summary) }
    page.space()
    page.field("finding", f.id)
    page.field("status", status(stored))
    page.field("family", f.family.rawValue)
    page.field("confidence", f.confidence.confidence)
    page.field("identity", identity(f.identity))
    page.field("credential", credential(f.credential))
    page.field("first seen", Timestamp.text(f.firstSeen))
    page.field("last seen", Timestamp.text(f.lastSeen))
    page.field("count", String(f.count))
    page.field("ATT&CK", f.attack.joined(separator: " "))
    page.field("incident", f.incident)
    if story != f.title { page.field("", story) }
    page.heading("Why")
    page.field("expected", f.explanation.expected)
    page.field("seen", f.explanation.seen)
    page.field("threshold", f.explanation.threshold)
    for (name, value) in f.explanation.state { page.field(name, value) }
    for guardText in f.explanation.guards { page.field("guard", guardText) }
    if !f.lineage.isEmpty {
      page.heading("Lineage")
      for edge in f.lineage {
        page.paragraph(
          "\(edge.from) -> \(edge.to)  by \(edge.mechanism), \(edge.grade.name), joined on \(edge.joinedOn.joined(separator: ", "))"
        )
      }
    }
    page.heading("Evidence")
    for citation in f.evidence { cite(citation, &page) }
    return page.lines
  }

  private func cite(_ c: Finding.Citation, _ page: inout Page) {
    let time = c.time == Timestamp.none ? "no time" : Timestamp.text(c.time)
    page.field(c.role.rawValue, "\(time)  \(c.action) \(c.outcome)  from \(c.origin.isEmpty ? "unknown" : c.origin)")
    page.field("", "\(c.source) \(c.eventID)")
    page.field("", "\(c.file) offset \(c.offset) length \(c.length) record \(c.index)")
    page.field("", c.sha256.isEmpty ? "bytes missing: \(c.missing ?? "not fetched")" : "sha256 \(c.sha256)")
  }

  private func status(_ stored: StoredFinding) -> String {
    guard let state = stored.state, state.status != .open else { return stored.status.rawValue }
    var text = "\(state.status.rawValue) by \(state.owner) at \(Timestamp.text(state.at))"
    if let expires = state.expires { text += " until \(Timestamp.text(expires))" }
    return state.reason.isEmpty ? text : text + ": " + state.reason
  }

  private func identity(_ i: Finding.Identity) -> String {
    var text = i.name.isEmpty || i.name == i.id ? i.id : "\(i.name) (\(i.id))"
    for part in [i.kind, i.source, i.tenant] where !part.isEmpty { text += ", " + part }
    return i.owner.map { text + ", owner " + $0 } ?? text
  }

  private func credential(_ c: Finding.Credential) -> String {
    var text = c.kind.isEmpty ? c.id : "\(c.id), \(c.kind)"
    if let at = c.issuedAt { text += ", issued " + Timestamp.text(at) }
    if let at = c.expiresAt { text += ", expires " + Timestamp.text(at) }
    return text
  }
}

/// Lines of names and values.
struct Page {
  let style: TerminalStyle
  var lines = ""
  private let margin = 12

  init(style: TerminalStyle) { self.style = style }

  mutating func space() { lines += "\n" }

  mutating func heading(_ text: String) { lines += "\n" + style.bold(text) + "\n" }

  mutating func paragraph(_ text: String) {
    if text.isEmpty { return }
    for line in TextWidth.wrap(EscapedText.terminal(text), style.width) { lines += line + "\n" }
  }

  /// Nothing for an empty value.
  mutating func field(_ name: String, _ value: String) {
    if value.isEmpty { return }
    var label = EscapedText.terminal(name)
    if TextWidth.of(label) > margin - 1 {
      lines += TextWidth.cut(label, style.width) + "\n"
      label = ""
    }
    for line in TextWidth.wrap(EscapedText.terminal(value), style.width - margin) {
      lines += style.dim(TextWidth.pad(label, margin)) + line + "\n"
      label = ""
    }
  }
}

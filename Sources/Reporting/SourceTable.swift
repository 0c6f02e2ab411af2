/// The sources as a table: a line each, the title cut to what the width leaves.
public struct SourceTable: Sendable {
  public var style: TerminalStyle
  public init(style: TerminalStyle) { self.style = style }

  /// With LF.
  public var header: String { style.bold(line("NAME", "PLANE", "ACTS", "DETECTIONS", "TITLE")) + "\n" }

  /// With LF.
  public func row(name: String, plane: String, acts: Int, detections: [String], title: String) -> String {
    line(name, plane, "\(acts)", "\(detections.count)", title) + "\n"
  }

  private func line(_ name: String, _ plane: String, _ acts: String, _ detections: String, _ title: String) -> String {
    let nameWidth = min(26, max(12, style.width / 4))
    let cells = [
      TextWidth.pad(EscapedText.terminal(name), nameWidth), TextWidth.pad(EscapedText.terminal(plane), 12),
      TextWidth.pad(acts, 4), TextWidth.pad(detections, 10),
    ]
    let rest = style.width - nameWidth - 12 - 4 - 10 - 8
    let text = cells.joined(separator: "  ") + (rest > 0 ? "  " + TextWidth.cut(EscapedText.terminal(title), rest) : "")
    return TextWidth.cut(text, style.width)
  }
}

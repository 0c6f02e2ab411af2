import EventModel

/// How text is drawn: the width in columns, and whether colour is wanted.
public struct TerminalStyle: Sendable, Equatable {
  /// At least 40.
  public var width: Int
  public var colour: Bool

  public init(width: Int = 100, colour: Bool = false) {
    self.width = max(40, width)
    self.colour = colour
  }

  /// Colour only for a terminal, and not where `NO_COLOR` is set to anything (no-color.org) or `TERM` is `dumb`.
  public init(width: Int, isTerminal: Bool, environment: [String: String]) {
    let refused = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    self.init(width: width, colour: isTerminal && !refused && environment["TERM"] != "dumb")
  }

  /// The only escape sequences that Bittern writes. The text is escaped and padded before.
  func paint(_ text: String, _ severity: Severity) -> String {
    guard colour else { return text }
    let code =
      switch severity {
      case .critical: "1;37;41"
      case .high: "1;31"
      case .medium: "33"
      case .low: "36"
      case .informational: "2"
      }
    return "\u{1b}[\(code)m\(text)\u{1b}[0m"
  }

  func bold(_ text: String) -> String { colour ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
  func dim(_ text: String) -> String { colour ? "\u{1b}[2m\(text)\u{1b}[0m" : text }
}

import Evidence

/// A finding explained: headed paragraphs, names with values, and text that is to be copied as it stands.
public struct ExplanationPage: Sendable {
  public struct Section: Sendable {
    /// A word for JSON, and what stands above it on a page.
    public var key: String
    public var heading: String
    public var fields: [(name: String, value: String)] = []
    /// To be copied: not wrapped.
    public var verbatim: [String] = []
    public init(_ key: String, _ heading: String) {
      self.key = key
      self.heading = heading
    }

    public mutating func add(_ name: String, _ value: String) { if !value.isEmpty { fields.append((name, value)) } }
  }

  public var finding: String
  public var title: String
  public var sections: [Section] = []

  public init(finding: String, title: String) {
    self.finding = finding
    self.title = title
  }

  /// For a terminal or a file: escaped, within the width, but for what is to be copied.
  public func render(_ style: TerminalStyle) -> String {
    var page = Page(style: style)
    page.paragraph(title)
    for section in sections where !section.fields.isEmpty || !section.verbatim.isEmpty {
      page.heading(section.heading)
      for field in section.fields {
        if field.name.isEmpty { page.paragraph("- " + field.value) } else { page.field(field.name, field.value) }
      }
      for text in section.verbatim {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
          page.lines += EscapedText.terminal(String(line)) + "\n"
        }
      }
    }
    return page.lines
  }

  public var json: JSONValue {
    var members: [String: JSONValue] = ["finding": .text(finding), "title": .text(title)]
    for section in sections {
      var said: [JSONValue] = section.fields.map { field in
        field.name.isEmpty ? .text(field.value) : .object(["name": .text(field.name), "value": .text(field.value)])
      }
      said += section.verbatim.map { .text($0) }
      members[section.key] = .array(said)
    }
    return .object(members)
  }
}

import Evidence

/// One thing in a lineage tree: a credential, session, identity or event, and what it minted or did.
public struct LineageNode: Sendable, Equatable {
  public var id: String
  /// What to call it; the id if empty.
  public var label: String
  public var kind: String
  /// How it came from its parent, and how sure that is; empty for a root.
  public var mechanism: String
  public var grade: String
  /// Short facts, in order: uses, times, origins.
  public var facts: [String]
  /// The node that was asked for.
  public var isSubject: Bool
  public var children: [LineageNode]
  /// The fields that join it to its parent.
  public var joinedOn: [String] = []
  /// What was done with it, as members of the JSON: uses, denied, verbs, origins, times.
  public var deeds: [String: JSONValue] = [:]

  public init(
    id: String, label: String = "", kind: String = "", mechanism: String = "", grade: String = "", facts: [String] = [],
    isSubject: Bool = false, children: [LineageNode] = []
  ) {
    self.id = id
    self.label = label
    self.kind = kind
    self.mechanism = mechanism
    self.grade = grade
    self.facts = facts
    self.isSubject = isSubject
    self.children = children
  }

  /// `{id, label, kind, mechanism, grade, joined_on, facts, subject, children}` and what was done with it; empty members
  /// are left out.
  public var json: JSONValue {
    var members = deeds
    members["id"] = .text(id)
    if !joinedOn.isEmpty { members["joined_on"] = .texts(joinedOn) }
    for (name, value) in [("label", label), ("kind", kind), ("mechanism", mechanism), ("grade", grade)]
    where !value.isEmpty { members[name] = .text(value) }
    if !facts.isEmpty { members["facts"] = .texts(facts) }
    if isSubject { members["subject"] = .bool(true) }
    if !children.isEmpty { members["children"] = .array(children.map(\.json)) }
    return .object(members)
  }
}

/// A lineage as a tree of box-drawing lines, children in the order given.
public struct LineageTree: Sendable {
  public var style: TerminalStyle
  /// Deeper nodes show as a count, and so do those that the width has no room for.
  public var maximumDepth = 64
  public init(style: TerminalStyle) { self.style = style }

  /// LF after every line; each within the width.
  public func render(_ root: LineageNode) -> String {
    var out = ""
    draw(root, first: "", rest: "", depth: 0, into: &out)
    return out
  }

  private func draw(_ node: LineageNode, first: String, rest: String, depth: Int, into out: inout String) {
    let room = max(8, style.width - TextWidth.of(first))
    var text = EscapedText.terminal(title(node, label: node.label))
    if TextWidth.of(text) > room {
      // The credential's id stands behind the name.
      text = TextWidth.cut(EscapedText.terminal(title(node, label: IdentityEntry.shortName(node.label))), room)
    }
    out += first + (node.isSubject ? style.bold(text) : text) + "\n"
    let bar = rest + (node.children.isEmpty ? "   " : "│  ")
    for fact in node.facts {
      for line in TextWidth.wrap(EscapedText.terminal(fact), max(8, style.width - TextWidth.of(bar))) {
        out += bar + style.dim(line) + "\n"
      }
    }
    if depth >= maximumDepth || TextWidth.of(rest) + 16 > style.width, !node.children.isEmpty {
      out += rest + "└─ … \(node.children.count) more\n"
      return
    }
    for (i, child) in node.children.enumerated() {
      let last = i == node.children.count - 1
      draw(
        child, first: rest + (last ? "└─ " : "├─ "), rest: rest + (last ? "   " : "│  "), depth: depth + 1, into: &out)
    }
  }

  private func title(_ node: LineageNode, label: String) -> String {
    var text = node.label.isEmpty || node.label == node.id ? node.id : "\(label) (\(node.id))"
    if !node.kind.isEmpty { text += "  " + node.kind }
    if !node.mechanism.isEmpty { text = "\(node.mechanism)\(node.grade.isEmpty ? "" : " [\(node.grade)]"): " + text }
    return node.isSubject ? "▶ " + text : text
  }
}

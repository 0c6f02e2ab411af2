import Detection
import Normalization

/// A source as people read it: what it recognises, which columns it fills with what, its acts, redactions, README.
public struct SourceDescription: Sendable {
  public var name: String
  public var title: String
  public var plane: String
  /// Where it was read from.
  public var folder: String
  /// Alternatives, each a line.
  public var recognise: [String]
  /// In the order of the vocabulary; each alternative a line.
  public var columns: [(name: String, values: [String])]
  /// What each act is about, and what it states.
  public var acts: [(actions: String, states: [String])]
  public var facts: [String]
  public var redactions: [String]
  /// Detections whose parameters name a fact of this source.
  public var detections: [String]
  public var readme: String

  /// - Parameter entry: one of `content.catalogue`.
  public init(_ entry: SourceCatalogue.Entry, in content: Content) {
    let definition = entry.definition
    name = definition.name
    title = definition.title
    plane = definition.plane
    folder = entry.folder
    recognise = definition.recognise.anyOf.map(SourceDescription.text)
    columns = SourceDefinition.ColumnName.allCases.compactMap { column in
      definition.columns[column].map { (column.rawValue, $0.map(SourceDescription.text)) }
    }
    acts = definition.acts.map { ($0.actions.joined(separator: ", "), SourceDescription.states($0)) }
    let facts = Set(definition.acts.flatMap(\.facts))
    self.facts = facts.sorted()
    redactions = definition.redact
    detections = content.engine.definitions.filter { detection in
      detection.parameters.values.values.contains { !facts.isDisjoint(with: $0) }
    }.map(\.id)
    let path = "sources/" + (entry.folder.split(separator: "/").last.map(String.init) ?? name) + "/README.md"
    let tree = content.trees.last { entry.folder.hasPrefix($0.origin) }
    readme = tree?[path].map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// All sources of some content, by name.
  public static func all(_ content: Content) -> [SourceDescription] {
    content.catalogue.entries.map { SourceDescription($0, in: content) }
  }

  private static func text(_ tests: [SourceDefinition.Condition.Test]) -> String {
    tests.map { "\($0.expression): \($0.patterns.isEmpty ? "(absent)" : $0.patterns.joined(separator: " | "))" }
      .joined(separator: ", ")
  }

  private static func text(_ clause: SourceDefinition.Clause) -> String {
    var text = clause.value
    if !clause.table.isEmpty { text += " → " + clause.table.map { "\($0.key): \($0.value)" }.joined(separator: ", ") }
    if !clause.when.anyOf.isEmpty { text += "   when " + clause.when.anyOf.map(self.text).joined(separator: " or ") }
    return text
  }

  private static func states(_ act: SourceDefinition.Act) -> [String] {
    var states: [String] = []
    if !act.when.anyOf.isEmpty { states.append("when " + act.when.anyOf.map(text).joined(separator: " or ")) }
    if let verb = act.verb { states.append("verb \(verb)") }
    if !act.facts.isEmpty { states.append("facts " + act.facts.joined(separator: ", ")) }
    if !act.flags.isEmpty { states.append("flags " + act.flags.joined(separator: ", ")) }
    if let mint = act.mint {
      let child = (mint.child + mint.session + mint.attestor).first.map(text) ?? "a credential"
      states.append("mints \(child) (\(mint.grade))")
    }
    if !act.details.isEmpty { states.append("details " + act.details.map(\.name).joined(separator: ", ")) }
    return states
  }
}

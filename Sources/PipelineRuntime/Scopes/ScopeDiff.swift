import Detection
import EventModel

/// What changed between two files of declarations, identity by identity.
public struct ScopeDiff: Sendable {
  public enum Kind: String, Sendable {
    case added, removed
    /// Allows what the old one did not.
    case widened
    /// No longer allows what the old one did.
    case narrowed
  }

  public struct Change: Sendable, Equatable {
    public var identity: String
    public var kind: Kind
    /// Empty where the identity itself came or went.
    public var part: String
    public var entries: [String]
    /// `*` stands for "all": the part is not bounded.
    public static let all = "*"
  }

  public private(set) var changes: [Change] = []

  public init(from old: [IdentityDeclaration], to new: [IdentityDeclaration]) {
    let before = Dictionary(old.map { ($0.id, $0) }) { first, _ in first }
    let after = Dictionary(new.map { ($0.id, $0) }) { first, _ in first }
    var paired: Set<String> = []
    for id in LearnedScope.sorted(Set(after.keys)) {
      guard let now = after[id] else { continue }
      // A learned file calls identities by their names, a person by another one: what they match pairs them.
      if let was = before[id] ?? old.first(where: { ScopeDiff.isAbout($0, now) }) {
        paired.insert(was.id)
        compare(id, was, now)
      } else {
        changes.append(Change(identity: id, kind: .added, part: "", entries: []))
      }
    }
    for id in LearnedScope.sorted(Set(before.keys)) where !paired.contains(id) {
      changes.append(Change(identity: id, kind: .removed, part: "", entries: []))
    }
  }

  /// The declaration covers everything that the other one matches.
  private static func isAbout(_ declaration: IdentityDeclaration, _ other: IdentityDeclaration) -> Bool {
    other.matches.allSatisfy { glob in declaration.matches.contains { covers($0.text, glob.text) } }
  }

  private static let parts: [(name: String, path: KeyPath<IdentityDeclaration.Scope, [Glob]> & Sendable)] = [
    ("services", \.services), ("actions", \.actions), ("regions", \.regions), ("accounts", \.accounts),
    ("resources", \.resources), ("zones", \.zones), ("tools", \.tools),
  ]

  private mutating func compare(_ id: String, _ was: IdentityDeclaration, _ now: IdentityDeclaration) {
    let (old, new) = (was.scope ?? IdentityDeclaration.Scope(), now.scope ?? IdentityDeclaration.Scope())
    func all(_ entries: [String]) -> [String] { entries.isEmpty ? [Change.all] : entries }
    if was.id == now.id { record(id, "match", was.matches.map(\.text), now.matches.map(\.text)) }
    for part in ScopeDiff.parts {
      record(id, part.name, all(old[keyPath: part.path].map(\.text)), all(new[keyPath: part.path].map(\.text)))
    }
    let everyHour = Set(0...23)
    record(
      id, "hours", (old.hours.isEmpty ? everyHour : old.hours).sorted().map(String.init),
      (new.hours.isEmpty ? everyHour : new.hours).sorted().map(String.init))
    record(id, "duties", was.duties.sorted(), now.duties.sorted())
    record(id, "exceptions", was.exceptions.map(words), now.exceptions.map(words))
  }

  private func words(_ exception: IdentityDeclaration.Exception) -> String {
    "\(exception.detection) until \(Timestamp.text(exception.expires).prefix(10))"
  }

  private mutating func record(_ id: String, _ part: String, _ old: [String], _ new: [String]) {
    let gained = new.filter { entry in !old.contains { ScopeDiff.covers($0, entry) } }
    let lost = old.filter { entry in !new.contains { ScopeDiff.covers($0, entry) } }
    if !gained.isEmpty { changes.append(Change(identity: id, kind: .widened, part: part, entries: gained)) }
    if !lost.isEmpty { changes.append(Change(identity: id, kind: .narrowed, part: part, entries: lost)) }
  }

  /// Whether one pattern allows all that another does: a star of the other counts as a text that only a star matches.
  static func covers(_ wide: String, _ narrow: String) -> Bool { wide == narrow || Glob(wide).matches(narrow) }
}

import Detection
import EventModel
import Evidence

/// What declared scopes would have flagged in the stored history.
public struct ScopeCheck: Sendable {
  /// One act outside a declared scope.
  public struct Violation: Sendable {
    public var identity: String
    public var declaration: String
    public var row: ScopeRow
    /// The parts of the scope that do not allow it.
    public var parts: [ScopePart]
  }

  public private(set) var violations: [Violation] = []
  /// Identities with history that a scope was declared for, and those that none was.
  public private(set) var checked: [String] = []
  public private(set) var undeclared: [String] = []
  /// Declarations with a scope that no history matches.
  public private(set) var unseen: [String] = []

  /// - Parameter identities: give the ids that declarations may match besides names.
  public init(
    _ declarations: [IdentityDeclaration], history: [ScopeRow], identities: [IdentityRow], terms: ScopeTerms
  ) {
    let ids = Dictionary(grouping: identities, by: \.name).mapValues { $0.map(\.id) }
    let groups = Dictionary(grouping: history, by: \.identity)
    var used: Set<String> = []
    for name in LearnedScope.sorted(Set(groups.keys)) {
      let names = [name] + (ids[name] ?? [])
      let found = declarations.first { $0.matches.contains { glob in names.contains { glob.matches($0) } } }
      guard let found, let scope = found.scope else {
        undeclared.append(name)
        continue
      }
      checked.append(name)
      used.insert(found.id)
      for row in groups[name] ?? [] {
        let parts = ScopeCheck.broken(row, scope, terms)
        if parts.isEmpty { continue }
        violations.append(Violation(identity: name, declaration: found.id, row: row, parts: parts))
      }
    }
    unseen = declarations.filter { $0.scope != nil && !used.contains($0.id) }.map(\.id)
  }

  private static func broken(_ row: ScopeRow, _ declared: IdentityDeclaration.Scope, _ terms: ScopeTerms) -> [ScopePart]
  {
    var scope = declared
    // What was too much to be kept apart cannot be judged name by name.
    if row.action == ScopeRow.broad { (scope.actions, scope.tools) = ([], []) }
    if row.region == ScopeRow.broad { (scope.regions, scope.accounts) = ([], []) }
    let operation = ScopeTerms.Operation(
      action: row.action, service: row.service, region: row.region, account: row.account,
      isTool: row.action.hasPrefix("tool:"), isAgent: false)
    return terms.broken(operation, scope)
  }
}

extension ScopePart {
  /// The part of a stored act.
  public func value(_ row: ScopeRow) -> String {
    switch self {
    case .accounts: row.account
    case .regions: row.region
    case .services: row.service
    case .tools: ToolName.bare(row.action)
    default: row.action
    }
  }
}

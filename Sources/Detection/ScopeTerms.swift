import EventModel

/// The parts of a declared scope, in the order in which they name a violation.
public enum ScopePart: UInt8, CaseIterable, Sendable {
  case zones, accounts, regions, hours, tools, services, actions, resources
  var bit: UInt8 { 1 << rawValue }
}

/// How a declared scope is read: what is inside every scope, and which services log in one region only.
///
/// The one place that says whether an operation lies in a scope: OS1 judges events with it, `bittern scope check` the
/// stored history.
public struct ScopeTerms: Sendable {
  /// Calls that every SDK makes: inside every scope.
  public var safe: [Glob]
  public var globalServices: Set<String>
  public var globalRegions: Set<String>

  /// Takes its own parameters out of a detection's.
  public init(_ parameters: inout Parameters) throws(DetectionError) {
    safe = try parameters.list("safe_actions").map(Glob.init)
    globalServices = Set(try parameters.list("global_services"))
    globalRegions = Set(try parameters.list("global_regions"))
  }

  /// The terms of the content's own OS1; nothing is safe and nothing global where it has none.
  public init(_ definitions: [DetectionDefinition]) throws(DetectionError) {
    var parameters = Parameters([:])
    if let own = definitions.first(where: { $0.kind == DeclaredScope.kind }) { parameters = own.parameters }
    for name in ["safe_actions", "global_services", "global_regions"] where parameters.values[name] == nil {
      parameters = Parameters(parameters.values.merging([name: []]) { $1 })
    }
    try self.init(&parameters)
  }

  /// An operation in words. Empty: the log does not say.
  public struct Operation: Sendable {
    public var action: String
    public var service: String
    public var region: String
    public var account: String
    public var isTool: Bool
    /// The caller is an agent: its tools are OS6's matter.
    public var isAgent: Bool
    public init(action: String, service: String, region: String, account: String, isTool: Bool, isAgent: Bool) {
      self.action = action
      self.service = service
      self.region = region
      self.account = account
      self.isTool = isTool
      self.isAgent = isAgent
    }
  }

  public func isSafe(_ action: String) -> Bool { safe.contains { $0.matches(action) } }

  /// What a scope does not allow of an operation by itself: accounts, regions, tools, services, actions.
  public func broken(_ operation: Operation, _ scope: IdentityDeclaration.Scope) -> [ScopePart] {
    if isSafe(operation.action) { return [] }
    var broken: [ScopePart] = []
    func fails(_ globs: [Glob], _ value: String) -> Bool {
      !globs.isEmpty && !value.isEmpty && !globs.contains { $0.matches(value) }
    }
    if fails(scope.accounts, operation.account) { broken.append(.accounts) }
    let isGlobal = globalServices.contains(operation.service) && globalRegions.contains(operation.region)
    if fails(scope.regions, operation.region), !isGlobal { broken.append(.regions) }
    if operation.isTool, !scope.tools.isEmpty {
      if !operation.isAgent, !ToolName.allows(scope.tools, action: operation.action, server: operation.service) {
        broken.append(.tools)
      }
      return broken
    }
    if fails(scope.services, operation.service) { broken.append(.services) }
    if !scope.actions.isEmpty, !scope.actions.contains(where: { $0.matches(operation.action) }) {
      broken.append(.actions)
    }
    return broken
  }
}

/// How a declaration names tools: `tool`, `server`, `server/tool`.
public enum ToolName {
  public static func allows(_ globs: [Glob], action full: String, server: String) -> Bool {
    let tool = bare(full)
    return globs.contains {
      $0.matches(tool) || $0.matches(full)
        || (!server.isEmpty && ($0.matches(server) || $0.matches("\(server)/\(tool)")))
    }
  }

  static func allows(_ globs: [Glob], _ operation: Operation, _ judgement: borrowing Judgement) -> Bool {
    allows(globs, action: judgement.text(operation.action), server: judgement.text(operation.service))
  }

  static func text(_ operation: Operation, _ judgement: borrowing Judgement) -> String {
    bare(judgement.text(operation.action))
  }

  /// A tool's name without the `tool:` of its action.
  public static func bare(_ action: String) -> String {
    action.hasPrefix("tool:") ? String(action.dropFirst(5)) : action
  }
}

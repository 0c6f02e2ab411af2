import Detection
import EventModel
import Evidence

/// One name of a scope and what rests on it.
public struct ScopeEntry: Sendable, Equatable {
  public var name: String
  /// Distinct names that a wildcard stands for; 1 for a plain name.
  public var names = 1
  public var count: Int64 = 0
  /// Days since 1970-01-01; 0 unknown.
  public var lastDay: Int32 = 0
  /// The gravest finding that cites such an act: learned, and to be looked at.
  public var flag: String?

  mutating func add(_ row: ScopeRow) {
    count += row.count
    lastDay = max(lastDay, row.lastDay)
  }
}

/// What one identity did, as a scope that allows just that.
public struct LearnedScope: Sendable {
  public var identity: String
  public var kind = ""
  public var owner: String?
  public var sources: [String] = []
  public var count: Int64 = 0
  public var firstDay: Int32 = 0
  public var lastDay: Int32 = 0
  public var services: [ScopeEntry] = []
  public var actions: [ScopeEntry] = []
  public var regions: [ScopeEntry] = []
  public var accounts: [ScopeEntry] = []
  public var tools: [ScopeEntry] = []
  /// More actions than are kept apart: the scope names services only.
  public var isBroad = false

  public var isEmpty: Bool { [services, actions, regions, accounts, tools].allSatisfy(\.isEmpty) }

  /// Learns from the rows of one identity; what was only denied teaches nothing.
  /// - Parameter flags: by action, the finding that cites it.
  public init(_ identity: String, _ rows: [ScopeRow], terms: ScopeTerms, flags: [String: String] = [:]) {
    self.identity = identity
    let done = rows.filter { $0.count > 0 }
    kind = done.map(\.kind).min() ?? ""
    sources = LearnedScope.sorted(Set(done.map(\.source)))
    count = done.reduce(0) { $0 + $1.count }
    firstDay = done.map(\.firstDay).filter { $0 > 0 }.min() ?? 0
    lastDay = done.map(\.lastDay).max() ?? 0
    isBroad = done.contains { $0.action == ScopeRow.broad }

    let toolRows = done.filter { $0.action.hasPrefix("tool:") }
    tools = LearnedScope.entries(toolRows, flags) { row in
      let tool = Glob.escaped(ToolName.bare(row.action))
      return row.service.isEmpty || row.service == "tools" ? tool : Glob.escaped(row.service) + "/" + tool
    }
    var calls = done.filter { !$0.action.hasPrefix("tool:") }
    // What every SDK does is inside every scope; an identity that does nothing else is declared by it.
    let telling = calls.filter { !terms.isSafe($0.action) }
    if !telling.isEmpty { calls = telling }
    services = LearnedScope.entries(calls) { Glob.escaped($0.service) }
    if !isBroad { actions = ActionWildcards.folded(LearnedScope.entries(calls, flags) { Glob.escaped($0.action) }) }
    let regional = calls.filter {
      !(terms.globalServices.contains($0.service) && terms.globalRegions.contains($0.region))
    }
    regions = LearnedScope.entries(regional.isEmpty ? calls : regional) { Glob.escaped($0.region) }
    accounts = LearnedScope.entries(done) { Glob.escaped($0.account) }
    if done.contains(where: { $0.region == ScopeRow.broad }) { (regions, accounts) = ([], []) }
  }

  /// Names, each once, sorted by their bytes.
  private static func entries(
    _ rows: [ScopeRow], _ flags: [String: String] = [:], _ name: (ScopeRow) -> String
  ) -> [ScopeEntry] {
    var entries: [String: ScopeEntry] = [:]
    for row in rows {
      let name = name(row)
      if name.isEmpty { continue }
      entries[name, default: ScopeEntry(name: name)].add(row)
      if let flag = flags[row.action] { entries[name]?.flag = flag }
    }
    return sorted(Set(entries.keys)).compactMap { entries[$0] }
  }

  static func sorted(_ texts: Set<String>) -> [String] {
    texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// By identity and action, the gravest finding of medium severity or above that an act set off.
  private static func flags(_ findings: [Finding]) -> [String: [String: String]] {
    var flags: [String: [String: String]] = [:]
    let loud = findings.filter { $0.severity >= .medium }
    for finding in loud.sorted(by: { ($0.severity, $1.detection) < ($1.severity, $0.detection) }) {
      for citation in finding.evidence where citation.role == .trigger {
        flags[finding.identity.name, default: [:]][citation.action] = "\(finding.detection) \(finding.severity.name)"
      }
    }
    return flags
  }

  /// Scopes of all identities that a pattern matches, sorted by name.
  public static func learn(
    _ rows: [ScopeRow], identities: [IdentityRow], findings: [Finding] = [], terms: ScopeTerms,
    matching glob: Glob? = nil
  ) -> [LearnedScope] {
    let owners = Dictionary(identities.map { ($0.name, $0.owner) }) { $0 ?? $1 }
    let groups = Dictionary(grouping: rows, by: \.identity)
    let flags = flags(findings)
    return sorted(Set(groups.keys)).compactMap { name in
      if let glob, !glob.matches(name) { return nil }
      var scope = LearnedScope(name, groups[name] ?? [], terms: terms, flags: flags[name] ?? [:])
      scope.owner = owners[name] ?? nil
      return scope.count > 0 ? scope : nil
    }
  }
}

/// Actions of one service that begin alike, as one pattern: where many distinct names show that the next one is only a
/// question of time. Reading needs six names, everything else twelve.
enum ActionWildcards {
  static let readingNames = 6
  static let otherNames = 12

  static func folded(_ entries: [ScopeEntry]) -> [ScopeEntry] {
    let groups = Dictionary(grouping: entries) { head($0.name) }
    var out: [ScopeEntry] = []
    for (head, group) in groups {
      guard let head, group.count >= (isReading(head) ? readingNames : otherNames) else {
        out += group
        continue
      }
      var folded = ScopeEntry(name: head + "*", names: group.count)
      folded.count = group.reduce(0) { $0 + $1.count }
      folded.lastDay = group.map(\.lastDay).max() ?? 0
      folded.flag = group.compactMap(\.flag).min()
      out.append(folded)
    }
    return out.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// `ec2:Describe` of `ec2:DescribeInstances`, `get /apis/` of `get /apis/apps`. nil where a pattern would reach other
  /// kinds of objects (`get pods`: the next one may be secrets).
  static func head(_ action: String) -> String? {
    let bytes = Array(action.utf8)
    if let colon = bytes.firstIndex(of: 0x3a), bytes.firstIndex(of: 0x20) == nil {
      var end = colon + 2
      while end < bytes.count, bytes[end] >= 0x61, bytes[end] <= 0x7a { end += 1 }
      return end < bytes.count ? String(decoding: bytes[..<end], as: UTF8.self) : nil
    }
    guard let space = bytes.firstIndex(of: 0x20), space + 1 < bytes.count, bytes[space + 1] == 0x2f,
      let slash = bytes.lastIndex(of: 0x2f), slash > space + 1
    else { return nil }
    return String(decoding: bytes[...slash], as: UTF8.self)
  }

  private static func isReading(_ head: String) -> Bool {
    if head.utf8.contains(0x20) { return ["get ", "list ", "watch ", "head "].contains { head.hasPrefix($0) } }
    return [":Describe", ":List", ":Get", ":Head", ":Lookup", ":Search"].contains { head.hasSuffix($0) }
  }
}

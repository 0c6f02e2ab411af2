import Detection
import EventModel
import Foundation
import PipelineContent
import Reporting

/// The YAML that declares a finding normal: what fits the detection (a zone, a wider scope, a duty, an own account), and an
/// exception that ends. Every text was loaded before it is shown.
struct NormalDeclaration {
  private let explanation: FindingExplanation
  private var finding: Finding { explanation.finding }

  init(_ explanation: FindingExplanation) { self.explanation = explanation }

  func sections() throws(ContentError) -> [ExplanationPage.Section] {
    var fitting = ExplanationPage.Section("declare", "If it is normal, say so for good")
    for (about, yaml) in suggestions {
      try Configuration.check(snippet: yaml, file: "(suggestion)")
      fitting.verbatim.append("# \(about)\n\(yaml)")
    }
    var exception = ExplanationPage.Section("except", "Or except it for a while: fill in owner and reason")
    if !name.isEmpty {
      let yaml = identity([
        "exceptions:", "  - detection: \(finding.detection)", "    owner: \"\"", "    reason: \"\"",
        "    expires: \(expiry)",
      ])
      try Configuration.check(snippet: yaml, file: "(suggestion)")
      exception.verbatim = ["# \(place)\n\(yaml)"]
    }
    return [fitting, exception]
  }

  private var name: String { finding.identity.name.isEmpty ? finding.identity.id : finding.identity.name }

  /// Where identities go, and how.
  private var place: String {
    explanation.declared.map { "identities.yml: add these keys to the entry '\($0.id)'" }
      ?? "identities.yml: a new entry"
  }

  private func identity(_ lines: [String]) -> String {
    let id = explanation.declared?.id ?? name
    let match = explanation.declared?.matches.map(\.text) ?? [Glob.escaped(name)]
    var out = "identities:\n  - id: \(YAMLText.quoted(id))\n    match: \(YAMLText.list(match))\n"
    for line in lines { out += "    \(line)\n" }
    return out
  }

  /// Ninety days after the finding was last seen; after today where it has no time.
  private var expiry: String {
    let from = finding.lastSeen == Timestamp.none ? Clock.now : finding.lastSeen
    return String(Timestamp.text(from + 90 * Timestamp.day).prefix(10))
  }

  private var suggestions: [(about: String, yaml: String)] {
    var all: [(about: String, yaml: String)] = []
    let definition = explanation.definition
    if let zone { all.append(("bittern.yml: the place is yours", zone)) }
    if definition?.kind == "declared-scope" || definition?.kind == "agent-scope", let scope {
      all.append((place, scope))
    }
    if let account { all.append(("bittern.yml: the account is your own organization's", account)) }
    let duties = (definition?.parameters.values["excused_duties"] ?? []).filter(
      IdentityDeclaration.knownDuties.contains)
    if !duties.isEmpty, !name.isEmpty {
      let known = explanation.declared?.duties.sorted() ?? []
      let about = duties.count > 1 ? place + "; one of \(duties.joined(separator: ", "))" : place
      all.append((about, identity(["duties: \(YAMLText.list(known + [duties[0]].filter { !known.contains($0) }))"])))
    }
    return all
  }

  /// The addresses that the finding's events came from, as a zone: where detections compare places.
  private var zone: String? {
    let kinds = ["origin-lock", "concurrent-origins", "provider-verdict"]
    guard let kind = explanation.definition?.kind, kinds.contains(kind) || finding.family == .tokenReuse else {
      return nil
    }
    var networks: [String] = []
    for citation in finding.evidence where citation.role == .trigger {
      let word = citation.origin.split(separator: " ").first.map(String.init) ?? ""
      let network = word.utf8.contains(0x3a) ? word + "/128" : word + "/32"
      if Network(network) != nil, !networks.contains(network) { networks.append(network) }
    }
    guard !networks.isEmpty else { return nil }
    return "zones:\n  - name: NAME-OF-THE-NETWORK\n    networks: \(YAMLText.list(networks.sorted()))\n"
  }

  /// The declared scope with what was called added.
  private var scope: String? {
    guard !name.isEmpty else { return nil }
    let scope = explanation.declared?.scope ?? IdentityDeclaration.Scope()
    var parts: [(String, [String])] = []
    let additions = seen
    for (part, globs) in [
      ("services", scope.services), ("actions", scope.actions), ("regions", scope.regions),
      ("accounts", scope.accounts),
      ("resources", scope.resources), ("zones", scope.zones), ("tools", scope.tools),
    ] {
      var names = globs.map(\.text)
      for addition in additions[part] ?? [] where !names.contains(addition) { names.append(addition) }
      if !names.isEmpty { parts.append((part, names)) }
    }
    if parts.isEmpty { return nil }
    return identity(["scope:"] + parts.map { "  \($0.0): \(YAMLText.list($0.1))" })
  }

  /// `regions: eu-west-1; actions: s3:GetObject` of OS1's words; OS6 names one tool.
  private var seen: [String: [String]] {
    var seen: [String: [String]] = [:]
    if explanation.definition?.kind == "agent-scope" {
      for citation in finding.evidence where citation.role == .trigger {
        let tool = Glob.escaped(ToolName.bare(citation.action))
        if !tool.isEmpty, seen["tools"]?.contains(tool) != true { seen["tools", default: []].append(tool) }
      }
      return seen
    }
    for part in finding.explanation.seen.components(separatedBy: "; ") {
      let words = part.components(separatedBy: ": ")
      guard words.count >= 2, words[0] != "zones", words[0] != "hours" else { continue }
      let value = words.dropFirst().joined(separator: ": ")
      seen[words[0]] = [Glob.escaped(words[0] == "tools" ? ToolName.bare(value) : value)]
    }
    return seen
  }

  /// An account in the words of the finding that is not the log's own: where trust of an outsider is the matter.
  private var account: String? {
    guard ["LM8", "OS8", "LM1"].contains(finding.detection) else { return nil }
    let words = finding.explanation.seen + " " + finding.summary
    let numbers = words.split { !$0.isNumber }.map(String.init).filter { $0.utf8.count == 12 }
    let known = explanation.configuration.detection.accounts
    let own = [finding.tenant, finding.identity.tenant]
    guard let new = numbers.first(where: { !known.contains($0) && !own.contains($0) }) else { return nil }
    return "organization:\n  accounts: \(YAMLText.list(known.sorted() + [new]))\n"
  }
}

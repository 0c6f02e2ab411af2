import EventModel
import Evidence
import Reporting

/// The lineage of the store as trees for people.
public struct StoredLineage {
  let credentials: [String: CredentialRow]
  private let findings: [StoredFinding]
  private var findingsOf: [String: Int] = [:]
  private(set) var children: [String: [LineageEdgeRow]] = [:]
  private(set) var parents: [String: [LineageEdgeRow]] = [:]

  public init(credentials: [CredentialRow], edges: [LineageEdgeRow], findings: [StoredFinding]) {
    self.credentials = Dictionary(credentials.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
    self.findings = findings
    for stored in findings { findingsOf[stored.finding.credential.id, default: 0] += 1 }
    for edge in edges {
      children[edge.parent, default: []].append(edge)
      parents[edge.child, default: []].append(edge)
    }
  }

  /// The whole tree of everything that `id` names: from each root down.
  public func trees(around id: String) -> [LineageNode] {
    let subjects = named(id)
    let roots = Set(subjects.map(root)).sorted()
    return roots.map { tree($0, subjects: subjects, edge: nil, depth: 0, seen: []) }
  }

  /// Credentials that an id names: itself with or without its prefix, by holder, by finding, by evidence.
  func named(_ id: String) -> Set<String> {
    let forms = [
      id, "AKID:" + id, "K8SJTI:" + id, "K8SJTI:JTI=" + id, "VACC:" + id, "CONV:" + id, "POD:" + id, "INST:" + id,
    ]
    var found = Set(forms.filter { credentials[$0] != nil })
    if !found.isEmpty { return found }
    for row in credentials.values where row.holder == id || row.holder.hasSuffix("/" + id) { found.insert(row.id) }
    if !found.isEmpty { return found }
    for stored in findings {
      let finding = stored.finding
      let cites = finding.evidence.contains { $0.eventID == id || $0.eventID.hasPrefix(id + ":") }
      if finding.id.hasPrefix(id) && id.utf8.count >= 6 || cites || finding.identity.name == id
        || finding.identity.id == id
      {
        if credentials[finding.credential.id] != nil { found.insert(finding.credential.id) }
      }
    }
    return found
  }

  private func root(_ id: String) -> String {
    var at = id
    var seen: Set<String> = [id]
    while let edge = best(parents[at] ?? []), seen.insert(edge.parent).inserted { at = edge.parent }
    return at
  }

  /// A minting credential before an attestor.
  private func best(_ edges: [LineageEdgeRow]) -> LineageEdgeRow? {
    edges.first { $0.mechanism != "attested by" } ?? edges.first
  }

  private func tree(
    _ id: String, subjects: Set<String>, edge: LineageEdgeRow?, depth: Int, seen: Set<String>
  ) -> LineageNode {
    let row = credentials[id]
    var node = LineageNode(
      id: id, label: row.map { $0.holder.isEmpty ? id : $0.holder } ?? id, kind: row?.kind ?? "",
      mechanism: edge?.mechanism ?? "", grade: edge?.grade.name ?? "", facts: row.map(facts) ?? [],
      isSubject: subjects.contains(id))
    node.joinedOn = edge?.joinedOn ?? []
    if let row { node.deeds = deeds(row) }
    guard depth < 32, !seen.contains(id) else { return node }
    // A child that hangs on a credential is not shown again below its attestor.
    let below = (children[id] ?? []).filter { best(parents[$0.child] ?? [])?.parent == id }
    node.children = below.sorted { ($0.time ?? 0, $0.child) < ($1.time ?? 0, $1.child) }.map {
      tree($0.child, subjects: subjects, edge: $0, depth: depth + 1, seen: seen.union([id]))
    }
    return node
  }

  private func facts(_ row: CredentialRow) -> [String] {
    var facts: [String] = []
    if row.uses > 0 {
      let span = [row.firstUsed, row.lastUsed].compactMap { $0.map(Timestamp.text) }.joined(separator: " to ")
      facts.append("\(row.uses) use(s), \(row.denied) denied" + (span.isEmpty ? "" : ", \(span)"))
    }
    if !row.verbs.isEmpty {
      let verbs = row.verbs.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
      facts.append("did: " + verbs.joined(separator: ", "))
    }
    if !row.origins.isEmpty {
      let more = row.origins.count > 4 ? " and \(row.origins.count - 4) more" : ""
      facts.append("from " + row.origins.prefix(4).joined(separator: ", ") + more)
    }
    if let acted = row.lastActed, !row.lastAction.isEmpty {
      facts.append("last act: \(row.lastAction) at \(Timestamp.text(acted))")
    }
    if let issued = row.issuedAt {
      facts.append("issued \(Timestamp.text(issued))" + (row.expiresAt.map { ", expires \(Timestamp.text($0))" } ?? ""))
    }
    if let count = findingsOf[row.id] { facts.append("\(count) finding(s)") }
    return facts
  }

  /// The same as members of the node's JSON.
  private func deeds(_ row: CredentialRow) -> [String: JSONValue] {
    if row.uses == 0 { return [:] }
    return [
      "uses": .int(row.uses), "denied": .int(row.denied), "verbs": .object(row.verbs.mapValues { .int($0) }),
      "origins": .texts(row.origins), "logs": .texts(row.logs), "first_used": .time(row.firstUsed),
      "last_used": .time(row.lastUsed), "last_acted": .time(row.lastActed), "last_action": .text(row.lastAction),
    ]
  }
}

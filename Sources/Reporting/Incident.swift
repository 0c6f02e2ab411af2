import EventModel
import Evidence

/// Findings of one lineage root, else of one identity, on one day: their order, what they tell together, and which other
/// incidents they touch.
public struct Incident: Sendable {
  public let id: String
  /// By time, then id; never empty.
  public let findings: [Finding]
  /// Ids of incidents that share an identity or a public address with this one within 24 hours, sorted.
  public internal(set) var linked: [String] = []

  /// - Parameter findings: of one incident, not empty.
  init(id: String, _ findings: [Finding]) {
    self.id = id
    self.findings = findings.sorted { ($0.firstSeen, $0.id) < ($1.firstSeen, $1.id) }
  }

  /// Gravest first, then the latest. Findings without an incident's id are one each. O(n log n).
  public static func all(of findings: [Finding]) -> [Incident] {
    let groups = Dictionary(grouping: findings) { $0.incident.isEmpty ? $0.id : $0.incident }
    var incidents = groups.map { Incident(id: $0.value[0].incident, $0.value) }
    incidents.sort { FindingTable.graver($0.gravest, $1.gravest) }
    IncidentLinks.fill(&incidents)
    return incidents
  }

  /// The gravest finding, of equals the latest.
  public var gravest: Finding { findings.min(by: FindingTable.graver) ?? findings[0] }

  /// Names of the identities in the order in which they come up.
  public var identities: [String] { Incident.distinct(findings.map(Incident.who)) }
  public var tenants: [String] { Incident.distinct(findings.map(\.identity.tenant)).filter { !$0.isEmpty } }
  public var firstSeen: Int64 { times.min() ?? Timestamp.none }
  public var lastSeen: Int64 { findings.map(\.lastSeen).filter { $0 != Timestamp.none }.max() ?? Timestamp.none }
  private var times: [Int64] { findings.map(\.firstSeen).filter { $0 != Timestamp.none } }

  /// Who, over what chain, how far and what: `a → b, within 11 min, in 2 tenants: used from a second place; then …`.
  /// A function of the findings alone.
  public var title: String {
    if findings.count == 1 { return findings[0].title.isEmpty ? findings[0].summary : findings[0].title }
    var text = chain
    if let span { text += ", within \(span)" }
    if tenants.count > 1 { text += ", in \(tenants.count) tenants" }
    return text + ": " + steps.joined(separator: "; then ")
  }

  private var chain: String {
    let names = identities
    if names.count <= 3 { return names.joined(separator: " → ") }
    return "\(names[0]) → … → \(names[names.count - 1]) (\(names.count) identities)"
  }

  private var span: String? {
    guard let first = times.min(), lastSeen > first else { return nil }
    let seconds = (lastSeen - first) / Timestamp.second
    if seconds < 120 { return "\(max(1, seconds)) s" }
    return seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h"
  }

  /// What began it, the gravest acts and the last one, in their order: of findings at most a level below the gravest.
  private var steps: [String] {
    let worst = gravest.severity
    let telling = findings.filter { $0.severity >= worst.raised(by: -1) }
    let ends = [telling.first, telling.last].compactMap { $0?.id }
    let chosen = ends + telling.filter { $0.severity == worst && !ends.contains($0.id) }.prefix(2).map(\.id)
    return Incident.distinct(telling.filter { chosen.contains($0.id) }.map(Incident.act))
  }

  static func who(_ f: Finding) -> String {
    let name = f.identity.name.isEmpty ? f.identity.id : f.identity.name
    return name.isEmpty ? "an unnamed identity" : IdentityEntry.shortName(name)
  }

  /// A finding's title without the name that it begins with.
  private static func act(_ f: Finding) -> String {
    let title = f.title.isEmpty ? f.summary : f.title
    for lead in [who(f) + ": ", who(f) + " "] where title.utf8.starts(with: lead.utf8) {
      return String(decoding: title.utf8.dropFirst(lead.utf8.count), as: UTF8.self)
    }
    return title
  }

  private static func distinct(_ texts: [String]) -> [String] {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }
  }

  /// One NDJSON object.
  public var value: JSONValue {
    .object([
      "incident": .text(id), "title": .text(title), "severity": .text(gravest.severity.name),
      "first_seen": .time(firstSeen), "last_seen": .time(lastSeen), "identities": .texts(identities),
      "tenants": .texts(tenants), "findings": .texts(findings.map(\.id)), "linked": .texts(linked),
    ])
  }
}

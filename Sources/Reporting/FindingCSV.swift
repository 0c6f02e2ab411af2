import EventModel
import Evidence

/// Findings as CSV: a header, then a row a finding, CRLF, every cell through `EscapedText.csv`.
public enum FindingCSV {
  public static let columns = [
    "id", "detection", "name", "family", "severity", "confidence", "title", "summary", "identity_id", "identity_name",
    "identity_kind", "identity_source", "identity_tenant", "identity_owner", "credential_id", "credential_kind",
    "first_seen", "last_seen", "count", "attack", "incident",
  ]

  /// With CRLF.
  public static var header: String { row(columns) }

  /// With CRLF.
  public static func row(_ f: Finding) -> String {
    let what = [
      f.id, f.detection, f.name, f.family.rawValue, f.severity.name, f.confidence.confidence, f.title, f.summary,
    ]
    let who = [
      f.identity.id, f.identity.name, f.identity.kind, f.identity.source, f.identity.tenant, f.identity.owner ?? "",
      f.credential.id, f.credential.kind,
    ]
    let when = [
      Timestamp.text(f.firstSeen), Timestamp.text(f.lastSeen), String(f.count), f.attack.joined(separator: " "),
      f.incident,
    ]
    return row(what + who + when)
  }

  static func row(_ cells: [String]) -> String { cells.map(EscapedText.csv).joined(separator: ",") + "\r\n" }
}

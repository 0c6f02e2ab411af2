import EventModel
import Evidence

/// Findings as OCSF 1.3 Detection Finding (class 2004), one object a line.
public enum FindingOCSF {
  public static let schemaVersion = "1.3.0"

  /// With LF. A finding without a time has `time` 0, which OCSF requires, and says so in `unmapped`.
  public static func line(_ finding: Finding, productVersion: String) -> [UInt8] {
    value(finding, productVersion: productVersion).line
  }

  static func value(_ f: Finding, productVersion: String) -> JSONValue {
    var unmapped: [String: JSONValue] = [
      "identity": FindingDocument.value(f)["identity"] ?? .null,
      "credential": FindingDocument.value(f)["credential"] ?? .null, "incident": .text(f.incident),
      "explanation": FindingDocument.value(f)["explanation"] ?? .null,
    ]
    let last = milliseconds(f.lastSeen)
    if last == nil { unmapped["no_time"] = .int(1) }
    var members: [String: JSONValue] = [
      "activity_id": .int(1), "activity_name": .text("Create"), "category_uid": .int(2),
      "category_name": .text("Findings"), "class_uid": .int(2004), "class_name": .text("Detection Finding"),
      "type_uid": .int(200_401), "time": .int(last ?? 0), "count": .int(Int64(f.count)),
      "severity_id": .int(Int64(f.severity.rawValue) + 1), "severity": .text(caption(f.severity)),
      "status_id": .int(1), "status": .text("New"), "message": .text(f.title),
      "confidence_id": .int(f.confidence >= .asserted ? 3 : f.confidence == .strong ? 2 : 1),
      "metadata": .object([
        "version": .text(schemaVersion), "uid": .text(f.id),
        "product": .object([
          "name": .text("Bittern"), "vendor_name": .text("Bittern"), "version": .text(productVersion),
        ]),
      ]),
      "finding_info": information(f), "unmapped": .object(unmapped),
      "resources": .array([
        .object(["uid": .text(f.identity.id), "name": .text(f.identity.name), "type": .text(f.identity.kind)])
      ]),
      "evidences": .array(f.evidence.map { .object(["data": FindingDocument.citation($0)]) }),
    ]
    if let first = milliseconds(f.firstSeen) { members["start_time"] = .int(first) }
    if let last { members["end_time"] = .int(last) }
    return .object(members)
  }

  private static func information(_ f: Finding) -> JSONValue {
    var members: [String: JSONValue] = [
      "uid": .text(f.id), "title": .text(f.title), "desc": .text(f.summary), "types": .texts([f.family.rawValue]),
      "analytic": .object([
        "uid": .text(f.detection), "name": .text(f.name), "type_id": .int(1), "type": .text("Rule"),
      ]),
      "attacks": .array(f.attack.map { .object(["technique": .object(["uid": .text($0)])]) }),
    ]
    if let first = milliseconds(f.firstSeen) { members["first_seen_time"] = .int(first) }
    if let last = milliseconds(f.lastSeen) { members["last_seen_time"] = .int(last) }
    return .object(members)
  }

  private static func milliseconds(_ time: Int64) -> Int64? { time == Timestamp.none ? nil : time / 1_000_000 }

  private static func caption(_ severity: Severity) -> String {
    switch severity {
    case .informational: "Informational"
    case .low: "Low"
    case .medium: "Medium"
    case .high: "High"
    case .critical: "Critical"
    }
  }
}

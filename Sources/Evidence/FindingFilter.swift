import EventModel
import GRDB

/// Which findings to list; everything that is set must hold.
public struct FindingFilter: Sendable {
  public enum Order: Sendable {
    /// Gravest first, then the latest.
    case severity
    /// Latest first.
    case time
    case incident
  }
  public var ids: [String]?
  public var minimumSeverity = Severity.informational
  public var families: [Family] = []
  public var detections: [String] = []
  public var incident: String?
  /// An identity's id or name.
  public var identity: String?
  public var credential: String?
  public var statuses: [FindingStatus] = []
  /// Last seen at or after, before: nanoseconds since 1970. Findings without a time pass no bound.
  public var since: Int64?
  public var until: Int64?
  /// When a mute that runs out counts as open again; nil: mutes do not run out.
  public var now: Int64?
  public var order = Order.severity
  public var limit: Int?
  public init() {}

  /// ` WHERE … ORDER BY … LIMIT …` and its arguments.
  func clause() -> (sql: String, arguments: StatementArguments) {
    var terms: [String] = []
    var values: [SQLValue.Column] = []
    func among(_ column: String, _ list: [String]) {
      terms.append("\(column) IN (\(list.map { _ in "?" }.joined(separator: ",")))")
      for value in list { values.append(value) }
    }
    func bound(_ term: String, _ value: SQLValue.Column) {
      terms.append(term)
      values.append(value)
    }
    // JSON carries a list of any length as one argument.
    if let ids { bound("finding.id IN (SELECT value FROM json_each(?))", JSONValue.texts(ids).string) }
    if minimumSeverity > .informational {
      among("severity", Severity.allCases.filter { $0 >= minimumSeverity }.map(\.name))
    }
    if !families.isEmpty { among("family", families.map(\.rawValue)) }
    if !detections.isEmpty { among("detection", detections) }
    if let incident { bound("incident = ?", incident) }
    if let credential { bound("credential_id = ?", credential) }
    if let identity {
      terms.append("(identity_id = ? OR identity_name = ?)")
      values += [identity, identity]
    }
    if !statuses.isEmpty {
      let status = "CASE WHEN status = 'muted' AND expires_ns <= ? THEN 'open' ELSE status END"
      values.append(now ?? Int64.min)
      among(status, statuses.map(\.rawValue))
    }
    if let since { bound("last_seen_ns >= ?", since) }
    if let until { bound("last_seen_ns < ?", until) }
    var sql = terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ")
    sql += " ORDER BY " + ordering
    if let limit { sql += " LIMIT \(max(0, limit))" }
    return (sql, StatementArguments(values))
  }

  /// Total: the id decides last.
  private var ordering: String {
    let rank = "instr('informational low medium high critical', severity) DESC"
    switch order {
    case .severity: return "\(rank), last_seen_ns DESC, finding.id"
    case .time: return "last_seen_ns DESC, finding.id"
    case .incident: return "incident, \(rank), last_seen_ns, finding.id"
    }
  }
}

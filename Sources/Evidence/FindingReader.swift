import EventModel
import GRDB

/// Findings out of the store, inside a read.
enum FindingReader {
  static let select: String = {
    let columns = Schema.finding.columns.map { "finding.\"\($0.name)\"" }
    let state = ["state", "owner", "reason", "expires_ns", "at_ns"].map { "finding_state.\($0)" }
    return "SELECT \((columns + state).joined(separator: ", ")) FROM finding "
      + "LEFT JOIN finding_state ON finding_state.finding_id = finding.id"
  }()

  static func finding(_ db: Database, id: String) throws -> StoredFinding? {
    guard let row = try Row.fetchOne(db.cachedStatement(sql: select + " WHERE finding.id = ?"), arguments: [id]) else {
      return nil
    }
    var found = stored(row)
    found.finding.evidence = try evidence(db, of: id)
    return found
  }

  static func evidence(_ db: Database, of id: String) throws -> [Finding.Citation] {
    let sql = "SELECT \(Schema.evidence.columnList) FROM evidence WHERE finding_id = ? ORDER BY ord"
    let rows = try Row.fetchCursor(db.cachedStatement(sql: sql), arguments: [id])
    var found: [Finding.Citation] = []
    while let row = try rows.next() { found.append(citation(row)) }
    return found
  }

  /// A row of `select`, without its evidence.
  static func stored(_ row: Row) -> StoredFinding {
    var r = RowReader(row)
    var f = Finding()
    (f.id, f.detection, f.name) = (r.text(), r.text(), r.text())
    f.family = Family(rawValue: r.text()) ?? .outOfScope
    f.severity = Severity(name: r.text()) ?? .medium
    f.confidence = Grade(named: r.text())
    (f.title, f.summary) = (r.text(), r.text())
    (f.identity.id, f.identity.name, f.identity.kind) = (r.text(), r.text(), r.text())
    (f.identity.source, f.identity.tenant, f.identity.owner) = (r.text(), r.text(), r.optionalText())
    (f.credential.id, f.credential.kind) = (r.text(), r.text())
    r.skip()
    f.credential.issuedAt = r.time()
    r.skip()
    f.credential.expiresAt = r.time()
    f.tenant = r.text()
    r.skip()
    f.firstSeen = r.time() ?? Timestamp.none
    r.skip()
    f.lastSeen = r.time() ?? Timestamp.none
    f.count = Int(truncatingIfNeeded: r.int())
    f.attack = r.json()?.texts ?? []
    f.incident = r.text()
    f.lineage = FindingDocument.edges(r.json())
    f.explanation = FindingDocument.explanation(r.json())
    let status = FindingStatus(rawValue: r.text()) ?? .open
    return StoredFinding(finding: f, status: status, state: state(&r))
  }

  private static func state(_ r: inout RowReader) -> FindingState? {
    guard let word = r.optionalText(), let status = FindingStatus(rawValue: word) else { return nil }
    return FindingState(status: status, owner: r.text(), reason: r.text(), expires: r.time(), at: r.time() ?? 0)
  }

  static func citation(_ row: Row) -> Finding.Citation {
    var r = RowReader(row)
    r.skip()
    r.skip()
    let role = Finding.Citation.Role(rawValue: r.text()) ?? .followUp
    let (source, eventID) = (r.text(), r.text())
    r.skip()
    let time = r.time() ?? Timestamp.none
    let (action, outcome, origin, file) = (r.text(), r.text(), r.text(), r.text())
    var c = Finding.Citation(
      role: role, time: time, input: 0, offset: UInt64(truncatingIfNeeded: r.int()),
      length: UInt32(truncatingIfNeeded: r.int()), index: UInt32(truncatingIfNeeded: r.int()))
    (c.source, c.eventID, c.action, c.outcome, c.origin, c.file) = (source, eventID, action, outcome, origin, file)
    (c.sha256, c.raw, c.missing) = (r.text(), r.blob(), r.optionalText())
    return c
  }
}

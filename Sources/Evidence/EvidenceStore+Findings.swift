import EventModel
import GRDB

/// What a prefix of an id names.
public enum FindingMatch: Sendable, Equatable {
  case none
  case one(StoredFinding)
  /// Ids, sorted; at most ten.
  case many([String])
}

extension EvidenceStore {
  /// Findings that pass the filter, in its order, with their evidence unless `evidence` is false.
  public func findings(_ filter: FindingFilter = FindingFilter(), evidence: Bool = true) throws(StoreError)
    -> [StoredFinding]
  {
    try reading { try EvidenceStore.findings($0, filter, evidence: evidence) }
  }

  static func findings(_ db: Database, _ filter: FindingFilter, evidence: Bool) throws -> [StoredFinding] {
    let (sql, arguments) = filter.clause()
    let rows = try Row.fetchCursor(db, sql: FindingReader.select + sql, arguments: arguments)
    var found: [StoredFinding] = []
    while let row = try rows.next() { found.append(FindingReader.stored(row)) }
    if evidence {
      for i in found.indices { found[i].finding.evidence = try FindingReader.evidence(db, of: found[i].finding.id) }
    }
    return found
  }

  /// The finding whose id begins with these hex digits (either case).
  public func finding(idPrefix: String) throws(StoreError) -> FindingMatch {
    let prefix = idPrefix.lowercased()
    guard !prefix.isEmpty, prefix.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x66 }) else {
      return .none
    }
    return try reading { db in
      let ids = try String.fetchAll(
        db, sql: "SELECT id FROM finding WHERE id >= ? AND id < ? ORDER BY id LIMIT 10",
        arguments: [prefix, prefix + "g"])
      guard let first = ids.first else { return .none }
      if ids.count > 1 { return .many(ids) }
      return try FindingReader.finding(db, id: first).map { .one($0) } ?? .none
    }
  }

  /// Number of findings by severity, for a summary.
  public func findingCounts() throws(StoreError) -> [Severity: Int] {
    try reading { db in
      var counts: [Severity: Int] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT severity, count(*) FROM finding GROUP BY severity") {
        var r = RowReader(row)
        if let severity = Severity(name: r.text()) { counts[severity] = Int(r.int()) }
      }
      return counts
    }
  }

  /// How many findings daily budgets hold back, by detection; what became graver since is none of them.
  public func heldBackCounts() throws(StoreError) -> [String: Int] {
    try reading { db in
      // A quote inside of a JSON string is escaped: this stands nowhere but as a name.
      let name = "\"name\":\"\(Finding.heldBackState)\""
      let sql = """
        SELECT detection, count(*) FROM finding WHERE severity IN ('low', 'informational') AND instr(explanation, ?) > 0 \
        GROUP BY detection
        """
      var counts: [String: Int] = [:]
      for row in try Row.fetchAll(db, sql: sql, arguments: [name]) {
        var r = RowReader(row)
        counts[r.text()] = Int(r.int())
      }
      return counts
    }
  }

  /// Findings that were taken back, by id.
  public func retractedFindings() throws(StoreError) -> [RetractedFinding] {
    try reading { db in
      try EvidenceStore.rows(db, Schema.findingRetracted, order: "finding_id") { r in
        let (id, finding, reason) = (r.text(), r.text(), r.text())
        r.skip()
        return RetractedFinding(findingID: id, finding: finding, reason: reason, at: r.time())
      }
    }
  }
}

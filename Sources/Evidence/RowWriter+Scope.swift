import GRDB

/// `memory_scope`: what identities do, bounded for each.
extension Schema {
  static let memoryScope = Table(
    name: "memory_scope",
    columns: [
      ("identity", "TEXT NOT NULL"), ("source", text), ("service", text), ("action", text), ("region", text),
      ("account", text), ("kind", text), ("first_day", count), ("last_day", count), ("count", count), ("denied", count),
    ],
    constraints: ["PRIMARY KEY (identity, source, service, action, region, account)"], withoutRowID: true)
}

extension RowWriter {
  private static let mergeScope = """
    ON CONFLICT(identity, source, service, action, region, account) DO UPDATE SET \
    first_day = CASE WHEN first_day = 0 OR excluded.first_day = 0 THEN max(first_day, excluded.first_day) \
    ELSE min(first_day, excluded.first_day) END, \
    last_day = max(last_day, excluded.last_day), count = max(count, excluded.count), denied = max(denied, excluded.denied)
    """

  /// - Parameter identities: all rows of one identity in each element; in the order of the table a new one only grows at
  ///   its end.
  func scope(_ identities: LazyRows<[ScopeRow]>) throws {
    if identities.count == 0 { return }
    let sql = Schema.memoryScope.insert(RowWriter.mergeScope)
    let allAreNew = try isEmpty(Schema.memoryScope)
    for n in 0..<identities.count {
      let own = identities[n]
      guard let identity = own.first?.identity else { continue }
      // Most identities are new to a new store, and narrow: nothing has to be asked.
      let isNew = try allAreNew || !isKnown(identity)
      try each(isNew ? own : try bounded(own, identity), sql, RowWriter.bind)
      let isBroad = own.count > min(ScopeRow.rowLimit, ScopeRow.actionLimit)
      if !isNew || isBroad { try narrow(identity) }
    }
  }

  private func isKnown(_ identity: String) throws -> Bool {
    try ask("SELECT count(*) FROM (SELECT 1 FROM memory_scope WHERE identity = ? LIMIT 1)", SQLValue.text(identity)) > 0
  }

  private func ask(_ sql: String, _ identity: String) throws -> Int {
    try Int.fetchOne(try db.cachedStatement(sql: sql), arguments: [identity]) ?? 0
  }

  private static func bind(_ s: ScopeRow, _ to: inout RowStatement) {
    for text in [s.identity, s.source, s.service, s.action, s.region, s.account, s.kind] { to.text(text) }
    for number in [Int64(s.firstDay), Int64(s.lastDay), s.count, s.denied] { to.int(number) }
  }

  /// Rows as an identity that is known to be broad is kept.
  private func bounded(_ rows: [ScopeRow], _ identity: String) throws -> [ScopeRow] {
    let statement = try db.cachedStatement(
      sql: "SELECT coalesce(max(action = '*'), 0), coalesce(max(region = '*'), 0) FROM memory_scope WHERE identity = ?")
    let known = try Row.fetchOne(statement, arguments: [SQLValue.text(identity)])
    var r = known.map(RowReader.init)
    let (broad, everywhere) = (r?.int() == 1, r?.int() == 1)
    if !broad { return rows }
    return rows.map { row in
      var row = row
      row.action = ScopeRow.broad
      if everywhere { (row.region, row.account) = (ScopeRow.broad, ScopeRow.broad) }
      return row
    }
  }

  /// Past its bounds, an identity's actions become one, then its regions and accounts.
  private func narrow(_ identity: String) throws {
    let own = SQLValue.text(identity)
    let actions =
      try ask("SELECT count(DISTINCT action) FROM memory_scope WHERE identity = ?", own)
    if actions > ScopeRow.actionLimit { try fold(own, "service, '*', region, account") }
    let rows = try ask("SELECT count(*) FROM memory_scope WHERE identity = ?", own)
    if rows > ScopeRow.rowLimit { try fold(own, "service, '*', '*', '*'") }
  }

  private func fold(_ identity: String, _ columns: String) throws {
    try db.execute(
      sql: """
        CREATE TEMP TABLE folded AS SELECT identity, source, \(columns), max(kind), \
        coalesce(min(nullif(first_day, 0)), 0), max(last_day), max(count), max(denied) \
        FROM memory_scope WHERE identity = ?1 GROUP BY 1, 2, 3, 4, 5, 6
        """, arguments: [identity])
    try db.execute(sql: "DELETE FROM memory_scope WHERE identity = ?", arguments: [identity])
    try db.execute(sql: "INSERT INTO memory_scope SELECT * FROM folded")
    try db.execute(sql: "DROP TABLE folded")
  }
}

extension ScopeRow {
  init(_ r: inout RowReader) {
    self.init(
      identity: r.text(), source: r.text(), service: r.text(), action: r.text(), region: r.text(), account: r.text(),
      kind: r.text())
    (firstDay, lastDay) = (Int32(truncatingIfNeeded: r.int()), Int32(truncatingIfNeeded: r.int()))
    (count, denied) = (r.int(), r.int())
  }
}

extension EvidenceStore {
  /// What identities did, sorted by identity, source, service, action, region, account.
  public func loadScope() throws(StoreError) -> [ScopeRow] {
    try reading {
      try EvidenceStore.rows(
        $0, Schema.memoryScope, order: "identity, source, service, action, region, account", ScopeRow.init)
    }
  }
}

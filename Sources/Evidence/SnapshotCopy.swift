import GRDB

/// Writes chosen rows to the SQLite file of a bundle.
struct SnapshotCopy {
  let choice: SnapshotChoice
  /// The version of the schema that the copy has; an earlier one for tests of what old bundles look like.
  var version = Schema.version

  func write(from db: Database, to path: String) throws {
    do { _ = try OpenFile.creating(path) }
    let copy = try DatabaseQueue(path: path, configuration: EvidenceStore.configuration)
    try copy.writeWithoutTransaction { out in
      try out.execute(sql: "PRAGMA journal_mode = DELETE; PRAGMA application_id = \(Schema.bundleApplicationID)")
      try out.inTransaction {
        try out.execute(sql: "PRAGMA user_version = \(version)")
        let tables = Schema.evidenceTables(asOf: version)
        for table in tables { try out.execute(sql: table.definition) }
        for table in tables { try self.copy(table, from: db, to: out) }
        return .commit
      }
      try out.execute(sql: "VACUUM")
    }
    try copy.close()
    try OpenFile.reading(path).sync()
  }

  private func copy(_ table: Table, from db: Database, to out: Database) throws {
    guard let (column, keys) = key(of: table.name) else { return }
    let order = (1...min(6, table.columns.count)).map(String.init).joined(separator: ",")
    var sql = "SELECT \(table.columnList) FROM \(table.name)"
    if keys != nil { sql += " WHERE \(column) IN (SELECT value FROM json_each(?))" }
    let arguments = keys.map { StatementArguments([JSONValue.texts($0).string]) } ?? StatementArguments()
    let rows = try Row.fetchCursor(db, sql: sql + " ORDER BY " + order, arguments: arguments)
    let insert = try out.makeStatement(sql: table.insert())
    while let row = try rows.next() {
      insert.setUncheckedArguments(StatementArguments(Array(row.databaseValues)))
      try insert.execute()
    }
  }

  /// The column that chooses rows and the keys it may have, nil for all; nil for a table that is left empty.
  private func key(of table: String) -> (String, [String]?)? {
    switch table {
    case "finding": ("id", choice.findings)
    case "evidence", "finding_state": ("finding_id", choice.findings)
    case "finding_retracted": choice.findings == nil ? ("", nil) : nil
    case "credential": ("id", choice.credentials.map(Array.init))
    case "lineage_edge": ("child", choice.credentials.map(Array.init))
    case "identity": ("id", choice.identities.map(Array.init))
    default: ("", nil)
    }
  }
}

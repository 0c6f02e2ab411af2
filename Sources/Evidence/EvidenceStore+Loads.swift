import EventModel
import GRDB

/// What the engine reads when it starts, and what commands list. Each in one read, ordered by key.
extension EvidenceStore {
  static func rows<T>(_ db: Database, _ table: Table, order: String, _ make: (inout RowReader) -> T) throws -> [T] {
    let cursor = try Row.fetchCursor(db, sql: "SELECT \(table.columnList) FROM \(table.name) ORDER BY \(order)")
    var found: [T] = []
    while let row = try cursor.next() {
      var reader = RowReader(row)
      found.append(make(&reader))
    }
    return found
  }

  public func loadMemory() throws(StoreError) -> [MemoryRow] {
    try reading { try EvidenceStore.rows($0, Schema.memorySeen, order: "kind, key", MemoryRow.init) }
  }

  /// The entries of some keys, one look-up each.
  public func loadMemory(keys: [[UInt8]]) throws(StoreError) -> [MemoryRow] {
    try reading { db in
      let table = Schema.memorySeen
      let statement = try db.makeStatement(
        sql: "SELECT \(table.columnList) FROM \(table.name) WHERE kind = 1 AND key = ?")
      var found: [MemoryRow] = []
      for key in keys {
        guard let row = try Row.fetchOne(statement, arguments: [SQLValue.blob(key)]) else { continue }
        var reader = RowReader(row)
        found.append(MemoryRow(&reader))
      }
      return found
    }
  }

  public func loadWindow() throws(StoreError) -> [WindowBatchRow] {
    try reading { try EvidenceStore.rows($0, Schema.windowBatch, order: "seq", WindowBatchRow.init) }
  }

  /// Some batches of the window, by number.
  public func loadWindow(_ sequence: Set<Int64>) throws(StoreError) -> [WindowBatchRow] {
    try reading { db in
      let marks = sequence.map(String.init).joined(separator: ",")
      let sql =
        "SELECT \(Schema.windowBatch.columnList) FROM \(Schema.windowBatch.name) WHERE seq IN (\(marks)) ORDER BY seq"
      return try Row.fetchAll(db, sql: sql).map { row in
        var reader = RowReader(row)
        return WindowBatchRow(&reader)
      }
    }
  }

  public func loadSources() throws(StoreError) -> [SourceRow] {
    try reading { try EvidenceStore.rows($0, Schema.source, order: "id", SourceRow.init) }
  }

  public func loadCredentials() throws(StoreError) -> [CredentialRow] {
    try reading { try EvidenceStore.rows($0, Schema.credential, order: "id", CredentialRow.init) }
  }

  public func loadEdges() throws(StoreError) -> [LineageEdgeRow] {
    try reading {
      try EvidenceStore.rows($0, Schema.lineageEdge, order: "child, parent, mechanism", LineageEdgeRow.init)
    }
  }

  public func loadIdentities() throws(StoreError) -> [IdentityRow] {
    try reading { try EvidenceStore.rows($0, Schema.identity, order: "id, source, tenant", IdentityRow.init) }
  }

  public func loadRejects() throws(StoreError) -> [RejectRow] {
    try reading { try EvidenceStore.rows($0, Schema.reject, order: "path, reason", RejectRow.init) }
  }

  public func loadGaps() throws(StoreError) -> [GapRow] {
    try reading { try EvidenceStore.rows($0, Schema.gap, order: GapRow.order, GapRow.init) }
  }

  public func loadCustody() throws(StoreError) -> [CustodyEntry] {
    try reading { try EvidenceStore.rows($0, Schema.custody, order: "n", CustodyEntry.init) }
  }

  public func meta() throws(StoreError) -> [String: String] {
    try reading(EvidenceStore.meta)
  }

  public func meta(_ key: String) throws(StoreError) -> String? { try meta()[key] }

  static func meta(_ db: Database) throws -> [String: String] {
    let pairs = try rows(db, Schema.meta, order: "key") { ($0.text(), $0.text()) }
    return Dictionary(pairs) { first, _ in first }
  }
}

import EventModel
import GRDB

/// Everything of a commit that is not a finding, into the transaction that is open. SCHEMA.md says how each merges.
struct RowWriter {
  let db: Database

  func each<T>(_ rows: [T], _ sql: String, _ columns: (T) -> [SQLValue.Column]) throws {
    if rows.isEmpty { return }
    let statement = try db.cachedStatement(sql: sql)
    for row in rows {
      statement.setUncheckedArguments(StatementArguments(columns(row)))
      try statement.execute()
    }
  }

  /// Many rows of one table. One that is empty gets its indexes when the rows are there: sorting once is several times
  /// cheaper than finding each row's place in every index.
  func fill<T>(_ table: Table, _ rows: LazyRows<T>, _ sql: String, _ columns: (T) -> [SQLValue.Column]) throws {
    if rows.count == 0 { return }
    let bulk = rows.count >= 1000 && !table.indexes.isEmpty ? try isEmpty(table) : false
    if bulk { for index in table.indexes { try db.execute(sql: "DROP INDEX \(index.split(separator: " ")[2])") } }
    let statement = try db.cachedStatement(sql: sql)
    for n in 0..<rows.count {
      statement.setUncheckedArguments(StatementArguments(columns(rows[n])))
      try statement.execute()
    }
    if bulk { for index in table.indexes { try db.execute(sql: index) } }
  }

  func isEmpty(_ table: Table) throws -> Bool {
    try Int.fetchOne(db, sql: "SELECT 1 FROM \(table.name) LIMIT 1") == nil
  }

  func sources(_ rows: [SourceRow]) throws {
    try each(rows, Schema.source.replace(key: ["id"])) { s in
      var row: [SQLValue.Column] = [
        s.id, SQLValue.text(s.path), SQLValue.text(s.log), Int64(bitPattern: s.device), Int64(bitPattern: s.inode),
        s.prefixLength, SQLValue.blob(s.prefixHash), SQLValue.blob(s.markerHash), s.plainOffset,
      ]
      row += [
        s.gzipMemberOffset, s.gzipMemberIndex, s.gzipMemberPlainOffset, s.recordIndex, SQLValue.text(s.shape),
        SQLValue.text(s.state), SQLValue.nanoseconds(s.firstEvent), SQLValue.nanoseconds(s.lastEvent),
        SQLValue.text(s.contentHash), SQLValue.blob(s.position),
      ]
      return row + s.counters.values.map { $0 as SQLValue.Column }
    }
  }

  func rejects(_ rows: [RejectRow]) throws {
    let sql = Schema.reject.insert(
      """
      ON CONFLICT(path, reason) DO UPDATE SET count = max(count, excluded.count), \
      sample_hash = CASE WHEN excluded.first_offset < first_offset THEN excluded.sample_hash ELSE sample_hash END, \
      first_offset = min(first_offset, excluded.first_offset)
      """)
    try each(rows, sql) { [SQLValue.text($0.path), SQLValue.text($0.reason), $0.count, $0.firstOffset, $0.sampleHash] }
  }

  func gaps(_ rows: [GapRow]) throws {
    try each(rows, Schema.gap.insert("ON CONFLICT DO NOTHING")) {
      [
        SQLValue.text($0.path), SQLValue.text($0.reason), $0.fromOffset, $0.toOffset,
        SQLValue.nanoseconds($0.fromTime), SQLValue.nanoseconds($0.toTime), SQLValue.text($0.detail),
      ]
    }
  }

  func memory(_ rows: [MemoryRow]) throws {
    // `days` is anchored at the last day: the older row's bits move up by the days between. SQLite shifts by 64 or
    // more to 0, and a negative shift turns around, so the larger of 0 and the difference is taken.
    let sql = Schema.memorySeen.insert(
      """
      ON CONFLICT(kind, key) DO UPDATE SET first_day = min(first_day, excluded.first_day), \
      days = (days << max(0, excluded.last_day - last_day)) | (excluded.days << max(0, last_day - excluded.last_day)), \
      last_day = max(last_day, excluded.last_day), count = max(count, excluded.count)
      """)
    try each(rows, sql) {
      [$0.kind, SQLValue.blob($0.key), Int64($0.firstDay), Int64($0.lastDay), Int64(bitPattern: $0.days), $0.count]
    }
  }

  func window(_ rows: [WindowBatchRow], dropped: [Int64]) throws {
    try each(rows, Schema.windowBatch.replace(key: ["seq"])) {
      [$0.seq, $0.minTime, $0.maxTime, $0.rows, SQLValue.blob($0.body), SQLValue.blob($0.raw)]
    }
    try each(dropped, "DELETE FROM window_batch WHERE seq = ?") { [$0] }
  }

  func meta(_ values: [String: String]) throws {
    try each(values.sorted { $0.key < $1.key }, Schema.meta.replace(key: ["key"])) {
      [SQLValue.text($0.key), SQLValue.text($0.value)]
    }
  }

  func custody(_ actions: [CustodyAction]) throws {
    if actions.isEmpty { return }
    let last = try Row.fetchOne(db, sql: "SELECT n, hash FROM custody ORDER BY n DESC LIMIT 1")
    var n: Int64 = 0
    var prev = CustodyEntry.start
    if let last {
      var r = RowReader(last)
      (n, prev) = (r.int(), r.text())
    }
    let entries = actions.map { action in
      n += 1
      let args = JSONValue.object(action.args.mapValues { .text(SQLValue.text($0)) }).string
      var entry = CustodyEntry(
        n: n, at: Timestamp.text(action.at), actor: SQLValue.text(action.actor), action: SQLValue.text(action.action),
        args: args, prev: prev)
      entry.hash = SHA256Digest.hex(entry.line)
      prev = entry.hash
      return entry
    }
    try each(entries, Schema.custody.insert()) { [$0.n, $0.at, $0.actor, $0.action, $0.args, $0.prev, $0.hash] }
  }
}

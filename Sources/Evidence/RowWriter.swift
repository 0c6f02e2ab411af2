import EventModel
import GRDB

/// Everything of a commit that is not a finding, into the transaction that is open. SCHEMA.md says how each merges.
struct RowWriter {
  let db: Database

  func each<T: Sendable>(_ rows: [T], _ sql: String, _ bind: (T, inout RowStatement) -> Void) throws {
    try each(LazyRows(rows), sql, bind)
  }

  func each<T>(_ rows: LazyRows<T>, _ sql: String, _ bind: (T, inout RowStatement) -> Void) throws {
    if rows.count == 0 { return }
    var statement = try RowStatement(db, sql)
    for n in 0..<rows.count {
      bind(rows[n], &statement)
      try statement.run()
    }
  }

  /// Many rows of one table. One that is empty gets its indexes when the rows are there: sorting once is several times
  /// cheaper than finding each row's place in every index.
  func fill<T>(
    _ table: Table, _ rows: LazyRows<T>, _ sql: String, _ bind: (T, inout RowStatement) -> Void
  ) throws {
    if rows.count == 0 { return }
    let bulk = rows.count >= 1000 && !table.indexes.isEmpty ? try isEmpty(table) : false
    if bulk { for index in table.indexes { try db.execute(sql: "DROP INDEX \(index.split(separator: " ")[2])") } }
    try each(rows, sql, bind)
    if bulk { for index in table.indexes { try db.execute(sql: index) } }
  }

  func isEmpty(_ table: Table) throws -> Bool {
    try Int.fetchOne(db, sql: "SELECT 1 FROM \(table.name) LIMIT 1") == nil
  }

  func sources(_ rows: [SourceRow]) throws {
    try each(rows, Schema.source.replace(key: ["id"])) { source, to in
      to.int(source.id)
      for text in [source.path, source.log] { to.text(text) }
      for number in [Int64(bitPattern: source.device), Int64(bitPattern: source.inode), source.prefixLength] {
        to.int(number)
      }
      for hash in [source.prefixHash, source.markerHash] { to.blob(hash) }
      for place in [
        source.plainOffset, source.gzipMemberOffset, source.gzipMemberIndex, source.gzipMemberPlainOffset,
        source.recordIndex,
      ] {
        to.int(place)
      }
      for text in [source.shape, source.state] { to.text(text) }
      for time in [source.firstEvent, source.lastEvent] { to.time(time) }
      to.text(source.contentHash)
      to.blob(source.position)
      for count in source.counters.values { to.int(count) }
    }
  }

  func rejects(_ rows: [RejectRow]) throws {
    let sql = Schema.reject.insert(
      """
      ON CONFLICT(path, reason) DO UPDATE SET count = max(count, excluded.count), \
      sample_hash = CASE WHEN excluded.first_offset < first_offset THEN excluded.sample_hash ELSE sample_hash END, \
      first_offset = min(first_offset, excluded.first_offset)
      """)
    try each(rows, sql) { reject, to in
      for text in [reject.path, reject.reason] { to.text(text) }
      for number in [reject.count, reject.firstOffset] { to.int(number) }
      to.text(reject.sampleHash)
    }
  }

  func gaps(_ rows: [GapRow]) throws {
    try each(rows, Schema.gap.insert("ON CONFLICT DO NOTHING")) { gap, to in
      for text in [gap.path, gap.reason] { to.text(text) }
      for offset in [gap.fromOffset, gap.toOffset] { to.int(offset) }
      for time in [gap.fromTime, gap.toTime] { to.time(time) }
      to.text(gap.detail)
    }
  }

  func memory(_ rows: LazyRows<MemoryRow>) throws {
    // `days` is anchored at the last day: the older row's bits move up by the days between. SQLite shifts by 64 or
    // more to 0, and a negative shift turns around, so the larger of 0 and the difference is taken.
    let sql = Schema.memorySeen.insert(
      """
      ON CONFLICT(kind, key) DO UPDATE SET first_day = min(first_day, excluded.first_day), \
      days = (days << max(0, excluded.last_day - last_day)) | (excluded.days << max(0, last_day - excluded.last_day)), \
      last_day = max(last_day, excluded.last_day), count = max(count, excluded.count)
      """)
    try each(rows, sql) { seen, to in
      to.int(seen.kind)
      to.blob(seen.key)
      for number in [Int64(seen.firstDay), Int64(seen.lastDay), Int64(bitPattern: seen.days), seen.count] {
        to.int(number)
      }
    }
  }

  func window(_ rows: [WindowBatchRow], dropped: [Int64]) throws {
    try each(rows, Schema.windowBatch.replace(key: ["seq"])) { batch, to in
      for number in [batch.seq, batch.minTime, batch.maxTime, batch.rows] { to.int(number) }
      for bytes in [batch.body, batch.raw] { to.blob(bytes) }
    }
    try each(dropped, "DELETE FROM window_batch WHERE seq = ?") { $1.int($0) }
  }

  func meta(_ values: [String: String], dropped: [String] = []) throws {
    for key in dropped { try db.execute(sql: "DELETE FROM meta WHERE key = ?", arguments: [key]) }
    try each(values.sorted { $0.key < $1.key }, Schema.meta.replace(key: ["key"])) { entry, to in
      for text in [entry.key, entry.value] { to.text(text) }
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
      entry.hash = Digest.of(entry.line).hexadecimal
      prev = entry.hash
      return entry
    }
    try each(entries, Schema.custody.insert()) { entry, to in
      to.int(entry.n)
      for text in [entry.at, entry.actor, entry.action, entry.args, entry.prev, entry.hash] { to.text(text) }
    }
  }
}

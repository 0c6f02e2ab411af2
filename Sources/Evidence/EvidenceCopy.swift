import EventModel
import GRDB

/// What the SQLite file of a bundle says, read as a hostile file: never written, no schema but the expected one.
public struct EvidenceCopy: Sendable {
  /// Why the file is not to be trusted; empty if its structure holds.
  public var problems: [String] = []
  /// The findings' NDJSON lines as its rows give them, with LF, by id.
  public var lines: [String: [UInt8]] = [:]
  /// Custody hashes in order.
  public var custodyHashes: [String] = []

  public static func read(_ path: String) -> EvidenceCopy {
    var copy = EvidenceCopy()
    do {
      try copy.load(path)
    } catch {
      copy.problems.append(StoreError(error).message)
    }
    return copy
  }

  private mutating func load(_ path: String) throws {
    let header = try OpenFile.reading(path).read(upTo: 100)
    guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
      problems.append("not a SQLite database")
      return
    }
    // Another journal mode would make SQLite create files in the bundle.
    guard header[18] == 1, header[19] == 1 else {
      problems.append("not in rollback journal mode")
      return
    }
    guard header[68..<72].reduce(0, { $0 << 8 | UInt32($1) }) == Schema.bundleApplicationID else {
      problems.append("not a bundle's copy (application_id)")
      return
    }
    var settings = EvidenceStore.configuration
    settings.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: settings)
    try queue.read { db in
      let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      guard version <= Schema.version else {
        problems.append("made by a newer Bittern (version \(version)): verify it with that one")
        return
      }
      guard try EvidenceCopy.schema(db) == EvidenceCopy.schema(asOf: version) else {
        problems.append("tables, indexes, triggers or views that a bundle does not have")
        return
      }
      let verdict = try String.fetchAll(db, sql: "PRAGMA integrity_check(10)")
      guard verdict == ["ok"] else {
        problems += verdict
        return
      }
      if try !Row.fetchAll(db, sql: "PRAGMA foreign_key_check").isEmpty {
        problems.append("evidence of findings that are not there")
      }
      for stored in try EvidenceStore.findings(db, FindingFilter(), evidence: true) {
        lines[stored.finding.id] = FindingDocument.value(stored.finding).line
      }
      custodyHashes = try EvidenceStore.rows(db, Schema.custody, order: "n", CustodyEntry.init).map(\.hash)
    }
    try queue.close()
  }

  /// What a bundle of a version has.
  private static func schema(asOf version: Int) throws -> [String] {
    try DatabaseQueue().write { db in
      for table in Schema.evidenceTables(asOf: version) { try db.execute(sql: table.definition) }
      return try schema(db)
    }
  }

  private static func schema(_ db: Database) throws -> [String] {
    try Row.fetchAll(db, sql: "SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name").map {
      row in
      var r = RowReader(row)
      return "\(r.text()) \(r.text()): \(r.text())"
    }
  }
}

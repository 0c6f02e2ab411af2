import GRDB

/// The store's tables, its marks in the file header, and the named steps that lead to them. SCHEMA.md explains each.
enum Schema {
  /// `user_version`; raised with every migration.
  static let version = 4
  /// "BTRN": a database without it is another program's.
  static let applicationID: UInt32 = 0x4254_524e
  /// "BTRE": the copy inside an evidence bundle, which is never written again.
  static let bundleApplicationID: UInt32 = 0x4254_5245

  /// What a bundle's copy holds, in the order it is filled.
  static let evidenceTables = [
    finding, evidence, findingState, findingRetracted, credential, lineageEdge, identity, source, reject, gap, custody,
    meta,
  ]
  /// What a bundle's copy holds that a store of an earlier version gave; bundles are read for as long as they are kept.
  static func evidenceTables(asOf version: Int) -> [Table] { evidenceTables.map { $0.asOf(version) } }
  /// What only the running program needs.
  static let engineTables = [memorySeen, memoryScope, windowBatch]

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1 findings, evidence, lineage, ledger, memory, window") { db in
      for table in evidenceTables + [memorySeen, windowBatch] { try db.execute(sql: table.definition) }
      try db.execute(sql: "PRAGMA user_version = 1")
    }
    migrator.registerMigration("v3 what identities do, for their scopes") { db in
      try db.execute(sql: memoryScope.definition)
      try db.execute(sql: "PRAGMA user_version = 3")
    }
    migrator.registerMigration("v4 what credentials and identities did") { db in
      for table in [credential, identity] { try table.addMissingColumns(db) }
      try db.execute(sql: "PRAGMA user_version = 4")
    }
    return migrator
  }

  /// Grades by how sure they are: `instr` gives the rank.
  static let gradeOrder = "'none candidate strong asserted exact'"

  static let text = "TEXT NOT NULL DEFAULT ''"
  static let count = "INTEGER NOT NULL DEFAULT 0"
  static let list = "TEXT NOT NULL DEFAULT '[]'"
  /// A JSON object of name and count.
  static let counts = "TEXT NOT NULL DEFAULT '{}'"

  static let meta = Table(
    name: "meta", columns: [("key", "TEXT PRIMARY KEY NOT NULL"), ("value", text)], withoutRowID: true)

  static let custody = Table(
    name: "custody",
    columns: [
      ("n", "INTEGER PRIMARY KEY"), ("at", "TEXT NOT NULL"), ("actor", text), ("action", "TEXT NOT NULL"),
      ("args", "TEXT NOT NULL DEFAULT '{}'"), ("prev", "TEXT NOT NULL"), ("hash", "TEXT NOT NULL"),
    ])

  static let memorySeen = Table(
    name: "memory_seen",
    columns: [
      ("kind", "INTEGER NOT NULL"), ("key", "BLOB NOT NULL"), ("first_day", "INTEGER NOT NULL"),
      ("last_day", "INTEGER NOT NULL"), ("days", "INTEGER NOT NULL"), ("count", count),
    ],
    constraints: ["PRIMARY KEY (kind, key)"], withoutRowID: true)

  static let windowBatch = Table(
    name: "window_batch",
    columns: [
      ("seq", "INTEGER PRIMARY KEY"), ("min_time", "INTEGER NOT NULL"), ("max_time", "INTEGER NOT NULL"),
      ("rows", "INTEGER NOT NULL"), ("body", "BLOB NOT NULL"), ("raw", "BLOB NOT NULL"),
    ])
}

import GRDB

extension EvidenceStore {
  /// Opens the store at a path. A file of another program, or of a newer Bittern, is refused before SQLite touches it.
  ///
  /// For ingest: takes the lock, creates the store where there is none, checks it (`quick_check`, a full read of the
  /// file's structure), brings it to this version, and makes every commit durable (`synchronous=FULL`).
  public static func open(at path: String, for purpose: Purpose) throws(StoreError) -> EvidenceStore {
    let state = try StoreHeader.check(path)
    switch purpose {
    case .ingest:
      let lock = try IngestLock(store: path)
      let isNew = try StoreHeader.check(path) == .missing
      if isNew { try create(path) }
      let queue = try connect(path, readonly: false)
      try StoreError.naming { try Schema.migrator.migrate(queue) }
      return EvidenceStore(path: path, purpose: purpose, queue: queue, isNew: isNew, lock: lock)
    case .annotate, .read:
      if state == .missing { throw .absent(path: path) }
      let queue = try connect(path, readonly: purpose == .read)
      try StoreError.naming {
        let known = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        if known < Schema.version {
          throw StoreError.failed(detail: "version \(known) of the store; run `bittern scan` once to bring it up")
        }
        if purpose == .annotate {
          try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_autocheckpoint=0") }
        }
      }
      return EvidenceStore(path: path, purpose: purpose, queue: queue, lock: nil)
    }
  }

  /// Closes the connection; after an ingest the write-ahead log is folded into the file. The lock goes with the value.
  public func close() throws(StoreError) {
    try StoreError.naming {
      if purpose == .ingest {
        try queue.writeWithoutTransaction { _ = try $0.checkpoint(.passive) }
      }
      try queue.close()
    }
  }

  /// Closes the store; one that this opening made and that nothing was committed to goes, with all that lies beside it.
  public func closeUnused() {
    let tables = (Schema.evidenceTables + Schema.engineTables).map { "EXISTS (SELECT 1 FROM \($0.name))" }
    let committed = try? reading {
      try Bool.fetchOne($0, sql: "SELECT " + tables.joined(separator: " OR ")) ?? true
    }
    try? close()
    guard isNew, committed == false else { return }
    for suffix in ["", "-wal", "-shm"] { try? FileSystem.removeFile(path + suffix) }
    lock?.removeFile()
  }

  /// A connection with the store's settings, after its marks and, for a writer, its structure were checked.
  private static func connect(_ path: String, readonly: Bool) throws(StoreError) -> DatabaseQueue {
    var settings = configuration
    settings.readonly = readonly
    // Before GRDB prepares the write-ahead log, which writes to the file: what is refused stays as it is.
    settings.prepareDatabase { db in
      // The header on disk may be older than the write-ahead log: ask again through SQLite.
      let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
      if version > Schema.version { throw StoreError.newer(version: version) }
      if readonly { return }
      let verdict = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer"
      if verdict != "ok" { throw StoreError.corrupt(detail: verdict) }
    }
    if !readonly { settings.journalMode = .wal }
    return try StoreError.naming { [settings] in
      if !readonly { try OpenFile.updating(path).setMode(0o600) }
      let queue = try DatabaseQueue(path: path, configuration: settings)
      if readonly { return queue }
      try queue.writeWithoutTransaction { db in
        // GRDB sets NORMAL when it prepares a WAL connection (semantics.md): FULL comes after it.
        try db.execute(sql: "PRAGMA synchronous = FULL")
        // 4 MiB of pages: rows come in the order of their keys, so that more would only be held, not used.
        try db.execute(sql: "PRAGMA cache_size = -4096")
      }
      return queue
    }
  }

  static var configuration: Configuration {
    var settings = Configuration()
    settings.busyMode = .timeout(5)
    settings.label = "evidence"
    settings.prepareDatabase { db in
      try db.execute(sql: "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY")
    }
    return settings
  }

  /// Builds an empty store beside its place and moves it there whole, so that no half-made store ever has the name.
  private static func create(_ path: String) throws(StoreError) {
    try StoreError.naming {
      for suffix in ["-wal", "-journal"] where try FileSystem.status(of: path + suffix) != nil {
        throw StoreError.cannotOpen(
          reason: "\(path + suffix) is left of a store that is gone; restore the store, or remove that file")
      }
      let draft = path + ".new"
      try FileSystem.removeFile(draft)
      do { _ = try OpenFile.creating(draft) }
      let queue = try DatabaseQueue(path: draft, configuration: configuration)
      try queue.writeWithoutTransaction {
        try $0.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
      }
      try Schema.migrator.migrate(queue)
      try queue.close()
      try OpenFile.reading(draft).sync()
      try FileSystem.move(draft, to: path)
      try FileSystem.syncDirectory(FileSystem.parent(of: path))
    }
  }
}

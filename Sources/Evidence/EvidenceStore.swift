import EventModel
import GRDB

/// The store: findings, evidence, lineage, long memory, positions and the window's journal in one SQLite file.
///
/// One process reads logs into it (`.ingest`, an exclusive lock); readers and short annotations run beside it.
/// A commit is the only durability point (reliability.md 2.1). Every error is a `StoreError`: exit code 5.
public final class EvidenceStore: Sendable {
  public enum Purpose: Sendable {
    /// Creates the store if there is none; one process at a time.
    case ingest
    /// Short write transactions (acknowledge, mute) on an existing store, beside an ingest.
    case annotate
    /// Reads only; never writes to the file.
    case read
  }

  public let path: String
  public let purpose: Purpose
  let queue: DatabaseQueue
  /// This opening made the file.
  let isNew: Bool
  let lock: IngestLock?

  init(path: String, purpose: Purpose, queue: DatabaseQueue, isNew: Bool = false, lock: consuming IngestLock?) {
    self.path = path
    self.purpose = purpose
    self.queue = queue
    self.isNew = isNew
    self.lock = lock
  }

  /// The lock goes after the connection.
  deinit { try? queue.close() }

  /// The version of the SQLite library in use, for `--version` and bug reports.
  public static var sqliteVersion: String {
    (try? DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }) ?? ""
  }

  /// A consistent view of the store while `body` runs.
  func reading<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    try StoreError.naming { try queue.read(body) }
  }

  /// One transaction: all of it or nothing.
  func writing<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    if purpose == .read { throw .failed(detail: "the store was opened for reading") }
    return try StoreError.naming {
      var result: T?
      try queue.writeWithoutTransaction { db in
        try db.inTransaction(.immediate) {
          result = try body(db)
          return .commit
        }
      }
      guard let result else { throw StoreError.failed(detail: "no result") }
      return result
    }
  }
}

import GRDB
import Testing

@testable import Evidence

/// A store of an earlier version is brought up by the next ingest, and refused by readers until then.
@Suite struct MigrationTests {
  @Test func columnsThatCameLaterAreAdded() throws {
    let scratch = try Scratch()
    do {
      let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
      var commit = sampleCommit(1)
      commit.credentials = [CredentialRow(id: "a")]
      _ = try store.commit(commit)
      try store.close()
    }
    let queue = try DatabaseQueue(path: scratch.store)
    try queue.writeWithoutTransaction { db in
      for column in ["last_acted", "last_acted_ns", "last_action", "logs", "origins", "verbs"] {
        try db.execute(sql: "ALTER TABLE credential DROP COLUMN \(column)")
      }
      try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier LIKE 'v4 %'; PRAGMA user_version = 3")
    }
    try queue.close()
    #expect(throws: StoreError.self) { try EvidenceStore.open(at: scratch.store, for: .read) }
    let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    #expect(try store.loadCredentials().map(\.id) == ["a"])
    let columns = try store.queue.read {
      try String.fetchAll($0, sql: "SELECT name FROM pragma_table_xinfo('credential')")
    }
    #expect(columns.contains("last_acted") && columns.contains("verbs"))
  }
}

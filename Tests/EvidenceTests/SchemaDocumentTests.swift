import Foundation
import GRDB
import Testing

@testable import Evidence

/// SCHEMA.md tells the truth.
@Suite struct SchemaDocumentTests {
  private func document() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("Sources/Evidence/SCHEMA.md"), encoding: .utf8)
  }

  @Test func itsQueriesRun() throws {
    let scratch = try Scratch()
    let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    _ = try store.commit(sampleCommit(3))
    let blocks = try document().components(separatedBy: "```sql\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
    #expect(blocks.count == 3)
    for sql in blocks { try store.queue.read { try $0.execute(sql: sql) } }
    let rows = try store.queue.read { try Row.fetchAll($0, sql: blocks[0]) }
    #expect(rows.count == 3 && rows.allSatisfy { $0["records"] == 3 })
  }

  @Test func itNamesEveryTable() throws {
    let text = try document()
    for table in Schema.evidenceTables + Schema.engineTables {
      #expect(text.contains("`\(table.name)`"), "\(table.name)")
    }
  }

  @Test func everyTableIsStrict() throws {
    let scratch = try Scratch()
    let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    let loose = try store.queue.read {
      try String.fetchAll(
        $0, sql: "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND type = 'table'")
    }
    #expect(Set(loose) == ["grdb_migrations", "sqlite_schema"])
    #expect(throws: DatabaseError.self) {
      try store.queue.write {
        try $0.execute(sql: "INSERT INTO gap(path, reason, from_offset) VALUES ('a', 'b', 'text')")
      }
    }
  }

  @Test func readableTimesFollowTheirNumbers() throws {
    let scratch = try Scratch()
    let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    var commit = Commit()
    var credential = CredentialRow(id: "a")
    credential.issuedAt = noon
    commit.credentials = [credential]
    _ = try store.commit(commit)
    let row = try store.queue.read { try Row.fetchOne($0, sql: "SELECT issued_at, first_used FROM credential") }
    #expect(row?["issued_at"] == "2026-01-09T12:00:00Z" && row?["first_used"] == String?.none)
  }
}

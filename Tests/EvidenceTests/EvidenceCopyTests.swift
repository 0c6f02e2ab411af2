import GRDB
import Testing

@testable import Evidence

/// A bundle is verified for as long as it is kept: its database has the layout of the version that exported it.
@Suite struct EvidenceCopyTests {
  let scratch: Scratch
  let copy: String

  init() throws {
    scratch = try Scratch()
    copy = scratch.path + "/evidence.sqlite"
  }

  private func export(version: Int) throws {
    let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    _ = try store.commit(sampleCommit(3))
    try store.queue.read { db in
      var writer = SnapshotCopy(choice: try SnapshotChoice(db, .all, []))
      writer.version = version
      try writer.write(from: db, to: copy)
    }
  }

  @Test(arguments: 1...Schema.version) func everyVersionIsRead(version: Int) throws {
    try export(version: version)
    let read = EvidenceCopy.read(copy)
    #expect(read.problems.isEmpty, "\(read.problems)")
    #expect(read.lines.count == 3)
    // What the first version looked like is written down here: the layout of exported bundles never changes.
    let columns = try DatabaseQueue(path: copy).read { db in
      try ["credential", "identity", "finding"].map {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM pragma_table_xinfo('\($0)')") ?? 0
      }
    }
    #expect(columns == (version < 4 ? [20, 14, 31] : [26, 20, 31]))
  }

  @Test(arguments: [1, Schema.version]) func whatNoVersionHasIsRefused(version: Int) throws {
    try export(version: version)
    try DatabaseQueue(path: copy).writeWithoutTransaction { db in
      try db.execute(sql: "CREATE VIEW more AS SELECT 1")
    }
    #expect(!EvidenceCopy.read(copy).problems.isEmpty)
  }

  @Test func aLayoutOfAnotherVersionIsRefused() throws {
    try export(version: 1)
    try DatabaseQueue(path: copy).writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 4") }
    #expect(!EvidenceCopy.read(copy).problems.isEmpty)
    try DatabaseQueue(path: copy).writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
    #expect(EvidenceCopy.read(copy).problems.first?.contains("newer") == true)
  }
}

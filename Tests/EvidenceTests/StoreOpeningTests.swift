import EventModel
import Foundation
import GRDB
import Testing

@testable import Evidence

@Suite struct StoreOpeningTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func error(_ purpose: EvidenceStore.Purpose) -> StoreError? {
    do {
      _ = try EvidenceStore.open(at: scratch.store, for: purpose)
      return nil
    } catch {
      return error
    }
  }

  private func write(_ bytes: [UInt8]) throws { try OpenFile.creating(scratch.store).write(bytes) }

  @Test func everyCommitIsDurable() throws {
    let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    #expect(try pragma(store, "synchronous") == "2")
    #expect(try pragma(store, "journal_mode") == "wal")
    let other = try EvidenceStore.open(at: scratch.store, for: .annotate)
    #expect(try pragma(other, "synchronous") == "2")
    #expect(try pragma(other, "wal_autocheckpoint") == "0")
  }

  private func pragma(_ store: EvidenceStore, _ name: String) throws -> String? {
    try store.queue.writeWithoutTransaction { try String.fetchOne($0, sql: "PRAGMA \(name)") }
  }

  @Test(.serialized, arguments: [UInt32(0o000), 0o077, 0o777]) func filesAreOursAloneWhateverTheUmask(mask: UInt32)
    throws
  {
    let old = umask(mode_t(mask))
    defer { umask(old) }
    let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    _ = try store.commit(sampleCommit(1))
    for suffix in ["", "-wal", "-shm", ".lock"] {
      #expect(try FileSystem.status(of: scratch.store + suffix)?.mode == 0o600, "\(suffix)")
    }
  }

  /// A store that was made for nothing goes with its lock; one that was there, or was committed to, stays.
  @Test func anUnusedStoreGoes() throws {
    try EvidenceStore.open(at: scratch.store, for: .ingest).closeUnused()
    #expect(try FileSystem.names(in: scratch.path).isEmpty)
    do {
      let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
      _ = try store.commit(sampleCommit(1))
      store.closeUnused()
    }
    #expect(try FileSystem.status(of: scratch.store) != nil)
    do { try EvidenceStore.open(at: scratch.store, for: .ingest).closeUnused() }
    #expect(try EvidenceStore.open(at: scratch.store, for: .read).findings().count == 1)
  }

  /// Who opened the lock's file before it was removed holds no lock that another one could hold, too.
  @Test func aRemovedLockIsNotTaken() throws {
    let stale = try OpenFile.updating(scratch.store + ".lock")
    do {
      let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
      store.closeUnused()
    }
    #expect(try stale.tryLock() && !stale.hasItsName())
    _ = try EvidenceStore.open(at: scratch.store, for: .ingest)
    #expect(try FileSystem.status(of: scratch.store + ".lock") != nil)
  }

  @Test func aLooseModeIsTightened() throws {
    do { try EvidenceStore.open(at: scratch.store, for: .ingest).close() }
    try OpenFile.reading(scratch.store).setMode(0o644)
    _ = try EvidenceStore.open(at: scratch.store, for: .ingest)
    #expect(try FileSystem.status(of: scratch.store)?.mode == 0o600)
  }

  @Test func aFileThatIsNoDatabaseIsRefusedUntouched() throws {
    let bytes = Array(
      "dear diary, this is no database but it is longer than a header of one hundred bytes, I hope so, I do\n".utf8)
    try write(bytes)
    for purpose in [EvidenceStore.Purpose.ingest, .annotate, .read] {
      #expect(error(purpose) == .notAStore(path: scratch.store))
    }
    #expect(try FileSystem.contents(of: scratch.store) == bytes)
    #expect(try FileSystem.names(in: scratch.path) == ["bittern.sqlite"])
  }

  @Test func aDatabaseOfAnotherProgramIsRefusedUntouched() throws {
    let other = try DatabaseQueue(path: scratch.store)
    try other.write { try $0.execute(sql: "CREATE TABLE finding(id TEXT); INSERT INTO finding VALUES ('theirs')") }
    try other.close()
    let before = try FileSystem.contents(of: scratch.store)
    #expect(error(.ingest) == .notAStore(path: scratch.store))
    #expect(error(.read) == .notAStore(path: scratch.store))
    #expect(try FileSystem.contents(of: scratch.store) == before)
    #expect(try FileSystem.names(in: scratch.path) == ["bittern.sqlite"])
  }

  @Test func aNewerStoreIsRefusedUntouched() throws {
    do { try EvidenceStore.open(at: scratch.store, for: .ingest).close() }
    let queue = try DatabaseQueue(path: scratch.store)
    try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode=DELETE; PRAGMA user_version = 99") }
    try queue.close()
    let before = try FileSystem.contents(of: scratch.store)
    #expect(error(.ingest) == .newer(version: 99))
    #expect(error(.read) == .newer(version: 99))
    #expect(try FileSystem.contents(of: scratch.store) == before)
    #expect(StoreError.newer(version: 99).exitCode == 5)
  }

  @Test func aDamagedStoreIsRefusedAndKept() throws {
    do {
      let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
      _ = try store.commit(sampleCommit(500))
      try store.close()
    }
    var bytes = try FileSystem.contents(of: scratch.store)
    for page in 2..<(bytes.count / 4096) {
      for i in 0..<64 { bytes[page * 4096 + i] = 0xa5 }
    }
    let file = try OpenFile.updating(scratch.store)
    try file.truncate()
    try file.write(bytes)
    guard case .corrupt = error(.ingest) else {
      Issue.record("\(String(describing: error(.ingest)))")
      return
    }
    #expect(try FileSystem.contents(of: scratch.store) == bytes)
  }

  @Test func aSecondIngestIsToldWhoHoldsTheStore() throws {
    let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    #expect(error(.ingest) == .locked(pid: FileSystem.processID))
    #expect(StoreError.locked(pid: 7).message.contains("locked by pid 7"))
    #expect(error(.annotate) == nil)
    #expect(error(.read) == nil)
    try store.close()
  }

  @Test func theLockGoesWithTheStore() throws {
    do { try EvidenceStore.open(at: scratch.store, for: .ingest).close() }
    #expect(error(.ingest) == nil)
  }

  @Test func nothingIsCreatedForReaders() throws {
    #expect(error(.read) == .absent(path: scratch.store))
    #expect(error(.annotate) == .absent(path: scratch.store))
    #expect(try FileSystem.names(in: scratch.path).isEmpty)
  }

  @Test func anEmptyFileBecomesAStore() throws {
    try write([])
    #expect(error(.ingest) == nil)
    #expect(try StoreHeader.check(scratch.store) == .ours)
  }

  @Test func theLogOfALostStoreIsNotReplayedIntoANewOne() throws {
    try OpenFile.creating(scratch.store + "-wal").write([1, 2, 3])
    guard case .cannotOpen = error(.ingest) else {
      Issue.record("opened")
      return
    }
    #expect(try FileSystem.contents(of: scratch.store + "-wal") == [1, 2, 3])
  }

  @Test func linksDirectoriesAndPipesAreRefused() throws {
    try FileManager.default.createSymbolicLink(atPath: scratch.store, withDestinationPath: "/etc/passwd")
    #expect(error(.ingest) != nil)
    try FileSystem.removeFile(scratch.store)
    try FileSystem.makeDirectory(scratch.store)
    #expect(error(.ingest) == .notAStore(path: scratch.store))
  }

  @Test func aReaderCannotWrite() throws {
    do { try EvidenceStore.open(at: scratch.store, for: .ingest).close() }
    let store = try EvidenceStore.open(at: scratch.store, for: .read)
    #expect(throws: StoreError.self) { try store.commit(sampleCommit(1)) }
  }

  @Test func aFullDiskKeepsTheStoreWhole() throws {
    let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    _ = try store.commit(sampleCommit(3))
    try store.queue.writeWithoutTransaction { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      try db.execute(sql: "PRAGMA max_page_count = \(pages + 2)")
    }
    #expect(throws: StoreError.diskFull) { try store.commit(sampleCommit(1000)) }
    #expect(try store.findings().count == 3)
    try store.queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    #expect(try store.commit(sampleCommit(1000)).newFindingIDs.count == 997)
  }
}

import EventModel
import GRDB
import Testing

@testable import Evidence

/// How rows merge: the order of commits must not matter, and a repeat must change nothing.
@Suite struct MergeTests {
  let scratch: Scratch
  let store: EvidenceStore
  init() throws {
    scratch = try Scratch()
    store = try EvidenceStore.open(at: scratch.store, for: .ingest)
  }

  private func commit(_ change: (inout Commit) -> Void) throws {
    var commit = Commit()
    change(&commit)
    _ = try store.commit(commit)
  }

  @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 0, 2, 1, 1]]) func memory(order: [Int]) throws {
    let rows = [
      MemoryRow(kind: 1, key: [1, 0, 2], firstDay: 100, lastDay: 110, days: 0b100_0000_0001, count: 2),
      MemoryRow(kind: 1, key: [1, 0, 2], firstDay: 90, lastDay: 105, days: 1, count: 7),
      MemoryRow(kind: 1, key: [1, 0, 2], firstDay: 173, lastDay: 173, days: 1, count: 1),
    ]
    for i in order { try commit { $0.memory = [rows[i]] } }
    let merged = try #require(try store.loadMemory().first)
    #expect((merged.firstDay, merged.lastDay, merged.count) == (90, 173, 7))
    // Days 173, 110 (63 before); 105 and 100 lie further back than the 64 days.
    #expect(merged.days == UInt64(1) | UInt64(1) << 63)
    #expect(try store.loadMemory().count == 1)
  }

  @Test func memoryOfLongAgoIsLetGo() throws {
    let old = MemoryRow(kind: 1, key: [1], firstDay: 100, lastDay: 110, days: 1, count: 0)
    let young = MemoryRow(kind: 1, key: [2], firstDay: 100, lastDay: 111, days: 1, count: 0)
    try commit {
      $0.memory = [old, young]
      $0.memoryForgottenTo = 110
    }
    #expect(try store.loadMemory().map(\.key) == [[2]])
  }

  @Test func credentials() throws {
    var weak = CredentialRow(id: "ASIA1")
    (weak.parent, weak.grade, weak.mechanism, weak.root) = ("AKIA-guess", .candidate, "time", "ROOT")
    (weak.firstUsed, weak.lastUsed, weak.uses, weak.issuedAt) = (50, 60, 5, 40)
    var sure = CredentialRow(id: "ASIA1")
    (sure.parent, sure.grade, sure.mechanism, sure.root) = ("AKIA1", .exact, "assume_role", "OTHER")
    (sure.firstUsed, sure.lastUsed, sure.uses, sure.holder) = (30, 55, 3, "deployer")
    try commit { $0.credentials = [weak] }
    try commit { $0.credentials = [sure] }
    try commit { $0.credentials = [weak] }
    let found = try #require(try store.loadCredentials().first)
    #expect((found.parent, found.grade, found.mechanism, found.root) == ("AKIA1", .exact, "assume_role", "ROOT"))
    #expect((found.firstUsed, found.lastUsed, found.uses, found.issuedAt, found.expiresAt) == (30, 60, 5, 40, nil))
    #expect(found.holder == "deployer")
  }

  @Test func edges() throws {
    let weak = LineageEdgeRow(
      child: "c", parent: "p", mechanism: "m", grade: .strong, joinedOn: ["a"], time: 9, source: "s")
    let sure = LineageEdgeRow(
      child: "c", parent: "p", mechanism: "m", grade: .exact, joinedOn: ["b", "\u{7f}"], time: 12, source: "t")
    try commit { $0.edges = [sure, weak] }
    let found = try #require(try store.loadEdges().first)
    #expect((found.grade, found.joinedOn, found.time, found.source) == (.exact, ["b", "\u{7f}"], 9, "t"))
  }

  @Test func identitiesUniteTheirLists() throws {
    var a = IdentityRow(id: "i")
    (a.services, a.origins, a.events, a.firstUsed, a.owner) = (["s3", "kms"], ["10.0.0.1"], 4, 10, "ann")
    var b = IdentityRow(id: "i")
    (b.services, b.events, b.firstUsed, b.lastUsed, b.name) = (["e\u{301}", "\u{e9}", "s3"], 2, 5, 50, "builder")
    var other = IdentityRow(id: "i")
    other.tenant = "another"
    try commit { $0.identities = [a, b, other] as LazyRows }
    let found = try store.loadIdentities()
    #expect(found.count == 2)
    // Canonically equal names are two names.
    #expect(found[0].services.map { Array($0.utf8) } == ["e\u{301}", "kms", "s3", "\u{e9}"].map { Array($0.utf8) })
    #expect(
      (found[0].events, found[0].firstUsed, found[0].lastUsed, found[0].owner, found[0].name) == (
        4, 5, 50, "ann", "builder"
      ))
  }

  @Test func sourcesKeepPositionAndLedger() throws {
    var row = SourceRow(id: 7, path: "logs/a.gz")
    (row.device, row.inode, row.prefixHash, row.markerHash) = (.max, 1 << 63, [1, 2], [3])
    (row.plainOffset, row.gzipMemberOffset, row.gzipMemberIndex, row.gzipMemberPlainOffset) = (1000, 20, 1, 900)
    (row.recordIndex, row.shape, row.state, row.firstEvent, row.contentHash) = (12, "ndjson", "growing", noon, "abc")
    row.counters.values = Array(1...17)
    try commit { $0.sources = [SourceRow(id: 7, path: "old"), row] }
    #expect(try store.loadSources() == [row])
    #expect(SourceCounters.names.count == row.counters.values.count)
  }

  @Test func theLedgerAddsUp() {
    var counters = SourceCounters()
    (counters.decompressedBytes, counters.eventBytes, counters.framingBytes) = (100, 90, 10)
    (counters.records, counters.accepted, counters.duplicate) = (5, 4, 1)
    #expect(counters.unaccountedBytes == 0 && counters.unaccountedRecords == 0)
    counters.filtered = 1
    #expect(counters.unaccountedRecords == -1)
  }

  @Test func windowBatchesComeAndGo() throws {
    let rows = (1...3).map { WindowBatchRow(seq: $0, minTime: $0, maxTime: $0 + 9, rows: 4, body: [0, 1, 0], raw: []) }
    try commit { $0.windowBatches = rows.reversed() }
    try commit { $0.droppedWindowBatches = [2, 99] }
    #expect(try store.loadWindow() == [rows[0], rows[2]])
  }

  @Test func gapsRejectsAndMeta() throws {
    var gap = GapRow(path: "a", reason: "truncated", detail: "copytruncate")
    (gap.fromOffset, gap.toOffset) = (10, 20)
    try commit { $0.gaps = [gap, gap, GapRow(path: "a", reason: "gone")] }
    try commit { $0.gaps = [gap] }
    #expect(try store.loadGaps().count == 2)
    try commit { $0.rejects = [RejectRow(path: "a", reason: "torn", count: 3, firstOffset: 50, sampleHash: "later")] }
    try commit { $0.rejects = [RejectRow(path: "a", reason: "torn", count: 2, firstOffset: 5, sampleHash: "first")] }
    #expect(
      try store.loadRejects() == [RejectRow(path: "a", reason: "torn", count: 3, firstOffset: 5, sampleHash: "first")])
    try commit { $0.meta = ["content": "1", "config": "x"] }
    try commit { $0.meta = ["content": "2"] }
    #expect(try store.meta() == ["content": "2", "config": "x"])
  }
}

import EventModel
import GRDB
import Testing

@testable import Evidence

@Suite struct CommitTests {
  let scratch: Scratch
  let store: EvidenceStore
  init() throws {
    scratch = try Scratch()
    store = try EvidenceStore.open(at: scratch.store, for: .ingest)
  }

  private func dump() throws -> [String] {
    try store.queue.read { db in
      try (Schema.evidenceTables + Schema.engineTables).flatMap { table in
        try Row.fetchAll(db, sql: "SELECT * FROM \(table.name)").map { "\(table.name) \($0)" }
      }
    }
  }

  @Test func aFindingComesBackAsItWent() throws {
    let finding = sampleFinding(1)
    #expect(try store.commit(sampleCommit(2)).newFindingIDs == [sampleFinding(0).id, finding.id])
    guard case .one(let stored) = try store.finding(idPrefix: String(finding.id.prefix(9)).uppercased()) else {
      Issue.record("not found")
      return
    }
    #expect(stored.finding == finding)
    #expect(stored.status == .open)
  }

  @Test func theSameCommitAgainAddsNothing() throws {
    var commit = sampleCommit(20)
    commit.memory = [MemoryRow(kind: 1, key: [1], firstDay: 10, lastDay: 20, days: 0b1001, count: 4)]
    commit.gaps = [GapRow(path: "a", reason: "gone")]
    commit.rejects = [RejectRow(path: "a", reason: "malformed", count: 2, firstOffset: 7)]
    commit.sources = [SourceRow(id: 1, path: "a")]
    commit.credentials = [CredentialRow(id: "AKIA1")]
    commit.edges = [LineageEdgeRow(child: "c", parent: "p", mechanism: "m", grade: .exact)]
    commit.identities = [IdentityRow(id: "i")]
    _ = try store.commit(commit)
    let before = try dump()
    let receipt = try store.commit(commit)
    #expect(receipt.newFindingIDs.isEmpty)
    #expect(receipt.knownFindingIDs.count == 20)
    #expect(try dump() == before)
    for i in commit.findings.indices { commit.findings[i].mode = .standing }
    #expect(try store.commit(commit).raisedFindingIDs.isEmpty)
    #expect(try dump() == before)
  }

  @Test func aKnownFindingStaysUnlessItIsStanding() throws {
    var finding = sampleFinding(1)
    _ = try store.commit(sampleCommit(2))
    _ = try store.annotate(
      finding.id, FindingState(status: .acknowledged, owner: "ann", reason: "known", at: noon), actor: "ann@host")
    (finding.count, finding.severity, finding.lastSeen) = (9, .critical, noon + 99)
    finding.evidence = (0..<12).map { sampleCitation(.trigger, 1, noon + Int64($0)) }
    var commit = Commit()
    commit.findings = [.init(finding)]
    _ = try store.commit(commit)
    #expect(try store.findings(ids(finding)).first?.finding == sampleFinding(1))
    commit.findings = [.init(finding, .standing)]
    #expect(try store.commit(commit).raisedFindingIDs == [finding.id])
    let stored = try #require(try store.findings(ids(finding)).first)
    #expect(stored.finding.count == 9)
    #expect(stored.finding.severity == .critical)
    #expect(stored.finding.lastSeen == noon + 99)
    #expect(stored.status == .acknowledged)
    // The first eight triggers by time; the other roles stay.
    #expect(stored.finding.evidence.filter { $0.role == .trigger }.map(\.time) == (0..<8).map { noon + $0 })
    #expect(stored.finding.evidence.count { $0.role == .mint } == 1)
    // A lower judgement lowers nothing.
    commit.findings = [.init(sampleFinding(1), .standing)]
    #expect(try store.commit(commit).raisedFindingIDs.isEmpty)
    #expect(try store.findings(ids(finding)).first == stored)
  }

  @Test func whatIsGraverOrOnlySpeaksOfItIsNotCountedAsHeldBack() throws {
    var finding = sampleFinding(1, severity: .medium)
    var commit = Commit()
    finding.explanation.seen = Finding.heldBackState
    commit.findings = [.init(finding, .standing)]
    _ = try store.commit(commit)
    #expect(try store.heldBackCounts().isEmpty)
    var held = finding
    held.holdBack("6 of 6")
    commit.findings = [.init(held, .standing)]
    _ = try store.commit(commit)
    #expect(try store.heldBackCounts() == ["TR1": 1])
    finding.severity = .high
    commit.findings = [.init(finding, .standing)]
    _ = try store.commit(commit)
    #expect(try store.findings(ids(finding)).first?.finding.severity == .high)
    #expect(try store.heldBackCounts().isEmpty)
    // A budget only lowers.
    var slight = sampleFinding(2, severity: .informational)
    slight.holdBack("7 of 7")
    #expect(slight.severity == .informational)
  }

  @Test func aBudgetLowersOnceAndWhatIsGraverRaisesAgain() throws {
    var finding = sampleFinding(1, severity: .medium)
    var commit = Commit()
    func stored(_ next: Finding) throws -> Finding {
      commit.findings = [.init(next, .standing)]
      _ = try store.commit(commit)
      return try #require(try store.findings(ids(finding)).first?.finding)
    }
    #expect(try stored(finding).severity == .medium)
    #expect(try store.heldBackCounts().isEmpty)
    var held = finding
    held.holdBack("6 of 6")
    let lowered = try stored(held)
    #expect(lowered.severity == .low && lowered.isHeldBack)
    #expect(try store.heldBackCounts() == ["TR1": 1])
    // A run that does not know the rank any more leaves it, though there is more evidence.
    finding.count += 1
    #expect(
      try stored(finding).severity == .low && stored(finding).isHeldBack && stored(finding).count == finding.count)
    finding.severity = .high
    #expect(try stored(finding).severity == .high)
  }

  private func ids(_ finding: Finding) -> FindingFilter {
    var filter = FindingFilter()
    filter.ids = [finding.id]
    return filter
  }

  @Test func aRetractedFindingMovesWithItsReason() throws {
    _ = try store.commit(sampleCommit(2))
    var commit = Commit()
    let finding = sampleFinding(1)
    commit.retractions = [
      .init(findingID: finding.id, reason: "a late mint", at: noon), .init(findingID: "x", reason: "", at: nil),
    ]
    #expect(try store.commit(commit).retractedFindingIDs == [finding.id])
    #expect(try store.findings().map(\.finding.id) == [sampleFinding(0).id])
    let retracted = try #require(try store.retractedFindings().first)
    #expect(retracted.finding == FindingDocument.value(finding).string)
    #expect(retracted.reason == "a late mint")
    let orphans = try store.queue.read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM evidence WHERE finding_id = ?", arguments: [finding.id])
    }
    #expect(orphans == 0)
  }

  @Test func oneErrorTakesTheWholeCommitBack() throws {
    var commit = sampleCommit(5)
    // A confidence that the table's check refuses.
    var bad = sampleFinding(9)
    bad.id = ""
    commit.findings.append(.init(bad))
    try store.queue.writeWithoutTransaction {
      try $0.execute(
        sql: "CREATE TRIGGER no BEFORE INSERT ON finding WHEN NEW.id = '' BEGIN SELECT RAISE(ABORT, 'no'); END")
    }
    #expect(throws: StoreError.self) { try store.commit(commit) }
    #expect(try store.findings().isEmpty)
  }

  @Test func nulAndHostileTextLoseNothing() throws {
    var finding = sampleFinding(1)
    finding.title = "before\0after \u{1b}[2J \u{202e} e\u{301} \u{e9}"
    var commit = Commit()
    commit.findings = [.init(finding)]
    _ = try store.commit(commit)
    let title = try #require(try store.findings().first).finding.title
    #expect(Array(title.utf8) == Array("before\u{2400}after \u{1b}[2J \u{202e} e\u{301} \u{e9}".utf8))
  }

  @Test func aFindingWithoutATimeHasNulls() throws {
    var finding = sampleFinding(1)
    (finding.firstSeen, finding.lastSeen) = (Timestamp.none, Timestamp.none)
    finding.evidence[0].time = Timestamp.none
    var commit = Commit()
    commit.findings = [.init(finding)]
    _ = try store.commit(commit)
    #expect(try store.findings().first?.finding == finding)
    let nulls = try store.queue.read {
      try Int.fetchOne($0, sql: "SELECT count(*) FROM finding WHERE first_seen IS NULL AND last_seen_ns IS NULL")
    }
    #expect(nulls == 1)
  }

  @Test func tenThousandFindingsASecond() throws {
    let commit = sampleCommit(10_000)
    let time = try ContinuousClock().measure { _ = try store.commit(commit) }
    print("10,000 findings with 30,000 citations: \(time)")
    #expect(try store.findingCounts() == [.high: 10_000])
  }
}

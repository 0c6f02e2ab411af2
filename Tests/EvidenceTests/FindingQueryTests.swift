import EventModel
import Testing

@testable import Evidence

@Suite struct FindingQueryTests {
  let scratch: Scratch
  let store: EvidenceStore
  init() throws {
    scratch = try Scratch()
    store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    var commit = Commit()
    for (i, severity) in Severity.allCases.enumerated() {
      var finding = sampleFinding(i, severity: severity)
      finding.lastSeen = noon + Int64(i)
      commit.findings.append(.init(finding))
    }
    _ = try store.commit(commit)
  }

  private func found(_ change: (inout FindingFilter) -> Void) throws -> [Severity] {
    var filter = FindingFilter()
    change(&filter)
    return try store.findings(filter).map(\.finding.severity)
  }

  @Test func filters() throws {
    #expect(try found { _ in } == [.critical, .high, .medium, .low, .informational])
    #expect(try found { $0.minimumSeverity = .high } == [.critical, .high])
    #expect(try found { $0.families = [.lifecycle] }.isEmpty)
    #expect(
      try found {
        $0.detections = ["TR1"]; $0.limit = 1
      } == [.critical])
    #expect(try found { $0.incident = "incident-1" } == [.critical])
    #expect(try found { $0.identity = "deployer-2" } == [.medium])
    #expect(try found { $0.credential = "ASIA3" } == [.high])
    #expect(
      try found {
        $0.since = noon + 1; $0.until = noon + 3; $0.order = .time
      } == [.medium, .low])
    #expect(try found { $0.identity = "x' OR '1'='1" }.isEmpty)
    #expect(try found { $0.ids = (0..<3000).map { sampleFinding($0).id } }.count == 5)
  }

  @Test func prefixes() throws {
    #expect(try store.finding(idPrefix: "") == .none)
    #expect(try store.finding(idPrefix: "%") == .none)
    let ids = Severity.allCases.indices.map { sampleFinding($0).id }.sorted()
    for id in ids { #expect(try store.finding(idPrefix: String(id.prefix(16))) != .none) }
  }

  @Test func aMuteRunsOut() throws {
    let id = sampleFinding(4).id
    let state = FindingState(status: .muted, owner: "ann", reason: "pen test", expires: noon + 100, at: noon)
    #expect(try store.annotate(id, state, actor: "ann@host"))
    #expect(try !store.annotate("no such id", state, actor: "ann@host"))
    #expect(try found { $0.statuses = [.muted] } == [.critical])
    #expect(
      try found {
        $0.statuses = [.muted]; $0.now = noon + 100
      }.isEmpty)
    #expect(
      try found {
        $0.statuses = [.open]; $0.now = noon + 100
      }.count == 5)
    guard case .one(let stored) = try store.finding(idPrefix: id) else {
      Issue.record("gone")
      return
    }
    #expect(stored.state == state)
    #expect(stored.status(at: noon) == .muted && stored.status(at: noon + 100) == .open)
  }

  @Test func annotationsRunBesideAnIngest() throws {
    let other = try EvidenceStore.open(at: scratch.store, for: .annotate)
    let id = sampleFinding(0).id
    #expect(try other.annotate(id, FindingState(status: .acknowledged, owner: "b", reason: "", at: noon), actor: "b"))
    _ = try store.commit(sampleCommit(9))
    #expect(try found { $0.statuses = [.acknowledged] } == [.informational])
    let custody = try store.loadCustody()
    #expect(custody.map(\.action) == ["acknowledged"])
  }
}

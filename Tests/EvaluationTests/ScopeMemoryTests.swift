import EventModel
import EventWindow
import Evidence
import Testing

@testable import Lineage

/// What the store keeps of what identities do.
@Suite struct ScopeMemoryTests {
  @Test func pairsAreCountedWithTheirDays() {
    var counts = ActCounts()
    var subject = Subject()
    subject.kind = .role
    for n in 0..<3000 {
      var event = Event()
      subject.name = Symbol(UInt32(2 + n % 500))
      event.operation = UInt32(n % 3)
      event.outcome = n % 2 == 0 ? .success : .denied
      event.time = Int64(20_000 + n / 1500) * Timestamp.day
      counts.add(event, subject)
    }
    let entries = counts.entries
    #expect(entries.count == counts.count)
    #expect(entries.reduce(0) { $0 + Int($1.count) } == 3000)
    #expect(entries.allSatisfy { $0.firstDay == 20_000 && $0.lastDay == 20_001 })
    #expect(entries.allSatisfy { ($0.name.raw % 2 == 0) != $0.isRefused })
  }

  @Test func peopleCopiesAndFailuresDoNotCount() {
    var counts = ActCounts()
    var subject = Subject()
    subject.name = Symbol(2)
    var event = Event()
    event.outcome = .success
    subject.kind = .human
    counts.add(event, subject)
    subject.kind = .role
    event.flags = .serviceMade
    counts.add(event, subject)
    event.flags = []
    event.outcome = .throttled
    counts.add(event, subject)
    #expect(counts.count == 0)
    event.outcome = .success
    counts.add(event, subject)
    #expect(counts.entries.map(\.firstDay) == [0])
  }

  private func stored(_ commits: [[ScopeRow]]) throws -> [ScopeRow] {
    let folder = try Folder()
    let store = try EvidenceStore.open(at: folder.path + "/s.sqlite", for: .ingest)
    for rows in commits {
      var commit = Commit()
      commit.scope = LazyRows(Dictionary(grouping: rows, by: \.identity).values.map { $0 })
      _ = try store.commit(commit)
    }
    return try store.loadScope()
  }

  @Test func rowsMergeByMinAndMax() throws {
    let rows = try stored([
      [act("r", "s3:GetObject", count: 5, day: 100)], [act("r", "s3:GetObject", count: 3, denied: 2, day: 90)],
      [act("r", "s3:GetObject", count: 3, denied: 2, day: 0)],
    ])
    #expect(rows.count == 1)
    #expect(rows[0].firstDay == 90 && rows[0].lastDay == 100 && rows[0].count == 5 && rows[0].denied == 2)
  }

  @Test func pastItsBoundAnIdentityIsBroad() throws {
    let many = (0...ScopeRow.actionLimit).map { act("r", "s3:Get\($0)", service: "s\($0 % 3)") }
    let few = [act("other", "s3:GetObject")]
    let rows = try stored([Array(many.prefix(400)), few, Array(many.suffix(200))])
    #expect(rows.filter { $0.identity == "r" }.map(\.action) == ["*", "*", "*"])
    #expect(rows.filter { $0.identity == "other" }.map(\.action) == ["s3:GetObject"])
    // Known to be broad: nothing is kept apart again.
    let again = try stored([many, [act("r", "s3:New", service: "s0")]])
    #expect(again.map(\.action) == ["*", "*", "*"])
    let places = (0..<3000).map { act("r", "s3:Get", region: "r\($0 % 50)", account: "\($0 / 50)") }
    #expect(try stored([places, places]).map { [$0.action, $0.region, $0.account] } == [["*", "*", "*"]])
  }
}

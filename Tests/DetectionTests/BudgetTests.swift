import Testing

@testable import Detection
@testable import EventModel
@testable import Normalization
@testable import PipelineContent

/// Daily budgets: what is graded is ranked once its day is settled, and loses severity, never its place in the store.
@Suite struct BudgetTests {
  /// One detection of medium severity, taken for a graded one.
  private static func content(_ fresh: DetectionDefinition.FreshStore) throws -> (DetectionEngine.Content, Normalizer) {
    let all = try Content(Configuration())
    var engine = all.engine
    engine.definitions = engine.definitions.filter { $0.id == "LC10" }
    engine.definitions[0].freshStore = fresh
    return (engine, ActsDetectionTests.reader(all))
  }

  /// A role that makes a user, each in an account of its own: of many in one account later ones join one finding.
  private static func made(by role: Int, _ time: String, _ name: String) -> [UInt8] {
    let text =
      #"{"eventVersion":"1.08","eventTime":"2026-03-\#(time)Z","eventSource":"iam.amazonaws.com","#
      + #""eventName":"CreateUser","awsRegion":"us-east-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.15","#
      + #""eventID":"\#(name)-\#(role)","recipientAccountId":"1111222233\#(10 + role)","requestParameters":{"userName":"\#(name)-\#(role)"},"#
      + #""userIdentity":{"type":"AssumedRole","principalId":"AROA\#(role):s","accountId":"1111222233\#(10 + role)","#
      + #""arn":"arn:aws:sts::1111222233\#(10 + role):assumed-role/r\#(role)/s","accessKeyId":"ASIA\#(role)","sessionContext":{"#
      + #""sessionIssuer":{"type":"Role","arn":"arn:aws:iam::1111222233\#(10 + role):role/r\#(role)","accountId":"1111222233\#(10 + role)"}}}}"#
    return Array(text.utf8)
  }

  private static let day = (0..<14).map { made(by: $0, "02T10:\(10 + $0):00", "bot") }
  /// Seen by nobody as an act: only the clock goes on.
  private static func tick(_ time: String) -> [UInt8] {
    Array(String(decoding: made(by: 99, time, "x"), as: UTF8.self).replacing("CreateUser", with: "GetUser").utf8)
  }
  private static let settled = tick("03T02:30:00")

  private static func split(_ findings: [Finding]) -> (medium: Int, held: Int) {
    (
      findings.count { $0.severity == .medium && !$0.isHeldBack },
      findings.count { $0.severity == .low && $0.isHeldBack }
    )
  }

  @Test func aSettledDayKeepsTheBestRanked() throws {
    let (content, reader) = try BudgetTests.content(.low)
    let open = try ActsDetectionTests.judge(BudgetTests.day + [BudgetTests.tick("03T01:30:00")], content, reader)
    #expect(BudgetTests.split(open.findings()) == (14, 0))
    // Who did it twice is ranked before who did it once, later as it came.
    let records = BudgetTests.day + [BudgetTests.made(by: 13, "02T11:00:00", "bot"), BudgetTests.settled]
    let straight = try ActsDetectionTests.judge(records, content, reader)
    #expect(BudgetTests.split(straight.findings()) == (10, 4))
    let last = straight.findings().filter { $0.identity.name.hasSuffix("/r13") }
    #expect(last.map(\.severity).allSatisfy { $0 == .medium })
    let back = try ActsDetectionTests.judge(records.reversed(), content, reader, each: 3)
    #expect(ActsDetectionTests.summary(back.findings()) == ActsDetectionTests.summary(straight.findings()))
    // A detection that is certain skips the budget.
    let (certain, other) = try BudgetTests.content(.fires)
    #expect(BudgetTests.split(try ActsDetectionTests.judge(records, certain, other).findings()) == (14, 0))
  }

  @Test func aBudgetGrowsWithTheIdentities() {
    #expect(Budgets.limit(.tokenReuse, identities: 40) == 5)
    #expect(Budgets.limit(.outOfScope, identities: 25_000) == 25)
    #expect(Budgets.limit(nil, identities: 10_001) == 11)
  }

  @Test func aWatchLowersOnceWhenTheDayIsSettled() throws {
    let (content, reader) = try BudgetTests.content(.low)
    var engine = try ActsDetectionTests.judge(BudgetTests.day, content, reader, isWhole: false)
    #expect(BudgetTests.split(engine.takeChanges().changed) == (14, 0))
    engine = try ActsDetectionTests.go(on: engine, [BudgetTests.settled], reader)
    #expect(BudgetTests.split(engine.takeChanges().changed) == (0, 4))
    #expect(engine.takeChanges().changed.isEmpty)
    // What comes late of a settled day is ranked with it.
    engine = try ActsDetectionTests.go(on: engine, [BudgetTests.made(by: 50, "02T12:00:00", "bot")], reader)
    var late = engine.takeChanges()
    #expect(BudgetTests.split(late.changed) == (0, 1))
    #expect(late.ranked.isEmpty)
    engine = try ActsDetectionTests.go(on: engine, [BudgetTests.made(by: 13, "02T11:00:00", "bot")], reader)
    late = engine.takeChanges()
    #expect(late.ranked.map(\.heldBack) == [nil])
    #expect(late.changed.count == 2 && BudgetTests.split(late.changed) == (1, 1))
    #expect(BudgetTests.split(engine.findings()) == (10, 5))
    // After a restart its ranks are those that were kept.
    let ranks = try #require(DayRanks(engine.ranks.text))
    var again = try DetectionEngine(content, memory: LongMemory(hasher: .stable), ranks: ranks)
    let all = BudgetTests.day + [BudgetTests.made(by: 13, "02T11:00:00", "bot"), BudgetTests.settled]
    again = try ActsDetectionTests.go(on: again, all + [BudgetTests.made(by: 50, "02T12:00:00", "bot")], reader)
    #expect(BudgetTests.split(again.takeChanges().changed) == (10, 5))
    // A store that knows only until which day it was ranked: those ranks stand.
    var old = try DetectionEngine(
      content, memory: LongMemory(hasher: .stable), ranks: DayRanks(rankedUntil: engine.ranks.day))
    old = try ActsDetectionTests.go(on: old, all, reader)
    #expect(BudgetTests.split(old.takeChanges().changed) == (14, 0))
  }

  /// Findings whose rows were let go keep their ranks, and lose them to what comes late and goes before them.
  @Test func whatWasLetGoIsRankedStill() throws {
    let (content, reader) = try BudgetTests.content(.low)
    let early = BudgetTests.day.prefix(12)
    var engine = try ActsDetectionTests.judge(
      Array(early) + [BudgetTests.tick("03T02:00:00")], content, reader, isWhole: false)
    engine = try ActsDetectionTests.go(on: engine, [BudgetTests.settled], reader)
    #expect(BudgetTests.split(engine.takeChanges().changed) == (10, 2))
    engine = try ActsDetectionTests.go(on: engine, [BudgetTests.tick("03T13:00:00")], reader)
    _ = engine.takeChanges()
    #expect(engine.evict(before: try #require(engine.newest) - 20 * Timestamp.minute).count == 2)
    #expect(engine.findings().isEmpty)
    engine.ranks = try #require(DayRanks(engine.ranks.text))
    // Twice by one role: it goes before the ten, and the last of them is held back.
    let late = ["02T18:00:00", "02T18:10:00"].map { BudgetTests.made(by: 60, $0, "bot") }
    engine = try ActsDetectionTests.go(on: engine, late, reader)
    let changes = engine.takeChanges()
    #expect(BudgetTests.split(changes.changed) == (1, 0))
    #expect(changes.ranked.count == 1 && changes.ranked[0].heldBack?.contains("11 of 13") == true, "\(changes.ranked)")
  }
}

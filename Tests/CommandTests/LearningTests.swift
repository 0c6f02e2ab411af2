import Detection
import EventModel
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime
import Reporting
import Testing

/// What `bittern identities` and `findings explain` say of how far an identity is learned, read back from the store.
@Suite struct LearningTests {
  private static let role = "arn:aws:iam::111122223333:role/nightly"

  /// One call of the role at noon of every given day after the first of March.
  private func store(_ scratch: Scratch, days: [Int64], calls: Int = 1) throws -> EvidenceStore {
    let start = midnight - 16 * Timestamp.day
    let lines = days.flatMap { day in
      (0..<calls).map { n in
        let time = Timestamp.text(start + day * Timestamp.day + 12 * Timestamp.hour + Int64(n) * Timestamp.second)
        return
          #"{"eventVersion":"1.08","eventTime":"\#(time)","eventSource":"s3.amazonaws.com","eventName":"GetObject","#
          + #""awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-sdk-go","eventID":"e-\#(day)-\#(n)","#
          + #""recipientAccountId":"111122223333","userIdentity":{"type":"AssumedRole","principalId":"AROAX:s","#
          + #""arn":"arn:aws:sts::111122223333:assumed-role/nightly/s","accountId":"111122223333","accessKeyId":"ASIAX\#(day)","#
          + #""sessionContext":{"sessionIssuer":{"type":"Role","arn":"\#(Self.role)","accountId":"111122223333","userName":"nightly"}}}}"#
      }
    }
    let file = try scratch.write("logs-\(days.count)/a.ndjson", Array(lines.joined(separator: "\n").utf8))
    var options = Scan.Options()
    options.inputs = [file]
    options.store = scratch.path + "/\(days.count)-\(calls).sqlite"
    _ = try Scan(content: builtIn, options: options, stop: StopFlag()).run()
    return try EvidenceStore.open(at: options.store, for: .read)
  }

  private func history(_ store: EvidenceStore) throws -> (Learning, IdentityEntry.History?) {
    let (rows, sources) = (try store.loadIdentities(), try store.loadSources())
    let history = try StoredHistory(store, names: rows.map(\.name), sources: sources, identities: rows)
    let inventory = StoredInventory(
      identities: rows, credentials: [], sources: sources, configuration: Configuration(), history: history)
    return (history.learning(of: Self.role), inventory.entries(all: true).first { $0.name == Self.role }?.history)
  }

  @Test func anIdentityIsLearnedUntilItHadFourteenActiveDays() throws {
    let scratch = try Scratch()
    let (learning, shown) = try history(try store(scratch, days: Array(0..<9)))
    #expect(learning.activeDays == 9 && !learning.isMature)
    // Ten March is the first day after; five more days of work are missing.
    #expect(Timestamp.text(shown?.learnsUntil ?? 0) == "2026-03-15T00:00:00Z")
    #expect(shown?.activeDays == 9)
    let known = try history(try store(scratch, days: Array(0..<14)))
    #expect(known.0.isMature && known.0.until == nil)
    #expect(known.1 == IdentityEntry.History(activeDays: 14, events: 0, learnsUntil: nil))
  }

  @Test func manyEventsOverThreeDaysAreEnough() throws {
    let scratch = try Scratch()
    #expect(try !history(try store(scratch, days: [0, 1, 2])).0.isMature)
    let busy = try history(try store(scratch, days: [0, 1, 2], calls: 170)).0
    #expect(busy.isMature == (busy.events >= 500))
    #expect(busy.events == 450)
    #expect(try history(try store(scratch, days: [0, 1, 2, 3], calls: 170)).0.isMature)
  }

  @Test func aFindingSaysHowFarItsIdentityIsLearned() throws {
    let scratch = try Scratch()
    let learning = try history(try store(scratch, days: [0, 1])).0
    var finding = Finding()
    (finding.identity.name, finding.identity.kind) = (Self.role, "role")
    func page(_ finding: Finding) throws -> String {
      try FindingExplanation(
        finding, definition: nil, configuration: Configuration(),
        history: .init(learning: learning, detections: ["OS3", "OS2"])
      ).page().render(TerminalStyle(width: 200))
    }
    #expect(try page(finding).contains("OS2, OS3 learn this identity until 2026-03-15 or later"))
    finding.identity.kind = "human"
    #expect(try !page(finding).contains("learn this identity"))
  }
}

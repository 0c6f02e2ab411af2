import Foundation
import Testing

@testable import Detection
@testable import EventModel
@testable import EventWindow
@testable import Normalization
@testable import PipelineContent

/// What the order of arrival, other detections and other actors must not change.
@Suite struct OrderTests {
  /// A call at a time of one day, under an id that all of them have.
  private func record(_ time: String, _ name: String) -> [UInt8] {
    Array(
      """
      {"eventVersion":"1.10","eventTime":"2026-03-02T\(time)Z","eventSource":"s3.amazonaws.com","eventName":"\(name)",\
      "awsRegion":"eu-west-1","eventID":"3f1c2a70-5d1e-4c55-9a10-000000000001","eventType":"AwsApiCall",\
      "recipientAccountId":"111122223333","sourceIPAddress":"52.16.0.10","userAgent":"x","userIdentity":{"type":"IAMUser",\
      "principalId":"AIDAREPORTINEXAMPLE","arn":"arn:aws:iam::111122223333:user/reporting","accountId":"111122223333",\
      "accessKeyId":"AKIAREPORTINEXAMPLE","userName":"reporting"}}
      """.utf8)
  }

  /// Two records of one time and one id that say different things: judged in the same order, the same one in conflict.
  @Test func tiesAreBrokenByContent() throws {
    let content = try Content(Configuration())
    let reader = ActsDetectionTests.reader(content)
    let records = ["ListBuckets", "GetBucketAcl", "ListAllMyBuckets", "GetObject"].map {
      record("08:00:00", $0)
    }
    func order(_ records: [[UInt8]], each: Int) throws -> [String] {
      let engine = try ActsDetectionTests.judge(records, content.engine, reader, each: each)
      var window = engine.window
      return window.ordered().map { row in
        let event = window[row]
        let action = window.dictionaries.text(window.operation(event.operation).action)
        return action + (event.flags.contains(.idConflict) ? " in conflict" : "")
      }
    }
    let expected = try order(records, each: 4)
    #expect(expected.count == 4 && expected.count { $0.hasSuffix("in conflict") } == 3)
    #expect(!expected[0].hasSuffix("in conflict"))
    for shift in 0..<4 {
      let turned = Array(records[shift...] + records[..<shift])
      for each in [1, 2, 4] {
        #expect(try order(turned, each: each) == expected)
        #expect(try order(turned.reversed(), each: each) == expected)
      }
    }
  }

  /// One id with other contents, hours apart: the earliest is the record, whichever came first, and the others name it.
  @Test func ofOneIDTheEarliestIsTheRecord() throws {
    let content = try Content(Configuration())
    let reader = ActsDetectionTests.reader(content)
    let records = [("08:00:00", "ListBuckets"), ("09:30:00", "GetBucketAcl"), ("11:00:00", "GetObject")].map {
      record($0, $1)
    }
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
      for each in [1, 3] {
        let engine = try ActsDetectionTests.judge(order.map { records[$0] }, content.engine, reader, each: each)
        var window = engine.window
        let rows = window.ordered()
        #expect(rows.map { window[$0].flags.contains(.idConflict) } == [false, true, true], "\(order) by \(each)")
        #expect(window.rivals == [rows[1]: rows[0], rows[2]: rows[0]])
        let told = engine.findings().filter { $0.detection == "LS6" }
        #expect(told.count == 1 && told.first?.severity == .low && told.first?.count == 2, "\(order) by \(each)")
      }
    }
  }

  /// HI3 knows which users work with keys, whether or not LL1 looks at keys.
  @Test func aDetectionThatIsOffWeakensNoOther() throws {
    var configuration = Configuration()
    configuration.disabled = ["LL1"]
    let content = try Content(configuration)
    let outcomes = DetectionFixtures.run(.packed, engine: content.engine, sources: content.sources)
    for outcome in outcomes where outcome.fixture.hasPrefix("HI3/") {
      #expect(outcome.failures.isEmpty, "\(outcome.fixture): \(outcome.failures)")
    }
  }

  /// LC7: an application is news the first time, whoever adds it; the next one of a busy administrator is news again.
  @Test func anApplicationIsNewOnce() throws {
    let content = try Content(Configuration())
    func installed(_ app: String, _ actor: String, day: Int64, _ n: Int) -> [UInt8] {
      let at = 1_772_442_900_123 + day * 86_400_000
      return Array(
        """
        {"@timestamp":\(at),"org":"octo-shop","business":"octo","actor":"\(actor)","actor_id":1001,\
        "actor_ip":"198.51.100.20","action":"integration_installation.create","name":"\(app)","_document_id":"a\(n)"}
        """.utf8)
    }
    let records = [
      installed("one", "mona", day: 0, 0), installed("two", "mona", day: 1, 1), installed("three", "mona", day: 2, 2),
      installed("four", "mona", day: 3, 3), installed("one", "hubot", day: 4, 4), installed("five", "mona", day: 5, 5),
      installed("five", "hubot", day: 5, 6),
    ]
    let engine = try ActsDetectionTests.judge(records, content.engine, ActsDetectionTests.reader(content))
    let told = engine.findings().filter { $0.detection == "LC7" }.sorted {
      ($0.firstSeen, $0.title) < ($1.firstSeen, $1.title)
    }
    #expect(told.map(\.severity) == [.medium, .medium, .medium, .medium, .low, .low, .medium])
    #expect(told[5].title.hasPrefix("hubot") && told[6].title.hasPrefix("mona"))
    let memory = LongMemory(hasher: .stable, earlier: engine.memory.run)
    let again = try ActsDetectionTests.judge(
      records, content.engine, ActsDetectionTests.reader(content), memory: memory)
    #expect(ActsDetectionTests.summary(again.findings()) == ActsDetectionTests.summary(engine.findings()))
  }
}

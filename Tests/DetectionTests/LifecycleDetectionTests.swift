import Testing

@testable import Detection
@testable import EventModel
@testable import EventWindow
@testable import Normalization
@testable import PipelineContent

/// What the long memory adds to the detections of lifecycles: a later scan knows what an earlier one saw end or rest.
@Suite struct LifecycleDetectionTests {
  private let content: Content

  private let reader: Normalizer

  init() throws {
    content = try Content(Configuration())
    reader = ActsDetectionTests.reader(content)
  }

  /// One scan after another, each with what the ones before remember.
  private func scans(_ logs: [[String]], of detection: String) throws -> [[Finding]] {
    var earlier: LongMemory.Entries = [:]
    var told: [[Finding]] = []
    for log in logs {
      let engine = try ActsDetectionTests.judge(
        log.map { Array($0.utf8) }, content.engine, reader,
        memory: LongMemory(hasher: .stable, earlier: earlier))
      told.append(engine.findings().filter { $0.detection == detection })
      for (key, entry) in engine.memory.run {
        if earlier[key] == nil { earlier[key] = entry } else { earlier[key]?.merge(entry) }
      }
    }
    return told
  }

  private func aws(_ time: String, _ call: String, user: String = "etl", parameters: String = "{}") -> String {
    let parts = call.split(separator: ":")
    return """
      {"eventVersion":"1.10","awsRegion":"eu-west-1","eventType":"AwsApiCall","recipientAccountId":"111122223333",\
      "eventTime":"\(time)","eventSource":"\(parts[0]).amazonaws.com","eventName":"\(parts[1])","sourceIPAddress":"52.16.0.10",\
      "userAgent":"aws-sdk-go-v2/1.30.3","requestParameters":\(parameters),"eventID":"\(time)-\(call)-\(user)",\
      "userIdentity":{"type":"IAMUser","principalId":"AIDA\(user.uppercased())","arn":"arn:aws:iam::111122223333:user/\(user)",\
      "accountId":"111122223333","accessKeyId":"AKIA\(user.uppercased())EXAMPLE","userName":"\(user)"}}
      """
  }

  private var deletion: String { #"{"userName":"etl","accessKeyId":"AKIAETLEXAMPLE"}"# }

  @Test func aLaterScanKnowsWhatWasDeleted() throws {
    let told = try scans(
      [
        [
          aws("2026-03-02T08:00:00Z", "s3:ListBuckets"),
          aws("2026-03-02T23:58:00Z", "iam:DeleteAccessKey", user: "admin", parameters: deletion),
        ],
        // The hour of the deletion is not remembered: the first minutes of the next day are its grace.
        [aws("2026-03-03T00:10:00Z", "s3:ListBuckets")],
        [aws("2026-04-02T09:00:00Z", "s3:ListBuckets")],
      ], of: "LC3")
    #expect(told[0].isEmpty)
    #expect(told[1].isEmpty)
    #expect(told[2].map(\.severity) == [.high])
    #expect(told[2].first?.summary.contains("2026-03-02") == true)
  }

  @Test func whatCameBackIsNotDead() throws {
    let active = #"{"userName":"etl","accessKeyId":"AKIAETLEXAMPLE","status":"Active"}"#
    let told = try scans(
      [
        [aws("2026-03-02T08:00:00Z", "iam:DeleteAccessKey", user: "admin", parameters: deletion)],
        [
          aws("2026-03-05T08:00:00Z", "iam:UpdateAccessKey", user: "admin", parameters: active),
          aws("2026-03-05T09:00:00Z", "s3:ListBuckets"),
        ],
        [aws("2026-03-09T09:00:00Z", "s3:ListBuckets")],
      ], of: "LC3")
    #expect(told.allSatisfy { $0.isEmpty })
  }

  @Test func anOlderLogReadLaterIsJudgedByItsOwnPast() throws {
    let told = try scans(
      [
        [aws("2026-03-02T08:00:00Z", "iam:DeleteAccessKey", user: "admin", parameters: deletion)],
        [aws("2026-02-20T09:00:00Z", "s3:ListBuckets")],
      ], of: "LC3")
    #expect(told.allSatisfy { $0.isEmpty })
  }

  /// A scan every ten days of a log that others fill.
  private func days(_ range: ClosedRange<Int32>, with uses: Set<Int32>) -> [[String]] {
    var logs: [[String]] = []
    for (n, day) in range.enumerated() {
      let date = Wording.date(20_000 + day)
      if n % 10 == 0 { logs.append([]) }
      logs[logs.count - 1].append(aws("\(date)T08:00:00Z", "s3:ListBuckets", user: "daily"))
      if uses.contains(day) { logs[logs.count - 1].append(aws("\(date)T09:00:00Z", "s3:ListBuckets")) }
    }
    return logs
  }

  @Test func whatRestedForMonthsIsNoticed() throws {
    let told = try scans(days(0...70, with: [0, 1, 2, 70]), of: "LC2").flatMap { $0 }
    #expect(told.map(\.severity) == [.medium])
    #expect(told.first?.title.contains("68 days") == true)
  }

  @Test func aStoreThatWasNotFedIsSilent() throws {
    let told = try scans(days(0...3, with: [0, 1, 2]) + days(68...70, with: [70]), of: "LC2")
    #expect(told.allSatisfy { $0.isEmpty })
  }

  @Test func breaksThatItHadBeforeAreNoNews() throws {
    let told = try scans(days(0...130, with: [0, 1, 60, 61, 130]), of: "LC2").flatMap { $0 }
    #expect(told.count == 1)
    #expect(told.first?.title.contains("59 days") == true)
  }

  @Test func aWatchDoesNotConcludeFromAbsence() throws {
    let definition = try #require(content.engine.definitions.first { $0.id == "TR6" })
    let tree = ContentFiles.packed
    let file = try #require(
      tree.files(below: "detections/TR6-use-without-mint/fixtures").first { $0.name == "fires-token-never-issued.yml" })
    let yaml = try #require(try YAMLField.parse(String(decoding: file.bytes, as: UTF8.self), file: file.name))
    let top = try yaml.members(allowed: ["about", "expect", "defaults", "records"])
    let records = try FixtureRecords.records(top["records"], defaults: top["defaults"])
    for isWhole in [true, false] {
      let engine = try ActsDetectionTests.judge(records, content.engine, reader, isWhole: isWhole)
      #expect(engine.findings().contains { $0.detection == definition.id } == isWhole)
    }
  }
}

import EventModel
import Foundation
import LogReading
import Normalization
import Testing

@testable import PipelineContent

/// No record is taken for one of another log: whatever came before it, and whatever the logs have in common.
@Suite struct RecognitionTests {
  private let content: Content

  init() throws { content = try Content(Configuration(), replacing: DetectionFixtureTests.folder) }

  private struct Log {
    var source: String
    /// A record and the log it is of: its folder's, unless its row says that it is another's.
    var records: [(bytes: [UInt8], of: String)] = []
  }

  /// The records of every source's fixtures.
  private var logs: [Log] {
    var all: [Log] = []
    for tree in content.trees {
      for source in tree.folders(below: "sources") {
        var log = Log(source: source)
        let folder = "sources/\(source)/fixtures"
        for file in tree.files(below: folder) where file.name.hasSuffix(".rows.ndjson") {
          let name = file.name.dropLast(".rows.ndjson".count)
          let lines = (tree["\(folder)/\(name).ndjson"] ?? []).split(separator: 0x0a)
          for (line, row) in zip(lines, file.bytes.split(separator: 0x0a)) {
            let row = try? JSONSerialization.jsonObject(with: Data(row), options: .fragmentsAllowed) as? [String: Any]
            log.records.append((Array(line), row?["source"] as? String ?? source))
          }
        }
        all.append(log)
      }
    }
    return all
  }

  private func name(_ record: [UInt8], _ normalizer: inout Normalizer) -> String? {
    let outcome = SourceFixtures.add(record, to: &normalizer, EnvelopeKeys(of: content.sources))
    guard case .accepted(let source, _) = outcome else { return nil }
    return content.sources[Int(source)].name
  }

  /// Row: the log that a record is of; column: what it is taken for. Only the diagonal may be taken.
  @Test func everyFixtureIsOfItsOwnLog() {
    let all = logs
    #expect(all.count >= 15)
    var confused: Set<String> = []
    // Making a reader is most of the time: each is a copy of one.
    let fresh = ActsDetectionTests.reader(content)
    for log in all {
      var alone = fresh
      for (n, record) in log.records.enumerated() {
        if let got = name(record.bytes, &alone), got != record.of {
          confused.insert("\(log.source) record \(n + 1) is taken for \(got)")
        }
      }
    }
    // A reader remembers the log of the record before: that must not decide.
    for before in all {
      guard let first = before.records.first else { continue }
      var primed = fresh
      _ = name(first.bytes, &primed)
      for log in all {
        for record in log.records.prefix(3) {
          var normalizer = primed
          if let got = name(record.bytes, &normalizer), got != record.of {
            confused.insert("a record of \(log.source), after one of \(before.source), is taken for \(got)")
          }
        }
      }
    }
    #expect(confused.isEmpty, "\(confused.sorted().joined(separator: "\n"))")
  }

  /// Labelled logs of other origin, where there are any: `BITTERN_LABELLED` names their cases.csv.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["BITTERN_LABELLED"] != nil))
  func everyLabelledRecordIsOfItsOwnLog() throws {
    let path = ProcessInfo.processInfo.environment["BITTERN_LABELLED"] ?? ""
    let folder = (path as NSString).deletingLastPathComponent
    let table = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    // Other names of the same logs, and labels that stand for several; a log that is none of ours may only be unrecognised.
    let other: [String: Set<String>] = [
      "mcp_agent": ["agent_tools", "agent_hosts", "http_access", "oauth_events"], "aks_audit": ["k8s_audit"],
      "ghe": ["github_audit"], "cloudwatch_events": ["aws_cloudtrail", "aws_findings"],
      "aliyun_actiontrail": ["alibaba_actiontrail"], "azure_activity": ["azure_activity", "azure_resource"],
      "entra_audit": ["entra_audit", "entra_signin"], "snowflake_login": ["snowflake"],
    ]
    var recognised = 0
    var confused: Set<String> = []
    for line in table.split(whereSeparator: \.isNewline).dropFirst() {
      let cells = line.split(separator: ",", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
      guard cells.count > 2, let bytes = FileManager.default.contents(atPath: folder + "/" + cells[2]) else { continue }
      var normalizer = ActsDetectionTests.reader(content)
      for record in bytes.split(separator: 0x0a) {
        guard let got = name([UInt8](record), &normalizer) else { continue }
        recognised += 1
        if !(other[cells[1]] ?? [cells[1]]).contains(got) {
          confused.insert("\(cells[0]), a log of \(cells[1]), is taken for \(got)")
        }
      }
    }
    #expect(recognised > 0 && confused.isEmpty, "\(confused.sorted().joined(separator: "\n"))")
  }
}

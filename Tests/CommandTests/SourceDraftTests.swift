import EventModel
import Foundation
import Normalization
import PipelineContent
import PipelineRuntime
import Testing

/// `bittern sources new`: a made-up log becomes a source that loads, reads it, and finds token reuse in it.
@Suite struct SourceDraftTests {
  /// A build farm's audit log, which Bittern has never seen.
  private func farm(_ n: Int, token: String, address: String, minute: Int, action: String = "artifact.get") -> String {
    let time = Timestamp.text(midnight + Int64(minute) * Timestamp.minute)
    return """
      {"farmTime":"\(time)","log_type":"farm_audit","eventId":"e-\(n)","principal":{"id":"p-\(token)","displayName":"svc-\(token)",\
      "type":"service"},"tokenId":"tk-\(token)","sourceIPAddress":"\(address)","operation":"\(action)","decision":"allowed",\
      "target":{"name":"repo/\(n % 3)"},"password":"correct horse battery"}
      """
  }

  private var samples: [String] {
    (0..<20).map { n in
      farm(
        n, token: "t\(n % 4)", address: "203.0.113.\(n % 4 + 10)", minute: n * 7,
        action: ["artifact.get", "secret.read", "token.create", "runner.start"][n % 4])
    }
  }

  private func draft(_ lines: [String]) throws -> SourceDraft.Trial {
    try SourceDraft(name: "farm", records: lines.map { Array($0.utf8) }).trial(in: builtIn)
  }

  private func write(_ trial: SourceDraft.Trial, into scratch: Scratch) throws -> String {
    for file in trial.files { try scratch.write("own/sources/farm/" + file.path, file.bytes) }
    return scratch.path + "/own"
  }

  @Test func theColumnsAreGuessed() throws {
    let trial = try draft(samples)
    #expect(trial.accepted == 20 && trial.others.isEmpty && trial.rejected == 0)
    let row = try #require(trial.rows.first { $0["action"] == "secret.read" })
    for (column, value) in [
      ("name", "svc-t1"), ("actor", "p-t1"), ("kind", "service_account"), ("credential", "TOKEN:tk-t1"),
      ("address", "203.0.113.11"), ("outcome", "success"), ("verb", "secret_read"), ("resource", "repo/1"),
      ("time", Timestamp.text(midnight + 7 * Timestamp.minute)),
    ] { #expect(row[column] == value, "\(column)") }
  }

  @Test func noSecretIsLeftInTheFolder() throws {
    for file in try draft(samples).files {
      #expect(!String(decoding: file.bytes, as: UTF8.self).contains("correct horse"), "\(file.path)")
    }
  }

  @Test func theFolderLoadsWithoutChange() throws {
    let scratch = try Scratch()
    let folder = try write(draft(samples), into: scratch)
    let content = try Content(Configuration(), replacing: folder)
    let outcomes = SourceFixtures.run(content.trees[0], sources: content.sources, facts: content.engine.facts)
    #expect(outcomes.count == 1)
    #expect(outcomes.flatMap(\.failures).isEmpty)
  }

  @Test func tokenReuseIsFoundInALogThatNoSwiftKnows() throws {
    let scratch = try Scratch()
    var configuration = Configuration()
    configuration.pipelines = [try write(draft(samples), into: scratch)]
    // One token, two places at once.
    let places = ["203.0.113.10", "198.51.100.77"]
    let lines = (0..<40).map { farm(100 + $0, token: "t0", address: places[$0 % 2], minute: $0 / 2) }
    let log = try scratch.write("farm.ndjson", Array((samples + lines).joined(separator: "\n").utf8))
    let report = try scan([log], Content(configuration), store: scratch.path + "/s.sqlite")
    #expect(report.allFindings.contains { $0.family == .tokenReuse && $0.identity.source == "farm" })
  }

  @Test func wrappedRecordsAndDocumentsAreOpened() throws {
    let inner = (0..<8).map {
      #"{\"ts\":\"2026-01-01T00:00:0\#($0)Z\",\"caller\":\"svc-\#($0 % 2)\",\"action\":\"read\",\"ip\":\"192.0.2.\#($0)\"}"#
    }
    let wrapped = try draft(inner.map { #"{"host":"h","message":"\#($0)"}"# })
    #expect(wrapped.accepted == 8)
    #expect(wrapped.rows.first?["name"] == "svc-0")

    let scratch = try Scratch()
    let document = #"{"version":1,"audit_events":["# + samples.joined(separator: ",") + "]}"
    let file = try scratch.write("a.json", Array(document.utf8))
    let read = try SampleRecords(file: file, known: [])
    #expect(read.records.count == 20 && read.envelope == "audit_events")
  }

  @Test func hostileSamplesGiveAMapOrAnError() throws {
    for line in [
      #"{"a b|c":"x","d\"e":1,"{f}":true,"":"y","*":"*"}"#, #"{"time":"!","type":"=x","kind":"a: b # c"}"#, "[1]", "{}",
      #"{"user":"\#u{1b}[31m'\n","action":"{x}","status":"2\\00"}"#,
    ] {
      do {
        let trial = try draft([line, line])
        #expect(trial.files.count == 4)
      } catch let error as ContentError { #expect(!error.reason.isEmpty) }
    }
  }

  @Test func recordsOfKnownLogsAreNoSamples() throws {
    let file = repository + "/pipelines/sources/vault_audit/fixtures/subjects.ndjson"
    let vault = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map { Array($0.utf8) }
    let mixed = vault + samples.map { Array($0.utf8) }
    let sorted = SourceDraft.unknown(mixed, in: builtIn)
    #expect(sorted.records.count == samples.count)
    #expect(sorted.known == ["vault_audit": vault.count])
    #expect(try draft([String(decoding: vault[0], as: UTF8.self)]).doubts.contains { $0.contains("vault_audit") })
  }
}

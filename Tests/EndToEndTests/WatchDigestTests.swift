import EventModel
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime
import Testing

/// A watch holds log files against the digests that list them (LS3), once they must have come.
@Suite struct WatchDigestTests {
  private static let day = "111122223333_CloudTrail_eu-west-1_20260302T"

  private func event(_ time: String, _ id: String) -> String {
    #"{"eventVersion":"1.10","eventTime":"2026-03-02T\#(time)Z","eventSource":"s3.amazonaws.com","eventName":"ListBuckets","#
      + #""awsRegion":"eu-west-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.15","eventID":"\#(id)","#
      + #""recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","principalId":"AIDAX","#
      + #""arn":"arn:aws:iam::111122223333:user/x","accountId":"111122223333","userName":"x","accessKeyId":"AKIAX"}}"#
  }

  private func write(_ text: String, _ name: String, _ folder: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
    return Digest.of(Array(text.utf8).span).hexadecimal
  }

  private func digest(_ files: [(name: String, hash: String)]) -> String {
    let listed = files.map {
      #"{"s3Bucket":"b","s3Object":"AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/02/\#($0.name)","#
        + #""hashValue":"\#($0.hash)","hashAlgorithm":"SHA-256"}"#
    }
    return
      #"{"awsAccountId":"111122223333","digestStartTime":"2026-03-02T08:00:00Z","digestEndTime":"2026-03-02T09:00:00Z","#
      + #""digestS3Bucket":"b","digestS3Object":"AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/03/02/d.json.gz","#
      + #""logFiles":[\#(listed.joined(separator: ","))]}"#
  }

  private func watch(_ folder: String, _ store: String) throws -> [String] {
    var options = Watch.Options()
    (options.inputs, options.store, options.idleExit) = ([folder], store, 0.5)
    _ = try Watch(content: Shared.plain, options: options, stop: StopFlag()).run { _ in }
    return try found(store)
  }

  private func found(_ store: String) throws -> [String] {
    var filter = FindingFilter()
    filter.detections = ["LS3"]
    let found = try EvidenceStore.open(at: store, for: .read).findings(filter).map(\.finding)
    #expect(found.allSatisfy { $0.evidence.count == 1 && !$0.evidence[0].sha256.isEmpty })
    return found.map { "\($0.severity.name) \($0.id)" }.sorted()
  }

  @Test func filesAreHeldAgainstTheirDigestsWhenTheyMustHaveCome() throws {
    let scratch = try Scratch()
    let logs = scratch.path + "/logs"
    try FileManager.default.createDirectory(atPath: logs, withIntermediateDirectories: true)
    let good = try write(event("08:10:00", "a") + "\n", Self.day + "0810Z_A.json", logs)
    _ = try write(event("08:20:00", "b") + "\n", Self.day + "0820Z_B.json", logs)
    let listed = [
      (Self.day + "0810Z_A.json.gz", good), (Self.day + "0820Z_B.json.gz", String(repeating: "ab", count: 32)),
      (Self.day + "0830Z_C.json.gz", good),
    ]
    _ = try write(digest(listed) + "\n", "d.json", logs)
    _ = try write(event("10:30:00", "c") + "\n", Self.day + "1030Z_E.json", logs)
    let store = scratch.path + "/watch.sqlite"
    // An hour and a half later a file may still be on its way, or be half there.
    #expect(try watch(logs, store).isEmpty)
    _ = try write(event("11:05:00", "e") + "\n", Self.day + "1105Z_F.json", logs)
    let told = try watch(logs, store)
    #expect(told.map { $0.prefix(4) } == ["high", "medi"])
    // A scan of the same says the same.
    let scanned = scratch.path + "/scan.sqlite"
    _ = try scan([logs], Shared.plain, store: scanned)
    #expect(try found(scanned) == told)
    // A file that was rotated away since is not missing.
    try FileManager.default.removeItem(atPath: logs + "/" + Self.day + "0810Z_A.json")
    _ = try write(event("11:10:00", "f") + "\n", Self.day + "1110Z_G.json", logs)
    #expect(try watch(logs, store) == told)
  }
}

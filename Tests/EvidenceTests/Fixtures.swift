import EventModel
import Foundation

@testable import Evidence

/// A directory that goes with the test.
final class Scratch {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/bittern-" + UUID().uuidString
    try FileSystem.makeDirectory(path)
  }
  deinit { try? FileSystem.removeTree(path) }
  var store: String { path + "/bittern.sqlite" }
}

let noon: Int64 = 1_767_960_000 * Timestamp.second  // 2026-01-09T12:00:00Z

func sampleFinding(_ n: Int, severity: Severity = .high) -> Finding {
  var f = Finding()
  f.id = Digest.of(Array("finding \(n)".utf8)).hexadecimal
  (f.detection, f.name, f.family) = ("TR1", "session-origin-lock", .tokenReuse)
  (f.severity, f.confidence) = (severity, .strong)
  f.title = "Session of deployer-\(n) used from 203.0.113.9"
  f.summary = "A session issued to 10.0.0.4 was used from 203.0.113.9."
  (f.identity.id, f.identity.name, f.identity.kind) = ("AROA\(n)", "deployer-\(n)", "role")
  (f.identity.source, f.identity.tenant, f.identity.owner) = ("aws.cloudtrail", "111122223333", "platform")
  (f.credential.id, f.credential.kind) = ("ASIA\(n)", "sts_session")
  (f.credential.issuedAt, f.credential.expiresAt) = (noon, noon + Timestamp.hour)
  (f.tenant, f.firstSeen, f.lastSeen, f.count) = ("111122223333", noon, noon + 5, 3)
  (f.attack, f.incident) = (["T1550.001"], "incident-\(n / 4)")
  f.evidence = [
    sampleCitation(.baseline, n, noon - Timestamp.minute), sampleCitation(.trigger, n, noon),
    sampleCitation(.mint, n, noon - Timestamp.hour),
  ]
  f.lineage = [
    Finding.Edge(
      from: "AKIA\(n)", to: "ASIA\(n)", mechanism: "assume_role", grade: .exact,
      joinedOn: ["accessKeyId", "sessionName"])
  ]
  f.explanation.expected = "the origin of its first use"
  f.explanation.seen = "another origin"
  f.explanation.threshold = "1"
  f.explanation.state = [("first_origin", "10.0.0.4"), ("an_origin", "203.0.113.9")]
  f.explanation.guards = ["zone: none"]
  return f
}

func sampleCitation(_ role: Finding.Citation.Role, _ n: Int, _ time: Int64) -> Finding.Citation {
  var c = Finding.Citation(role: role, time: time, input: 0, offset: UInt64(n) * 100, length: 90, index: 2)
  (c.source, c.eventID) = ("aws.cloudtrail", "event-\(n)-\(role.rawValue)-\(time)")
  (c.action, c.outcome, c.origin, c.file) = ("s3:GetObject", "success", "203.0.113.9", "logs/a.json.gz")
  c.raw = Array(#"{"eventID":"\#(c.eventID)","eventName":"GetObject"}"#.utf8)
  c.sha256 = Digest.of(c.raw).hexadecimal
  return c
}

func sampleCommit(_ findings: Int) -> Commit {
  var commit = Commit()
  commit.findings = (0..<findings).map { .init(sampleFinding($0)) }
  return commit
}

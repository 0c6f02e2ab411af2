import EventModel
import Evidence
import Foundation

@testable import Reporting

/// A directory that goes with the test.
final class Scratch {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/bittern-" + UUID().uuidString
    try FileSystem.makeDirectory(path)
  }
  deinit { try? FileSystem.removeTree(path) }
}

let noon: Int64 = 1_767_960_000 * Timestamp.second  // 2026-01-09T12:00:00Z

func sampleFinding(_ n: Int, severity: Severity = .high) -> Finding {
  var f = Finding()
  f.id = Hashing.sha256("finding \(n)".utf8)
  (f.detection, f.name, f.family) = ("TR1", "session-origin-lock", .tokenReuse)
  (f.severity, f.confidence) = (severity, .strong)
  f.title = "Session of deployer-\(n) used from 203.0.113.9, issued to 10.0.0.4 one hour before"
  f.summary = "A session issued to 10.0.0.4 was used from 203.0.113.9."
  (f.identity.id, f.identity.name, f.identity.kind) = ("AROA\(n)", "deployer-\(n)", "role")
  (f.identity.source, f.identity.tenant) = ("aws.cloudtrail", "111122223333")
  (f.credential.id, f.credential.kind, f.credential.issuedAt) = ("ASIA\(n)", "sts_session", noon)
  (f.tenant, f.firstSeen, f.lastSeen, f.count) = ("111122223333", noon, noon + Int64(n), 3)
  (f.attack, f.incident) = (["T1550.001"], "incident-\(n / 4)")
  // Findings share their baseline; every fourth record has no bytes.
  f.evidence = [sampleCitation(.baseline, 0, noon - Timestamp.minute), sampleCitation(.trigger, n, noon + Int64(n))]
  if n % 4 == 3 { (f.evidence[1].raw, f.evidence[1].sha256, f.evidence[1].missing) = ([], "", "the file is gone") }
  f.lineage = [
    Finding.Edge(from: "AKIA\(n)", to: "ASIA\(n)", mechanism: "assume_role", grade: .exact, joinedOn: ["accessKeyId"])
  ]
  (f.explanation.expected, f.explanation.seen) = ("the origin of its first use", "another origin")
  f.explanation.state = [("first_origin", "10.0.0.4")]
  f.explanation.guards = ["zone: none"]
  return f
}

func sampleCitation(_ role: Finding.Citation.Role, _ n: Int, _ time: Int64) -> Finding.Citation {
  var c = Finding.Citation(role: role, time: time, input: 0, offset: UInt64(n) * 100, length: 90, index: 2)
  (c.source, c.eventID) = ("aws.cloudtrail", "event-\(n)-\(role.rawValue)")
  (c.action, c.outcome, c.origin, c.file) = ("s3:GetObject", "success", "203.0.113.9", "logs/../a b%.json.gz")
  c.raw = Array("{\"eventID\":\"\(c.eventID)\",\n \"who\":\"\u{e9}\u{202e}\u{1f600}\"}".utf8)
  c.sha256 = Hashing.sha256(c.raw)
  return c
}

/// A store with findings and a little of everything else.
func sampleStore(_ scratch: Scratch, findings: Int = 10) throws -> EvidenceStore {
  let store = try EvidenceStore.open(at: scratch.path + "/bittern.sqlite", for: .ingest)
  var commit = Commit()
  commit.findings = (0..<findings).map { .init(sampleFinding($0)) }
  commit.custody = (0..<3).map { CustodyAction(at: noon, actor: "root@host", action: "scan", args: ["n": "\($0)"]) }
  let edges = (0..<findings).map {
    LineageEdgeRow(child: "ASIA\($0)", parent: "AKIA\($0)", mechanism: "assume_role", grade: .exact)
  }
  commit.edges = LazyRows(
    edges + [LineageEdgeRow(child: "AKIA1", parent: "ROOT", mechanism: "create_key", grade: .exact)])
  commit.credentials = LazyRows((["ROOT"] + (0..<findings).map { "ASIA\($0)" }).map { CredentialRow(id: $0) })
  commit.identities = LazyRows((0..<findings).map { IdentityRow(id: "AROA\($0)") })
  commit.sources = [SourceRow(id: 1, path: "logs/a.json.gz")]
  commit.rejects = [RejectRow(path: "logs/a.json.gz", reason: "malformed", count: 2)]
  commit.gaps = [GapRow(path: "logs/b.log", reason: "gone", detail: "rotated away")]
  commit.meta = ["content_hash": "abc"]
  _ = try store.commit(commit)
  return store
}

/// Runs a tool and gives its exit status and output; nil where the tool is not installed.
func run(_ tool: String, _ arguments: [String], in directory: String) throws -> (status: Int32, output: String)? {
  let paths = ["/usr/bin/", "/bin/", "/usr/local/bin/", "/opt/homebrew/bin/"].map { $0 + tool }
  guard let path = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
  let process = Process()
  process.executableURL = URL(fileURLWithPath: path)
  process.arguments = arguments
  process.currentDirectoryURL = URL(fileURLWithPath: directory)
  let pipe = Pipe()
  (process.standardOutput, process.standardError) = (pipe, pipe)
  try process.run()
  let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, output)
}

import Crypto
import EventModel
import Evidence
import Foundation
import Testing

@testable import Reporting

/// The tamper matrix of evidence.md 6.4.
@Suite struct BundleTamperTests {
  let scratch: Scratch
  let bag: String
  let key: VerifyingKey

  init() throws {
    scratch = try Scratch()
    bag = scratch.path + "/bag"
    try KeyPair.generate(prefix: scratch.path + "/key")
    key = try VerifyingKey(file: scratch.path + "/key.pub")
    var bundle = EvidenceBundle(toolVersion: "0.1.0")
    bundle.signer = try SigningKey(file: scratch.path + "/key")
    _ = try bundle.write(try sampleStore(scratch), .all, to: bag)
  }

  private typealias Kind = VerificationReport.Problem.Kind

  /// The (kind, file) pairs found, without a key: what the signature alone catches does not count.
  private func found() -> [String] {
    let report = BundleVerifier().verify(bag)
    #expect(!report.passed)
    #expect(isSafe(report.text))
    return report.problems.map { "\($0.kind.rawValue) \($0.file)" }
  }

  private func change(_ path: String, _ edit: (inout [UInt8]) -> Void) throws {
    var bytes = try FileSystem.contents(of: bag + "/" + path)
    edit(&bytes)
    try replace(path, bytes)
  }

  private func replace(_ path: String, _ bytes: [UInt8]) throws {
    let file = try OpenFile.updating(bag + "/" + path)
    try file.truncate()
    try file.write(bytes)
  }

  private func changeLines(_ path: String, _ edit: (inout [[UInt8]]) -> Void) throws {
    try change(path) { bytes in
      var lines = bytes.dropLast().split(separator: 0x0a).map(Array.init)
      edit(&lines)
      bytes = lines.flatMap { $0 + [0x0a] }
    }
  }

  /// What an attacker who can write would do: make every hash and size fit again.
  private func rehash() throws {
    var report = VerificationReport()
    let files = BundleListing(bag, into: &report).files.keys.sorted()
    func manifest(_ payload: Bool) throws -> [UInt8] {
      try files.filter { $0.hasPrefix("data/") == payload && !$0.hasPrefix("tagmanifest") }.flatMap {
        Array("\(try Hashing.sha256(file: bag + "/" + $0).hex)  \($0)\n".utf8)
      }
    }
    try replace("manifest-sha256.txt", manifest(true))
    let payload = try files.filter { $0.hasPrefix("data/") }.map { try Hashing.sha256(file: bag + "/" + $0).size }
    try changeLines("bag-info.txt") { lines in
      lines = lines.filter { !String(decoding: $0, as: UTF8.self).hasPrefix("Payload-Oxum") }
      lines.append(Array("Payload-Oxum: \(payload.reduce(0, +)).\(payload.count)".utf8))
    }
    try replace("tagmanifest-sha256.txt", manifest(false))
  }

  private func signatureFails() -> Bool {
    let report = BundleVerifier(key: key).verify(bag)
    return !report.passed && report.authenticity == .failed
  }

  @Test func untouchedHoldsWithTheKey() {
    let report = BundleVerifier(key: key).verify(bag)
    #expect(report.passed && report.authenticity == .verified, "\(report.text)")
  }

  @Test(arguments: [
    "data/findings.jsonl", "data/raw/0001.jsonl", "data/evidence.sqlite", "data/loss.json", "VERIFY.txt",
    "bag-info.txt", "keys/signer.pem",
  ])
  func aFlippedByteIsNamedByItsFile(path: String) throws {
    try change(path) { $0[$0.count / 2] ^= 1 }
    #expect(found().contains("changed \(path)"))
  }

  @Test func flippedAndRehashed() throws {
    try change("data/raw/0001.jsonl") { $0[20] ^= 1 }
    try rehash()
    #expect(found() == ["changed data/raw/0001.jsonl"])
    #expect(signatureFails())
  }

  @Test func aFindingRewrittenAndRehashed() throws {
    try changeLines("data/findings.jsonl") { lines in
      lines[0] = Array(
        String(decoding: lines[0], as: UTF8.self).replacingOccurrences(of: "203.0.113.9", with: "10.0.0.4").utf8)
    }
    try rehash()
    #expect(found() == ["database data/evidence.sqlite"])
    #expect(signatureFails())
  }

  @Test func deletedPayload() throws {
    try FileSystem.removeFile(bag + "/data/timeline.csv")
    #expect(found().contains("missing data/timeline.csv"))
  }

  @Test(arguments: ["data/extra.json", "data/raw/9999.jsonl", "notes.txt", "keys/other.pem"]) func anUnlistedFile(
    path: String
  ) throws {
    try OpenFile.creating(bag + "/" + path).write([0x0a])
    #expect(found().contains("unlisted \(path)"))
  }

  @Test func aHiddenFile() throws {
    try OpenFile.creating(bag + "/data/.hidden").write([0x0a])
    #expect(found().contains("unsafe data/.hidden"))
  }

  @Test func theLastEventDroppedAndRehashed() throws {
    try changeLines("data/events.jsonl") { $0.removeLast() }
    try rehash()
    #expect(found().contains("content data/events.jsonl"))
    try changeLines("data/provenance.jsonl") { $0.removeLast() }
    try changeLines("data/raw/0001.jsonl") { $0.removeLast() }
    try rehash()
    #expect(!found().isEmpty && signatureFails())
  }

  @Test func aTornLastLineRehashed() throws {
    try change("data/provenance.jsonl") { $0.removeLast(10) }
    try rehash()
    #expect(found().contains("content data/provenance.jsonl"))
  }

  @Test func reorderedCustodyRehashed() throws {
    try changeLines("data/custody.jsonl") { $0.swapAt(0, 1) }
    try rehash()
    #expect(found().contains("custody data/custody.jsonl"))
  }

  @Test func noSignature() throws {
    try FileSystem.removeFile(bag + "/tagmanifest-sha256.txt.sig")
    #expect(signatureFails())
    #expect(BundleVerifier().verify(bag).passed)
  }

  @Test func signedAgainByAnAttacker() throws {
    try change("data/loss.json") { $0 = Array("{}\n".utf8) }
    let mine = Curve25519.Signing.PrivateKey()
    try replace("keys/signer.pem", PEM.publicKey([UInt8](mine.publicKey.rawRepresentation)))
    try rehash()
    try replace(
      "tagmanifest-sha256.txt.sig",
      [UInt8](mine.signature(for: FileSystem.contents(of: bag + "/tagmanifest-sha256.txt"))))
    #expect(signatureFails())
  }

  @Test func aLinkIsNotFollowed() throws {
    try FileSystem.removeFile(bag + "/data/loss.json")
    try FileManager.default.createSymbolicLink(atPath: bag + "/data/loss.json", withDestinationPath: "/etc/passwd")
    #expect(found().contains("unsafe data/loss.json"))
    try FileSystem.removeFile(bag + "/data/loss.json")
    try FileManager.default.createSymbolicLink(atPath: bag + "/link", withDestinationPath: "/etc")
    #expect(found().contains("unsafe link"))
  }

  @Test(arguments: [
    "../../etc/passwd", "data/../../../etc/passwd", "/etc/passwd", "data//x", "data/./x", "data/a b", "bagit.txt",
    "data/\u{202e}x",
  ])
  func aManifestThatPointsElsewhere(path: String) throws {
    try change("manifest-sha256.txt") { $0 += Array("\(String(repeating: "0", count: 64))  \(path)\n".utf8) }
    #expect(found().contains("manifest manifest-sha256.txt"))
  }

  @Test func aDuplicateManifestLine() throws {
    try changeLines("manifest-sha256.txt") { $0.append($0[0]) }
    #expect(found().contains("manifest manifest-sha256.txt"))
  }

  @Test func aProvenanceThatPointsElsewhere() throws {
    try changeLines("data/provenance.jsonl") { lines in
      lines[0] = Array(
        String(decoding: lines[0], as: UTF8.self).replacingOccurrences(
          of: "data/raw/0001.jsonl", with: "../../etc/passwd"
        ).utf8)
    }
    try rehash()
    #expect(found().contains("content data/provenance.jsonl"))
  }

  @Test(arguments: [
    "DELETE FROM evidence WHERE ord = 1", "DELETE FROM finding", "UPDATE finding SET severity = 'low'",
    "UPDATE custody SET hash = prev WHERE n = 2",
    "UPDATE finding SET first_seen_ns = -9223372036854775807", "UPDATE finding SET last_seen_ns = 9223372036854775807",
    "UPDATE evidence SET time_ns = -1, offset = -1, length = -1", "CREATE VIEW v AS SELECT 1",
    "CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM finding; END",
    "PRAGMA application_id = 1",
    "PRAGMA foreign_keys = OFF; UPDATE evidence SET finding_id = 'gone' WHERE ord = 1", "PRAGMA journal_mode = WAL",
  ])
  func aChangedDatabaseRehashed(sql: String) throws {
    guard let result = try run("sqlite3", ["data/evidence.sqlite", sql], in: bag), result.status == 0 else { return }
    try rehash()
    #expect(found().contains("database data/evidence.sqlite"))
  }

  @Test func aDamagedDatabasePageRehashed() throws {
    try change("data/evidence.sqlite") { bytes in
      for page in 1..<(bytes.count / 4096) { for i in 0..<32 { bytes[page * 4096 + i] = 0xa5 } }
    }
    try rehash()
    #expect(found().contains("database data/evidence.sqlite"))
  }

  @Test func aJournalBesideTheDatabase() throws {
    try OpenFile.creating(bag + "/data/evidence.sqlite-journal").write([0x0a])
    try rehash()
    #expect(found().contains("unsafe data/evidence.sqlite-journal"))
  }

  @Test func garbageInEveryFile() throws {
    let bytes: [[UInt8]] = [
      [], [0], Array(repeating: 0xff, count: 5000), Array("{\n".utf8), Array("[]\n".utf8),
      Array("{\"raw_file\":1,\"seq\":1e999}\n".utf8),
    ]
    var report = VerificationReport()
    for path in BundleListing(bag, into: &report).files.keys.sorted() {
      let original = try FileSystem.contents(of: bag + "/" + path)
      for garbage in bytes where garbage != original {
        try replace(path, garbage)
        #expect(!BundleVerifier(key: key).verify(bag).passed, "\(path)")
        if path.hasPrefix("data/") {
          try rehash()
          _ = BundleVerifier().verify(bag)
        }
      }
      try replace(path, original)
    }
  }

  @Test func whatIsNoBundle() throws {
    #expect(!BundleVerifier().verify(scratch.path + "/nothing").passed)
    #expect(!BundleVerifier().verify(scratch.path + "/key").passed)
    try FileManager.default.createSymbolicLink(atPath: scratch.path + "/link", withDestinationPath: bag)
    #expect(!BundleVerifier().verify(scratch.path + "/link").passed)
  }
}

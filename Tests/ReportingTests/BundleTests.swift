import EventModel
import Evidence
import Foundation
import Testing

@testable import Reporting

@Suite struct BundleTests {
  let scratch: Scratch
  let store: EvidenceStore
  init() throws {
    scratch = try Scratch()
    store = try sampleStore(scratch)
  }

  private func export(
    _ selection: EvidenceSelection = .all, _ name: String = "bag", _ change: (inout EvidenceBundle) -> Void = { _ in }
  )
    throws -> EvidenceBundle.Receipt
  {
    var bundle = EvidenceBundle(toolVersion: "0.1.0")
    change(&bundle)
    return try bundle.write(store, selection, to: scratch.path + "/" + name)
  }

  private func everything(_ name: String) throws -> [String: [UInt8]] {
    var report = VerificationReport()
    let root = scratch.path + "/" + name
    return try Dictionary(
      uniqueKeysWithValues: BundleListing(root, into: &report).files.keys.map {
        ($0, try FileSystem.contents(of: root + "/" + $0))
      })
  }

  private func lines(_ path: String, _ name: String = "bag") throws -> [JSONValue] {
    try FileSystem.contents(of: scratch.path + "/\(name)/data/" + path).split(separator: 0x0a).compactMap {
      JSONReading.value(Array($0))
    }
  }

  @Test func itHoldsAndIsSafeToPrint() throws {
    let receipt = try export()
    let report = BundleVerifier().verify(scratch.path + "/bag")
    #expect(report.passed, "\(report.text)")
    #expect(report.findings == 10 && report.records == 11 && receipt.records == 11 && receipt.recordsWithoutBytes == 2)
    #expect(report.fingerprint == receipt.fingerprint && report.authenticity == .notDemanded)
    for (path, bytes) in try everything("bag") where !path.hasSuffix(".sqlite") {
      #expect(bytes.last == 0x0a, "\(path)")
      #expect(
        bytes.allSatisfy { $0 == 0x0a || $0 == 0x0d && path.hasSuffix(".csv") || $0 >= 0x20 && $0 < 0x7f }, "\(path)")
    }
    #expect(try FileSystem.status(of: scratch.path + "/bag")?.mode == 0o700)
    #expect(try !FileSystem.names(in: scratch.path).contains { $0.contains("draft") })
  }

  @Test func theSameStoreGivesTheSameBytes() throws {
    let first = try export(.all, "one")
    Thread.sleep(forTimeInterval: 1.1)
    let second = try export(.all, "two")
    #expect(first == second)
    #expect(try everything("one") == everything("two"))
  }

  @Test func publicToolsAgree() throws {
    _ = try export()
    let bag = scratch.path + "/bag"
    for manifest in ["manifest-sha256.txt", "tagmanifest-sha256.txt"] {
      guard let result = try run("sha256sum", ["--strict", "-c", manifest], in: bag) else { return }
      #expect(result.status == 0, "\(result.output)")
    }
    if let result = try run(
      "sqlite3",
      [
        "-readonly", "data/evidence.sqlite",
        "pragma integrity_check; pragma journal_mode; select count(*) from evidence",
      ], in: bag)
    {
      #expect(result.output == "ok\ndelete\n20\n")
    }
    // VERIFY.txt 5, for every record that has bytes.
    for record in try lines("provenance.jsonl") {
      guard let file = record["raw_file"]?.text, let offset = record["raw_offset"]?.int,
        let length = record["raw_length"]?.int
      else { continue }
      let slice = try FileSystem.contents(of: bag + "/" + file)[Int(offset)..<Int(offset + length)]
      #expect(Hashing.sha256(slice) == record["raw_sha256"]?.text)
    }
    if let result = try run(
      "bash", ["-c", "find data -type f | LC_ALL=C sort | comm -3 - <(cut -c67- manifest-sha256.txt | LC_ALL=C sort)"],
      in: bag)
    {
      #expect(result.output == "" && result.status == 0)
    }
  }

  @Test func aSelectionTakesWhatBelongsToIt() throws {
    let finding = sampleFinding(1)
    _ = try export(.finding(finding.id), "one")
    #expect(try lines("findings.jsonl", "one").map { $0["id"]?.text } == [finding.id])
    #expect(BundleVerifier().verify(scratch.path + "/one").passed)
    let snapshot = try store.snapshot(.finding(finding.id))
    #expect(snapshot.edges.map(\.parent).sorted() == ["AKIA1", "ROOT"])
    #expect(snapshot.credentials.map(\.id) == ["ASIA1", "ROOT"])
    #expect(snapshot.identities.map(\.id) == ["AROA1"])
    _ = try export(.incident("incident-0"), "incident")
    #expect(try lines("findings.jsonl", "incident").count == 4)
    #expect(BundleVerifier().verify(scratch.path + "/incident").passed)
    #expect(throws: BundleError.self) { try export(.finding("../../etc"), "none") }
    #expect(try !FileSystem.names(in: scratch.path).contains { $0.hasPrefix("none") })
  }

  @Test func nothingIsOverwritten() throws {
    _ = try export()
    #expect(throws: BundleError.self) { try export() }
    _ = try export(.all, "bag") { $0.force = true }
    #expect(BundleVerifier().verify(scratch.path + "/bag").passed)
    try FileSystem.makeDirectory(scratch.path + "/mine")
    try OpenFile.creating(scratch.path + "/mine/thesis").write([1])
    #expect(throws: BundleError.self) { try export(.all, "mine") { $0.force = true } }
    #expect(try FileSystem.names(in: scratch.path + "/mine") == ["thesis"])
  }

  @Test func aReaderExportsWhileAnIngestGoesOn() throws {
    let reader = try EvidenceStore.open(at: store.path, for: .read)
    let before = try reader.snapshot(.all)
    var commit = Commit()
    commit.findings = [.init(sampleFinding(99))]
    _ = try store.commit(commit)
    let receipt = try EvidenceBundle(toolVersion: "0.1.0").write(reader, .all, to: scratch.path + "/beside")
    #expect(before.findings.count == 10 && receipt.findings == 11)
    #expect(BundleVerifier().verify(scratch.path + "/beside").passed)
  }

  @Test func whatAnInterruptedExportLeftIsReplaced() throws {
    try FileSystem.makeDirectory(scratch.path + "/bag.bittern-draft")
    try OpenFile.creating(scratch.path + "/bag.bittern-draft/half").write([1])
    _ = try export()
    #expect(BundleVerifier().verify(scratch.path + "/bag").passed)
    #expect(try FileSystem.names(in: scratch.path).sorted().filter { $0.hasPrefix("bag") } == ["bag"])
  }

  @Test func namesNeverComeFromData() throws {
    let name = EvidenceBundle.suggestedName(.identity("../../\u{0}x"), caseTime: noon)
    #expect(BundlePath.isName(name) && name.hasSuffix("-20260109T120000Z"))
  }

  @Test func anEmptyStoreHasABundleToo() throws {
    let inner = try Scratch()
    let empty = try EvidenceStore.open(at: inner.path + "/s.sqlite", for: .ingest)
    let receipt = try EvidenceBundle(toolVersion: "0").write(empty, .all, to: inner.path + "/bag")
    #expect(receipt.findings == 0)
    let report = BundleVerifier().verify(inner.path + "/bag")
    #expect(report.passed, "\(report.text)")
  }

  @Test func rawLinesSayHowTheyCame() throws {
    _ = try export()
    let first = try #require(try lines("provenance.jsonl").first)
    #expect(first["raw_form"]?.text == "escaped")
    #expect(first["path"]?.text == "logs/../a%20b%25.json.gz")
    let line = try #require(try lines("raw/0001.jsonl").first)
    #expect(line["who"]?.text == "\u{e9}\u{202e}\u{1f600}")
    #expect(first["sha256"]?.text == sampleFinding(0).evidence[0].sha256)
    #expect(RecordLine.make(Array("{\"a\":1}".utf8)).form == .exact)
  }
}

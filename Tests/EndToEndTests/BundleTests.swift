import Evidence
import Foundation
import Testing

/// Evidence that stands up without the tool: exported, checked with public programs, changed, and found out.
@Suite struct BundleTests {
  /// One scan for all tests: none of them writes to the store.
  private static let scanned: Result<(scratch: Scratch, store: String), any Error> = Result {
    let scratch = try Scratch()
    let store = scratch.path + "/store.sqlite"
    _ = try scan([Program.quickstart], store: store)
    return (scratch, store)
  }

  let scratch: Scratch
  let store: String

  init() throws {
    scratch = try Scratch()
    store = try Self.scanned.get().store
  }

  private func export(_ name: String, _ arguments: [String] = []) throws -> String {
    let path = scratch.path + "/" + name
    let outcome = try bittern(["export", "--store", store, "-o", path] + arguments)
    #expect(outcome.code == 0, "\(outcome.messages)")
    return path
  }

  private func sums(_ bundle: String) throws -> Bool {
    try ["tagmanifest-sha256.txt", "manifest-sha256.txt"].allSatisfy {
      try run(["sha256sum", "--strict", "--quiet", "-c", $0], in: bundle).code == 0
    }
  }

  @Test func aBundleOfEverythingIsWhole() throws {
    let bundle = try export("bundle")
    #expect(try sums(bundle))
    #expect(try bittern(["verify", bundle]).code == 0)
    let findings = try EvidenceStore.open(at: store, for: .read).findings()
    let lines = contents(bundle + "/data/findings.jsonl").split(separator: 0x0a)
    #expect(lines.count == findings.count)
    // Every payload file is listed, nothing else is there.
    let listed = Set(
      (contents(bundle + "/manifest-sha256.txt") + contents(bundle + "/tagmanifest-sha256.txt")).split(separator: 0x0a)
        .map { String(decoding: $0.dropFirst(66), as: UTF8.self) })
    let present = Set(FileManager.default.enumerator(atPath: bundle)?.compactMap { $0 as? String } ?? [])
      .filter { name in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: bundle + "/" + name, isDirectory: &isFolder)
          && !isFolder.boolValue
      }
    #expect(present == listed.union(["tagmanifest-sha256.txt"]))
    // The same store gives the same bytes.
    let again = try export("again")
    #expect(contents(again + "/tagmanifest-sha256.txt") == contents(bundle + "/tagmanifest-sha256.txt"))
  }

  /// The cited records lie in the bundle at the place that provenance.jsonl names.
  @Test func aCitedRecordIsFoundByItsProvenance() throws {
    let bundle = try export("bundle")
    var checked = 0
    for line in contents(bundle + "/data/provenance.jsonl").split(separator: 0x0a) {
      let row = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
      guard let file = row["raw_file"] as? String, let offset = row["raw_offset"] as? Int,
        let length = row["raw_length"] as? Int, let hash = row["raw_sha256"] as? String
      else { continue }
      if checked < 5 {
        let shell = #"tail -c +"$2" "$1" | head -c "$3" | sha256sum"#
        let sum = try run(["sh", "-c", shell, "sh", bundle + "/" + file, "\(offset + 1)", "\(length)"])
        #expect(sum.text.hasPrefix(hash))
      }
      checked += 1
    }
    #expect(checked > 20)
  }

  /// Of one finding: its records and their hash in the source, whoever still has the source.
  @Test func theOriginalRecordHasTheHashThatIsTold() throws {
    let finding = try #require(
      try EvidenceStore.open(at: store, for: .read).findings().map(\.finding).first { $0.detection == "OS6" })
    let bundle = try export("one", [String(finding.id.prefix(12))])
    #expect(try sums(bundle))
    #expect(try bittern(["verify", bundle]).code == 0)
    #expect(contents(bundle + "/data/findings.jsonl").split(separator: 0x0a).count == 1)
    let trigger = try #require(finding.evidence.first { $0.role == .trigger })
    let source = contents(trigger.file)
    let record = source[Int(trigger.offset)..<(Int(trigger.offset) + Int(trigger.length))]
    let copy = try scratch.write("record", Array(record))
    #expect(try run(["sha256sum", copy]).text.hasPrefix(trigger.sha256))
  }

  @Test(arguments: ["data/findings.jsonl", "data/raw/0001.jsonl", "data/evidence.sqlite", "bag-info.txt"])
  func aFlippedByteIsNamed(file: String) throws {
    let bundle = try export("bundle")
    var bytes = contents(bundle + "/" + file)
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: bundle + "/" + file))
    #expect(try !sums(bundle))
    let outcome = try bittern(["verify", bundle])
    #expect(outcome.code == 1)
    #expect(outcome.text.contains(file), "\(outcome.text)")
  }

  @Test func aFileThatWasTakenAwayOrAddedIsNamed() throws {
    let bundle = try export("bundle")
    try FileManager.default.removeItem(atPath: bundle + "/data/loss.json")
    try scratch.write("bundle/data/extra.txt", "x\n")
    let outcome = try bittern(["verify", bundle])
    #expect(outcome.code == 1)
    #expect(outcome.text.contains("data/loss.json") && outcome.text.contains("data/extra.txt"), "\(outcome.text)")
  }

  @Test func aSignatureIsCheckedByAnyoneAgainstAKeyTheyBring() throws {
    let (key, other) = (scratch.path + "/signer", scratch.path + "/other")
    #expect(try bittern(["keys", "new", "-o", key]).code == 0)
    #expect(try bittern(["keys", "new", "-o", other]).code == 0)
    #expect(try FileManager.default.attributesOfItem(atPath: key)[.posixPermissions] as? Int == 0o400)
    let bundle = try export("signed", ["--sign", key])
    #expect(try sums(bundle))
    #expect(try bittern(["verify", bundle, "--key", key + ".pub"]).code == 0)
    #expect(try bittern(["verify", bundle, "--key", other + ".pub"]).code == 1)
    let unsigned = try export("unsigned")
    #expect(
      try bittern(["verify", unsigned, "--key", key + ".pub"]).code == 1, "a key was demanded and there is no signature"
    )
    if Program.has("openssl") {
      let openssl = [
        "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key + ".pub", "-rawin", "-in", "tagmanifest-sha256.txt",
        "-sigfile", "tagmanifest-sha256.txt.sig",
      ]
      #expect(try run(openssl, in: bundle).code == 0)
    }
  }

  @Test func nothingIsOverwrittenWithoutForce() throws {
    let bundle = try export("bundle")
    let outcome = try bittern(["export", "--store", store, "-o", bundle])
    #expect(outcome.code == 2, "\(outcome.messages)")
    #expect(try bittern(["export", "--store", store, "-o", bundle, "--force"]).code == 0)
    let mine = try scratch.write("mine/letter.txt", "dear\n")
    #expect(try bittern(["export", "--store", store, "-o", scratch.path + "/mine", "--force"]).code == 2)
    #expect(contents(mine) == Array("dear\n".utf8))
  }
}

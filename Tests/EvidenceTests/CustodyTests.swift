import EventModel
import Testing

@testable import Evidence

@Suite struct CustodyTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
  ]) func sha256(text: String, hex: String) {
    #expect(SHA256Digest.hex(Array(text.utf8)) == hex)
  }

  @Test func theChainHoldsOverCommits() throws {
    let scratch = try Scratch()
    let store = try EvidenceStore.open(at: scratch.store, for: .ingest)
    for i in 0..<3 {
      var commit = Commit()
      commit.custody = [
        CustodyAction(at: noon, actor: "root@h\0st", action: "scan", args: ["input": "a\n\u{202e}b", "n": "\(i)"]),
        CustodyAction(at: noon + 1, actor: "root@host", action: "scan ended"),
      ]
      _ = try store.commit(commit)
    }
    let chain = try store.loadCustody()
    #expect(chain.map(\.n) == Array(1...6))
    var prev = CustodyEntry.start
    for entry in chain {
      #expect(entry.prev == prev)
      #expect(SHA256Digest.hex(entry.line) == entry.hash)
      #expect(entry.line.last == 0x0a && entry.line.dropLast().allSatisfy { $0 >= 0x20 && $0 < 0x7f })
      prev = entry.hash
    }
  }
}

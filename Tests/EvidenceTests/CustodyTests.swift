import EventModel
import Testing

@testable import Evidence

@Suite struct CustodyTests {
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
      #expect(Digest.of(entry.line).hexadecimal == entry.hash)
      #expect(entry.line.last == 0x0a && entry.line.dropLast().allSatisfy { $0 >= 0x20 && $0 < 0x7f })
      prev = entry.hash
    }
  }
}

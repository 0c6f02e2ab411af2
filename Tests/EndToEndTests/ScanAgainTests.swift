import Evidence
import Foundation
import PipelineRuntime
import Testing

/// Content or configuration changed after logs were read (semantics.md 14).
@Suite struct ScanAgainTests {
  private func standing(_ store: String) throws -> Set<String> {
    Set(try EvidenceStore.open(at: store, for: .read).findings(evidence: false).map(\.finding.id))
  }

  /// What was scanned without zones and identities, and is read again with them, ends as if they had always been there.
  @Test func revisesWhatStands() throws {
    let scratch = try Scratch()
    let (store, fresh) = (scratch.path + "/store.sqlite", scratch.path + "/fresh.sqlite")
    _ = try scan([Program.quickstart], Shared.plain, store: store)
    let before = try standing(store)
    _ = try scan([Program.quickstart], store: fresh)
    let wanted = try standing(fresh)
    #expect(before != wanted, "the configuration makes no difference: this test shows nothing")

    let once = try scan([Program.quickstart + "/agents"], store: store)
    #expect(once.judgedOtherwise > 0)
    #expect(once.retracted.isEmpty)

    var options = Scan.Options()
    options.store = store
    options.again = true
    let again = try Scan(content: Shared.quickstart, options: options, stop: StopFlag()).run()
    #expect(again.judgedOtherwise == 0)
    #expect(try standing(store) == wanted)
    #expect(Set(again.retracted) == before.subtracting(wanted))
    let told = try EvidenceStore.open(at: store, for: .read).retractedFindings()
    #expect(Set(told.map(\.findingID)) == before.subtracting(wanted))
    try expectBalance(store: store)

    let third = try Scan(content: Shared.quickstart, options: options, stop: StopFlag()).run()
    #expect(third.newFindings.isEmpty)
    #expect(third.retracted.isEmpty)
  }

  /// A file that is gone overturns nothing.
  @Test func keepsWhatCannotBeReadAgain() throws {
    let scratch = try Scratch()
    let store = scratch.path + "/store.sqlite"
    try FileManager.default.copyItem(atPath: Program.quickstart, toPath: scratch.path + "/logs")
    _ = try scan([scratch.path + "/logs"], Shared.plain, store: store)
    let before = try standing(store)
    for folder in ["cloudtrail", "kubernetes"] {
      try FileManager.default.removeItem(atPath: scratch.path + "/logs/" + folder)
    }
    var options = Scan.Options()
    options.store = store
    options.again = true
    let again = try Scan(content: Shared.quickstart, options: options, stop: StopFlag()).run()
    #expect(again.judgedOtherwise > 0)
    let kept = try EvidenceStore.open(at: store, for: .read).findings().map(\.finding)
    for known in kept where before.contains(known.id) { #expect(!again.retracted.contains(known.id)) }
    #expect(kept.contains { $0.evidence.contains { $0.file.contains("/cloudtrail/") } })
    #expect(kept.contains { $0.evidence.contains { $0.file.contains("/kubernetes/") } })
  }

  @Test func needsAStoreThatHasReadFiles() throws {
    let scratch = try Scratch()
    let missing = try bittern(["scan", "--again", "--store", scratch.path + "/none.sqlite"])
    #expect(missing.code == 5 || missing.code == 2, "\(missing.messages)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/none.sqlite"))
    let both = try bittern(["scan", "--again", Program.quickstart])
    #expect(both.code == 2, "\(both.messages)")
  }
}

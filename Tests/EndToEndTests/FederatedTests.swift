import EventModel
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime
import Testing

/// A month of sixteen logs: every hop of lineage is what really happened and as sure as the logs make it, every planted
/// attack that a detection exists for is found, and the benign automation around it is left alone.
@Suite struct FederatedTests {
  struct Truth: Decodable {
    struct Attack: Decodable {
      var detection: String
      var family: String
      var identity: String
      var eventIds: [String]
      var what: String
    }
    struct Hop: Decodable {
      var hop: Int
      var child: String
      var parents: [String]
      var grade: String
    }
    var attacks: [Attack]
    var lineage: [Hop]
    var legitimate: [String]
  }

  /// The generator is a package of its own; where there is no compiler there is no corpus.
  static let hasCompiler = (try? run(["swift", "--version"]))?.code == 0

  private func corpus(_ folder: String) throws -> Truth {
    let package = Program.root + "/Benchmarks"
    let built = try run(["swift", "build", "--package-path", package, "--product", "make-federated"])
    guard built.code == 0 else { throw Failure(built.messages + built.text) }
    let made = try run([package + "/.build/debug/make-federated", folder, "--events", "20000"])
    guard made.code == 0 else { throw Failure(made.messages) }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Truth.self, from: Data(contents(folder + "/truth.json")))
  }

  @Test(.enabled(if: hasCompiler)) func lineageAndFindingsAreTheTruth() throws {
    let scratch = try Scratch()
    let folder = scratch.path + "/corpus"
    let truth = try corpus(folder)
    let content = try Content(try Configuration(file: folder + "/bittern.yml"))
    let store = scratch.path + "/store.sqlite"
    let report = try scan([folder], content, store: store)
    #expect(report.isIncomplete == false)
    try checkLineage(truth, store)
    checkFindings(truth, report, content)
    #expect(report.coverage?.switches[.podIdentity] ?? 0 > 0)
    #expect(report.coverage?.switches[.runID] ?? 0 > 0)
    #expect(report.coverage?.switches[.vaultKeys] ?? 0 > 0)
  }

  private func checkLineage(_ truth: Truth, _ store: String) throws {
    var edges: [String: [String: String]] = [:]
    for edge in try EvidenceStore.open(at: store, for: .read).loadEdges() {
      edges[edge.child, default: [:]][edge.parent] = edge.grade.name
    }
    var wrong: [String] = []
    for hop in truth.lineage {
      let found = edges[hop.child] ?? [:]
      let isTrue = hop.parents.allSatisfy { found[$0] == hop.grade }
      // What cannot be known must not be claimed.
      let isSure = hop.grade == "candidate" ? found.values.filter { $0 == "strong" }.isEmpty : true
      if !isTrue || !isSure { wrong.append("hop \(hop.hop) (\(hop.grade)) of \(hop.child): \(found)") }
    }
    #expect(truth.lineage.count > 2000)
    #expect(Set(truth.lineage.map(\.hop)) == Set(1...28))
    #expect(wrong.isEmpty, "\(wrong.count) of \(truth.lineage.count):\n\(wrong.prefix(20).joined(separator: "\n"))")
  }

  private func cites(_ finding: Finding, _ ids: Set<String>) -> Bool {
    finding.evidence.contains { citation in
      ids.contains(citation.eventID) || citation.eventID.split(separator: ":").contains { ids.contains(String($0)) }
    }
  }

  private func checkFindings(_ truth: Truth, _ report: ScanReport, _ content: Content) {
    let known = Set(content.engine.definitions.map(\.id))
    let attacks = truth.attacks.filter { known.contains($0.detection) }
    let missed = attacks.filter { attack in
      !report.allFindings.contains { $0.family.rawValue == attack.family && cites($0, Set(attack.eventIds)) }
    }
    #expect(truth.attacks.count >= 60)
    #expect(Set(truth.attacks.map(\.family)) == Set(Family.allCases.map(\.rawValue)))
    #expect(
      missed.isEmpty,
      "missed: \(missed.map { "\($0.detection) of \($0.identity): \($0.what)" }.joined(separator: "\n"))")
    let planted = Set(truth.attacks.flatMap(\.eventIds) + truth.legitimate)
    for finding in report.allFindings where finding.severity >= .medium && !cites(finding, planted) {
      Issue.record("false alarm: \(finding.detection) \(finding.severity.name): \(finding.title)")
    }
  }
}

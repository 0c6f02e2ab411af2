import EventModel
import Evidence
import Foundation
import PipelineRuntime
import Testing

/// The story of samples/quickstart: every planted act is found, nothing else is, and reading it again adds nothing.
@Suite struct QuickstartTests {
  struct Truth: Decodable {
    struct Act: Decodable {
      var detection: String
      var identity: String
      var eventIds: [String]
      var what: String
    }
    var acts: [Act]
  }

  let truth: Truth
  let scratch: Scratch

  init() throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    truth = try decoder.decode(Truth.self, from: Data(contents(Program.quickstart + "/truth.json")))
    scratch = try Scratch()
  }

  /// An id of a log, also where the normalized one has a session before it or a stage behind it.
  private func cites(_ finding: Finding, _ ids: [String]) -> Bool {
    finding.evidence.contains { citation in
      citation.eventID.split(separator: ":").contains { ids.contains(String($0)) }
    }
  }

  @Test func everyPlantedActIsFoundAndNothingElse() throws {
    let store = scratch.path + "/store.sqlite"
    let first = try scan([Program.quickstart], store: store)
    for act in truth.acts {
      let found = first.allFindings.contains { finding in
        finding.detection == act.detection && [finding.identity.name, finding.identity.id].contains(act.identity)
          && cites(finding, act.eventIds)
      }
      #expect(found, "\(act.detection) of \(act.identity) is not found: \(act.what)")
    }
    for finding in first.allFindings {
      var triggers = finding
      triggers.evidence.removeAll { $0.role != .trigger }
      let isAct = truth.acts.contains {
        $0.detection == finding.detection && [finding.identity.name, finding.identity.id].contains($0.identity)
          && cites(triggers, $0.eventIds)
      }
      #expect(isAct, "not in truth.json: \(finding.detection) \(finding.severity.name): \(finding.title)")
    }
    #expect(first.allFindings.count == truth.acts.count)
    #expect(first.isIncomplete == false)
    #expect(first.records == 15_552)

    // The same again: nothing is new, nothing is lost, and the store says the same.
    let before = try EvidenceStore.open(at: store, for: .read).findings()
    let again = try scan([Program.quickstart], store: store, threads: 1)
    #expect(again.newFindings.isEmpty)
    #expect(again.knownFindings == first.allFindings.count)
    #expect(again.verdicts == first.verdicts)
    #expect(try EvidenceStore.open(at: store, for: .read).findings().map(\.finding) == before.map(\.finding))
  }

  @Test func everyCitationHasItsRecord() throws {
    let report = try scan([Program.quickstart], store: scratch.path + "/store.sqlite")
    for finding in report.allFindings {
      #expect(finding.evidence.contains { $0.role == .trigger }, "\(finding.title)")
      for citation in finding.evidence {
        #expect(citation.missing == nil, "\(finding.title): \(citation.missing ?? "")")
        #expect(citation.sha256.utf8.count == 64)
        #expect(!citation.raw.isEmpty)
      }
    }
  }

  /// Another process, with other seeds of its hash tables, says the same; the binary's streams are as promised.
  @Test func theBinarySaysTheSameInAnotherProcess() throws {
    let report = try scan([Program.quickstart], store: scratch.path + "/library.sqlite")
    let store = scratch.path + "/binary.sqlite"
    let arguments = ["scan", Program.quickstart, "--config", Program.quickstartConfiguration, "--store", store]
    let first = try bittern(arguments)
    #expect(first.code == 0)
    #expect(first.findings == Dictionary(uniqueKeysWithValues: report.allFindings.map { ($0.id, $0.severity.name) }))
    #expect(first.messages.contains("new findings"))
    let second = try bittern(arguments)
    #expect(second.code == 0)
    #expect(second.output.isEmpty)
    #expect(second.messages.contains("0 new findings"), "\(second.messages)")
    #expect(second.messages.contains("\(report.allFindings.count) already known"))
    let quiet = try bittern(arguments + ["--quiet"])
    #expect(quiet.code == 0 && quiet.output.isEmpty && quiet.errors.isEmpty, "\(quiet.messages)")
    let mode = try FileManager.default.attributesOfItem(atPath: store)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }
}

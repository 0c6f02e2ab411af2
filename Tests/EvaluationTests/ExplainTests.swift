import Detection
import EventModel
import PipelineContent
import Reporting
import Testing

@testable import PipelineRuntime

/// Explanations, and that what they tell people to add loads.
@Suite struct ExplainTests {
  private func finding(_ definition: DetectionDefinition, seen: String = "actions: s3:*; regions: eu-west-1") -> Finding
  {
    var finding = Finding()
    finding.id = String(repeating: "ab", count: 32)
    (finding.detection, finding.name, finding.family) = (definition.id, definition.name, definition.family)
    finding.identity.name = "arn:aws:iam::111122223333:role/it's \"odd\" \u{1b}[31m"
    finding.credential.id = "AKID:AKIAIOSFODNN7EXAMPLE"
    finding.lastSeen = 1_772_600_000_000_000_000
    finding.firstSeen = finding.lastSeen
    finding.explanation.seen = seen
    finding.summary = "trusts 999988887777"
    var citation = Finding.Citation(role: .trigger, time: finding.lastSeen, input: 0, offset: 0, length: 9, index: 0)
    (citation.origin, citation.action) = ("203.0.113.9 (somewhere)", "tool:pay*")
    finding.evidence = [citation]
    return finding
  }

  @Test func everyDetectionIsExplainedAndWhatItSuggestsLoads() throws {
    for definition in try builtInContent().engine.definitions {
      let page = try FindingExplanation(finding(definition), definition: definition, configuration: Configuration())
        .page()
      let keys = Set(page.sections.map(\.key))
      #expect(
        keys.isSuperset(of: ["why", "compared_with", "state", "guards", "next", "blind_spots", "declare", "except"]))
      let next = try #require(page.sections.first { $0.key == "next" })
      #expect(next.fields.count >= 3, "\(definition.id)")
      let except = try #require(page.sections.first { $0.key == "except" })
      #expect(except.verbatim[0].contains("detection: \(definition.id)"))
      let text = page.render(TerminalStyle(width: 80))
      #expect(!text.utf8.contains(0x1b), "\(definition.id)")
    }
  }

  private func suggested(_ id: String, seen: String = "", configuration: Configuration = Configuration()) throws
    -> [String]
  {
    let definition = try #require(try builtInContent().engine.definitions.first { $0.id == id })
    let explanation = FindingExplanation(
      finding(definition, seen: seen), definition: definition, configuration: configuration)
    return try explanation.page().sections.first { $0.key == "declare" }?.verbatim ?? []
  }

  @Test func whatFitsTheDetectionIsSuggested() throws {
    #expect(try suggested("TR1").contains { $0.contains("networks: [\"203.0.113.9/32\"]") })
    #expect(
      try suggested("OS1", seen: "regions: eu-west-9; actions: s3:Get").contains {
        $0.contains("actions: [\"s3:Get\"]") && $0.contains("regions: [\"eu-west-9\"]")
      })
    #expect(try suggested("OS6").contains { $0.contains("tools: [\"pay\\\\*\"]") })
    #expect(try suggested("LM8").contains { $0.contains("accounts: [\"999988887777\"]") })
    #expect(try suggested("OS7").contains { $0.contains("duties: [") })
  }

  @Test func aDeclaredIdentityKeepsItsNameAndScope() throws {
    var configuration = Configuration()
    configuration.detection.identities = try Configuration.declarations(
      text: "identities: [{id: odd, match: [\"*role/it*\"], scope: {actions: [\"s3:Put\"]}}]", file: "f")
    let yaml = try suggested("OS1", seen: "actions: s3:Get", configuration: configuration)
    #expect(yaml.contains { $0.contains("id: \"odd\"") && $0.contains("[\"s3:Put\", \"s3:Get\"]") })
  }

  @Test func aShellWordIsOneWord() {
    #expect(NextSteps.shell("arn:aws:iam::1:role/a") == "arn:aws:iam::1:role/a")
    #expect(NextSteps.shell("it's") == "'it'\\''s'")
    #expect(NextSteps.shell("") == "''")
  }
}

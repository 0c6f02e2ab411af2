import Detection
import EventModel
import PipelineContent
import PipelineRuntime
import Testing

/// A corpus whose truth is known, compared with a scan of it: the quickstart, whose story rests on lineage.
@Suite struct CorpusRunnerTests {
  private static let folder = String(#filePath.prefix { _ in true }).replacing(
    "Tests/EvaluationTests/CorpusRunnerTests.swift", with: "samples/quickstart")

  private func run(without ablation: Ablation = .none) throws -> CorpusOutcome {
    let configuration = try Configuration(file: Self.folder + "/bittern.yml")
    let runner = CorpusRunner(content: try Content(configuration), threads: 2, stop: StopFlag())
    return try runner.run(Self.folder + "/truth.json", without: ablation)
  }

  @Test func plantedActsAreFoundAndNothingElse() throws {
    let outcome = try run()
    #expect(outcome.acts.count >= 8)
    for act in outcome.acts { #expect(act.firesStrictly(.medium), "\(act.item.id)") }
    #expect(outcome.unexpected.filter { $0.severity >= .medium }.isEmpty)
    #expect(outcome.days == 1)
    #expect(outcome.identities > 20)
  }

  @Test func withoutLineageOrdinaryWorkLooksForeign() throws {
    let outcome = try run(without: .lineage)
    #expect(outcome.unexpected.contains { $0.severity >= .medium })
    #expect(outcome.noise(.medium) > 0)
  }
}

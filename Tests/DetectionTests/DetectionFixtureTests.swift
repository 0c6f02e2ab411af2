import Detection
import Foundation
import PipelineContent
import Testing

/// Every detection of `pipelines/` against its fixtures: what must fire fires, what only looks like it stays silent.
@Suite struct DetectionFixtureTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "pipelines").path

  @Test func everyFixtureHolds() throws {
    let content = try Content(Configuration(), replacing: DetectionFixtureTests.folder)
    var failures: [String] = []
    for tree in content.trees {
      let outcomes = DetectionFixtures.run(tree, engine: content.engine, sources: content.sources)
      #expect(!outcomes.isEmpty)
      for outcome in outcomes { failures += outcome.failures.map { "\(outcome.fixture): \($0)" } }
    }
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }
}

import ArgumentParser
import Foundation
import PipelineContent
import PipelineRuntime

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validate content (sources, detections) and configuration, and run all fixtures.")
  @Argument(help: "A folder laid out like pipelines/ (default: the built-in content).") var folder: String?
  @OptionGroup var configuration: ConfigurationOptions
  @Flag(name: .shortAndLong, help: "Name every fixture, not only those that fail.") var verbose = false

  func run() throws {
    let settings = try configuration.load()
    let content: Content
    do throws(ContentError) {
      content = try Content(settings, replacing: folder ?? configuration.pipelines)
    } catch { throw RunError.content(error) }
    var passed = 0
    var failed = 0
    for tree in content.trees {
      let sources = SourceFixtures.run(tree, sources: content.sources, facts: content.engine.facts)
      let detections = DetectionFixtures.run(tree, engine: content.engine, sources: content.sources)
      for (name, failures) in sources.map({ ($0.fixture, $0.failures) }) + detections.map({ ($0.fixture, $0.failures) })
      {
        if failures.isEmpty { passed += 1 } else { failed += 1 }
        if verbose || !failures.isEmpty { Terminal.output((failures.isEmpty ? "ok    " : "FAIL  ") + name + "\n") }
        for failure in failures { Terminal.output("      \(failure)\n") }
      }
    }
    Terminal.note(
      "\(content.sources.count) sources, \(content.engine.definitions.count) detections; fixtures: \(passed) passed, \(failed) failed"
    )
    if failed > 0 { throw ExitCode(3) }
  }
}

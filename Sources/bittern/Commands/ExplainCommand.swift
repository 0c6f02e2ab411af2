import ArgumentParser
import Foundation
import PipelineContent
import PipelineRuntime
import Reporting

extension FindingsCommand {
  struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Explain a finding: expected, seen, compared with, guards, what to look at next, how to declare it normal.")
    @Argument(help: "Finding id or its beginning.") var id: String
    @Option(help: "table (text) or ndjson (default by whether stdout is a terminal).") var format: ListFormat?
    @OptionGroup var store: StoreOptions
    @OptionGroup var configuration: ConfigurationOptions

    func run() throws {
      let settings = try configuration.load()
      let stored = try FindingsCommand.find(id, store.open(.read, settings))
      let content = try configuration.content(settings)
      let explanation = FindingExplanation(
        stored.finding, definition: content.engine.definitions.first { $0.id == stored.finding.detection },
        configuration: settings)
      let page: ExplanationPage
      do throws(ContentError) { page = try explanation.page() } catch { throw RunError.content(error) }
      if format.chosen == .table {
        Terminal.output(page.render(Terminal.style(STDOUT_FILENO)))
      } else {
        Terminal.output(page.json.line)
      }
    }
  }
}

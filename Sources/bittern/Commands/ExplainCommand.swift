import ArgumentParser
import Detection
import Evidence
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
      let opened = try store.open(.read, settings)
      let stored = try FindingsCommand.find(id, opened)
      let content = try configuration.content(settings)
      let explanation = FindingExplanation(
        stored.finding, definition: content.engine.definitions.first { $0.id == stored.finding.detection },
        configuration: settings, history: try history(stored, opened, content))
      let page: ExplanationPage
      do throws(ContentError) { page = try explanation.page() } catch { throw RunError.content(error) }
      if format.chosen == .table {
        Terminal.output(page.render(Terminal.style(STDOUT_FILENO)))
      } else {
        Terminal.output(page.json.line)
      }
    }

    private func history(
      _ stored: StoredFinding, _ opened: EvidenceStore, _ content: Content
    ) throws -> FindingExplanation.History {
      let who = stored.finding.identity
      let name = who.name.isEmpty ? who.id : who.name
      let learned = try withStore { () throws(StoreError) in
        try StoredHistory(
          opened, names: [name], sources: try opened.loadSources(), identities: try opened.loadIdentities())
      }
      return FindingExplanation.History(
        learning: learned.learning(of: name),
        detections: content.engine.definitions.filter { Learning.kinds.contains($0.kind) }.map(\.id))
    }
  }
}

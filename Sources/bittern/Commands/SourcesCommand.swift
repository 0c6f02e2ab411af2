import ArgumentParser
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime
import Reporting

struct SourcesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sources", abstract: "The logs that Bittern reads: list them, show one, draft a map for another.",
    subcommands: [List.self, Show.self, New.self], defaultSubcommand: List.self)

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, ndjson }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Name, title, plane, acts, and the detections that use its facts.")
    @OptionGroup var configuration: ConfigurationOptions
    @Option(help: "table or ndjson (default by whether stdout is a terminal).") var format: Format?

    func run() throws {
      let sources = SourceDescription.all(try configuration.content(configuration.load()))
      guard (format ?? .standard) == .table else {
        for source in sources { Terminal.output(source.json(whole: false).line) }
        return
      }
      let table = SourceTable(style: Terminal.style(STDOUT_FILENO))
      Terminal.output(table.header)
      for s in sources {
        Terminal.output(
          table.row(name: s.name, plane: s.plane, acts: s.acts.count, detections: s.detections, title: s.title))
      }
      Terminal.note(
        "\(sources.count) sources. Show one: bittern sources show NAME. Another log: bittern sources new NAME --from FILE"
      )
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "One source: how it is recognised, which columns it fills with what, acts, redactions, README.")
    @Argument(help: "Name of the source.") var name: String
    @OptionGroup var configuration: ConfigurationOptions
    @Option(help: "table (a text) or ndjson (default by whether stdout is a terminal).") var format: Format?

    func run() throws {
      let sources = SourceDescription.all(try configuration.content(configuration.load()))
      guard let source = sources.first(where: { $0.name == name }) else {
        throw RunError.usage("no source '\(name)'; known are \(sources.map(\.name).joined(separator: ", "))")
      }
      if (format ?? .standard) == .ndjson { return Terminal.output(source.json(whole: true).line) }
      for line in source.lines { Terminal.output(EscapedText.terminal(line) + "\n") }
    }
  }
}

extension SourcesCommand.Format {
  static var standard: Self { Terminal.isOutputTerminal ? .table : .ndjson }
}

extension SourceDescription {
  /// - Parameter whole: with columns, acts and README, as `sources show` gives it.
  func json(whole: Bool) -> JSONValue {
    var members: [String: JSONValue] = [
      "name": .text(name), "title": .text(title), "plane": .text(plane), "acts": .int(Int64(acts.count)),
      "facts": .texts(facts), "detections": .texts(detections), "folder": .text(folder),
    ]
    if whole {
      members["recognise"] = .texts(recognise)
      members["columns"] = .object(Dictionary(columns.map { ($0.name, .texts($0.values)) }) { first, _ in first })
      members["acts"] = .array(acts.map { .object(["on": .text($0.actions), "states": .texts($0.states)]) })
      members["redact"] = .texts(redactions)
      members["readme"] = .text(readme)
    }
    return .object(members)
  }

  /// The text of `sources show`, not escaped.
  var lines: [String] {
    var lines = ["\(name): \(title)", "plane \(plane), read from \(folder)", "", "Recognised by any of"]
    lines += recognise.map { "  " + $0 }
    lines += ["", "Columns"]
    for column in columns {
      for (n, value) in column.values.enumerated() {
        let label = n == 0 ? column.name : ""
        lines.append("  " + label + String(repeating: " ", count: max(1, 26 - label.utf8.count)) + value)
      }
    }
    lines += ["", acts.isEmpty ? "No acts" : "Acts"]
    for act in acts { lines.append("  \(act.actions): \(act.states.joined(separator: "; "))") }
    lines += [
      "", redactions.isEmpty ? "Nothing is redacted by path" : "Redacted: " + redactions.joined(separator: ", "),
    ]
    if !detections.isEmpty { lines += ["", "Its facts are used by " + detections.joined(separator: ", ")] }
    if !readme.isEmpty {
      lines.append("")
      lines += readme.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    return lines
  }
}

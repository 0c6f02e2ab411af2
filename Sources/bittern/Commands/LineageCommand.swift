import ArgumentParser
import EventModel
import Evidence
import Foundation
import PipelineRuntime
import Reporting

struct LineageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineage",
    abstract: "The tree around a credential, identity, session, event or finding: who minted whom.")
  @Argument(help: "A key id (AKIA…, ASIA…), token id, accessor, session, identity name, event id or finding id.")
  var id: String
  @OptionGroup var store: StoreOptions
  @Option(help: "table (a tree) or ndjson (default by whether stdout is a terminal).") var format: OutputOptions.Format?

  func run() throws {
    let opened = try store.open(.read)
    let graph = try withStore { () throws(StoreError) in
      StoredLineage(
        credentials: try opened.loadCredentials(), edges: try opened.loadEdges(), findings: try opened.findings())
    }
    let roots = graph.trees(around: id)
    if roots.isEmpty {
      throw RunError.usage("nothing in \(store.path) is called '\(id)'; bittern status shows what was read")
    }
    let asTree = (format ?? (Terminal.isOutputTerminal ? .table : .ndjson)) == .table
    for root in roots {
      if asTree {
        Terminal.output(LineageTree(style: Terminal.style(STDOUT_FILENO)).render(root))
      } else {
        Terminal.output(root.json.line)
      }
    }
  }
}

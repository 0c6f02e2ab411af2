import ArgumentParser
import EventModel
import Evidence
import Foundation
import PipelineRuntime
import Reporting

struct LineageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lineage",
    abstract: "The tree around a credential, identity, session, event or finding: who minted whom, and what all did.",
    discussion: """
      With --contained-since, also whether the credential or anything that it minted still acted after a time (of a \
      revocation, say): yes, no, or unknown where the logs end before.

      Examples:
        bittern lineage AKIAEXAMPLE
        bittern lineage AKIAEXAMPLE --contained-since 2026-03-17T10:00:00Z
      """)
  @Argument(help: "A key id (AKIA…, ASIA…), token id, accessor, session, identity name, event id or finding id.")
  var id: String
  @OptionGroup var store: StoredOptions
  @Option(
    name: .customLong("contained-since"),
    help: "Did it, or a descendant, still act after this time (RFC 3339, or 24h, 7d back from the newest event)?")
  var containedSince: String?
  @Option(help: "table (a tree) or ndjson (default by whether stdout is a terminal).") var format: ListFormat?

  func run() throws {
    let bound = try containedSince.map(TimeOption.parse)
    let opened = try store.open(.read)
    let graph = try withStore { () throws(StoreError) in
      StoredLineage(
        credentials: try opened.loadCredentials(), edges: try opened.loadEdges(), findings: try opened.findings())
    }
    let roots = graph.trees(around: id)
    if roots.isEmpty {
      throw RunError.usage("nothing in \(opened.path) is called '\(id)'; bittern status shows what was read")
    }
    let asTree = format.chosen == .table
    for root in roots {
      if asTree {
        Terminal.output(LineageTree(style: Terminal.style(STDOUT_FILENO)).render(root))
      } else {
        Terminal.output(root.json.line)
      }
    }
    guard let bound else { return }
    let inputs = try withStore { () throws(StoreError) in try opened.loadSources() }
    let identities = try withStore { () throws(StoreError) in try opened.loadIdentities() }
    let ends = LogEnds.of(inputs, identities)
    guard let since = bound.time(newest: ends.values.max()),
      let answer = graph.containment(of: id, since: since, ends: ends, inputs: inputs)
    else { throw RunError.usage("no event with a time was read; --contained-since needs some, or a full time") }
    if asTree {
      for line in answer.lines { Terminal.output(EscapedText.terminal(line) + "\n") }
    } else {
      Terminal.output(answer.json.line)
    }
  }
}

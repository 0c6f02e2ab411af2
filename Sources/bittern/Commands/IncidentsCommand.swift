import ArgumentParser
import EventModel
import Evidence
import Foundation
import Reporting

/// Findings by incident, each under the story that it tells.
struct IncidentsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "incidents", abstract: "List findings by incident: who, over what chain, how far.")
  @OptionGroup var store: StoredOptions
  @Option(help: "table or ndjson (default: table on a terminal, ndjson in a pipe).") var format: ListFormat?
  @Flag(help: "Acknowledged and muted ones too.") var all = false

  func run() throws {
    let opened = try store.open(.read)
    var filter = FindingFilter()
    filter.now = Int64(Date().timeIntervalSince1970 * 1e9)
    if !all { filter.statuses = [.open] }
    let found = try withStore { () throws(StoreError) in try opened.findings(filter) }.map(\.finding)
    switch format.chosen {
    case .table:
      Terminal.output(FindingTable(style: Terminal.style(STDOUT_FILENO), grouping: .incident).render(found))
    case .ndjson:
      for incident in Incident.all(of: found) { Terminal.output(incident.value.line) }
    }
  }
}

import ArgumentParser
import EventModel
import Evidence
import Foundation
import PipelineRuntime
import Reporting

struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "The ingest ledger: what was read of each input, what was not, and lineage coverage.")
  @OptionGroup var store: StoredOptions
  @Flag(name: .customLong("inputs"), help: "List each input, also those that were read without a loss.")
  var listsInputs = false
  @Option(help: "table or ndjson (default by whether stdout is a terminal).") var format: ListFormat?

  func run() throws {
    let opened = try store.open(.read)
    let sources = try withStore { () throws(StoreError) in try opened.loadSources() }
    let rejects = try withStore { () throws(StoreError) in try opened.loadRejects() }
    let gaps = try withStore { () throws(StoreError) in try opened.loadGaps() }
    let counts = try withStore { () throws(StoreError) in try opened.findingCounts() }
    let held = try withStore { () throws(StoreError) in try opened.heldBackCounts() }
    let meta = try withStore { () throws(StoreError) in try opened.meta() }
    if format.chosen == .table {
      Terminal.output(
        LedgerTable(style: Terminal.style(STDOUT_FILENO), listsAll: listsInputs)
          .render(sources: sources, rejects: rejects, gaps: gaps))
      let words = Severity.allCases.reversed().compactMap { level in counts[level].map { "\($0) \(level.name)" } }
      Terminal.output("\nFindings: \(words.isEmpty ? "none" : words.joined(separator: ", "))\n")
      if !held.isEmpty {
        let named = held.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        Terminal.output(
          "Held back to low, ranked below the daily budgets of graded findings: \(EscapedText.terminal(named))\n")
      }
      for (key, value) in meta.filter({ $0.key.hasPrefix("coverage.") }).sorted(by: { $0.key < $1.key }) {
        Terminal.output("Lineage coverage, \(key.dropFirst("coverage.".count)): \(value)\n")
      }
      for (key, value) in meta.filter({ $0.key.hasPrefix("switch.") }).sorted(by: { $0.key < $1.key }) {
        Terminal.output("Would make joins exact, \(key.dropFirst("switch.".count)): \(value)\n")
      }
      if let news = meta["unremembered"].flatMap(Int.init), news > 0 {
        Terminal.output("The long memory is full: \(news) news were judged but not remembered.\n")
      }
      Terminal.output("SQLite \(EvidenceStore.sqliteVersion), store \(EscapedText.terminal(opened.path))\n")
    } else {
      for source in sources { Terminal.output(StatusDocument.line(source, rejects.filter { $0.path == source.path })) }
    }
    let broken = sources.filter { $0.counters.unaccountedBytes != 0 || $0.counters.unaccountedRecords != 0 }
    for source in broken { Terminal.error("the ledger of \(source.path) does not add up; please report this") }
  }
}

/// One input's ledger as a JSON line.
enum StatusDocument {
  static func line(_ source: SourceRow, _ rejects: [RejectRow]) -> [UInt8] {
    var members: [String: JSONValue] = [
      "path": .text(source.path), "log": .text(source.log), "state": .text(source.state),
      "offset": .int(source.plainOffset),
    ]
    for (name, value) in zip(SourceCounters.names, source.counters.values) { members[name] = .int(value) }
    if let first = source.firstEvent { members["first_event"] = .time(first) }
    if let last = source.lastEvent { members["last_event"] = .time(last) }
    var reasons: [String: JSONValue] = [:]
    for reject in rejects { reasons[reject.reason] = .int(reject.count) }
    members["rejects"] = .object(reasons)
    return JSONValue.object(members).line
  }
}

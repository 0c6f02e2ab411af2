import ArgumentParser
import EventModel
import Foundation
import PipelineRuntime
import Reporting

/// How findings are printed, and which.
struct OutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable { case table, ndjson, ocsf, csv }

  @Option(help: "table, ndjson, ocsf or csv (default: table on a terminal, ndjson in a pipe).")
  var format: Format?

  @Option(name: .customLong("min-severity"), help: "Print findings of this severity and above.")
  var minimum: SeverityArgument = SeverityArgument(severity: .informational)

  @Option(name: .customLong("fail-on"), help: "Exit with 1 when a finding of this severity or above is there.")
  var failOn: SeverityArgument?

  @Flag(name: .shortAndLong, help: "Print nothing but findings and errors.")
  var quiet = false

  var chosen: Format { format ?? (Terminal.isOutputTerminal ? .table : .ndjson) }

  func failed(_ findings: [Finding]) -> Bool {
    guard let failOn else { return false }
    return findings.contains { $0.severity >= failOn.severity }
  }

  /// Prints findings in the order of their severity (table) or of time (streams).
  func print(_ findings: [Finding]) {
    let wanted = findings.filter { $0.severity >= minimum.severity }
    switch chosen {
    case .table:
      if !wanted.isEmpty {
        let table = FindingTable(style: Terminal.style(STDOUT_FILENO), grouping: .severity)
        Terminal.output(table.render(wanted))
      }
    case .ndjson, .ocsf, .csv:
      if chosen == .csv { Terminal.output(FindingCSV.header) }
      for finding in wanted.sorted(by: { ($0.firstSeen, $0.id) < ($1.firstSeen, $1.id) }) {
        switch chosen {
        case .ocsf: Terminal.output(FindingOCSF.line(finding, productVersion: Bittern.version))
        case .csv: Terminal.output(FindingCSV.row(finding))
        default: Terminal.output(FindingJSON.line(finding))
        }
      }
    }
  }
}

struct SeverityArgument: ExpressibleByArgument {
  var severity: Severity
  init(severity: Severity) { self.severity = severity }
  init?(argument: String) {
    guard let severity = Severity(name: argument.lowercased()) else { return nil }
    self.severity = severity
  }
  static var allValueStrings: [String] { Severity.allCases.map(\.name) }
  var defaultValueDescription: String { severity.name }
}

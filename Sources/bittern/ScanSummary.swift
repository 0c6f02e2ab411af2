import EventModel
import EventWindow
import Foundation
import PipelineRuntime
import Reporting

/// The closing words of a scan: what was read, over which hours, what was not, and what was found.
struct ScanSummary {
  let report: ScanReport
  let store: String
  let style: TerminalStyle

  func print() {
    for line in lines() { Terminal.note(EscapedText.terminal(line)) }
  }

  func lines() -> [String] {
    var lines: [String] = [""]
    let counts = Severity.allCases.reversed().compactMap { level -> String? in
      let n = report.newFindings.count { $0.severity == level }
      return n == 0 ? nil : "\(n) \(level.name)"
    }
    let new = report.newFindings.count
    lines.append(
      "\(new) new finding\(new == 1 ? "" : "s")" + (counts.isEmpty ? "" : " (\(counts.joined(separator: ", ")))")
        + ", \(report.knownFindings) already known.")
    if !report.retracted.isEmpty {
      lines.append("\(report.retracted.count) finding(s) no longer stand and were taken back.")
    }
    lines += incidents
    lines.append("Read \(Self.number(report.records)) records of \(report.plan.inputs.count) input(s), \(hours).")
    for (log, ledgers) in logs { lines.append("  " + Self.line(log, ledgers)) }
    lines += Self.losses(report)
    lines += unread
    for (id, count) in report.allowed.sorted(by: { $0.key < $1.key }) {
      lines.append("\(count) act(s) of \(id) were allowed by declared duties or exceptions.")
    }
    let held = report.newFindings.count { $0.isHeldBack }
    if held > 0 { lines.append("\(held) graded finding(s) were ranked below their day's budget and are low.") }
    if report.judgedOtherwise > 0 {
      lines.append(
        "\(Self.number(report.judgedOtherwise)) file(s) of this store were judged with other content or configuration: "
          + "bittern scan --again reads everything again.")
    }
    if report.unremembered > 0 {
      lines.append(
        "The long memory is full: \(Self.number(report.unremembered)) news were judged but not remembered. Scan fewer days at once."
      )
    }
    lines += coverage
    lines.append("Store: \(store)")
    return lines
  }

  /// The gravest incidents of several findings.
  private var incidents: [String] {
    let told = Incident.all(of: report.newFindings).filter { $0.findings.count > 1 && $0.gravest.severity >= .medium }
    let more = told.count > 5 ? ["  and \(told.count - 5) more incidents: bittern findings incidents"] : []
    return told.prefix(5).map { "Incident \($0.id.prefix(10)): \($0.title)" } + more
  }

  private var hours: String {
    guard let first = report.firstEvent, let last = report.lastEvent else { return "none of them with a time" }
    return "\(Timestamp.text(first)) to \(Timestamp.text(last))"
  }

  private var logs: [(String, [InputLedger])] {
    Dictionary(grouping: report.ledgers.filter { !$0.log.isEmpty }, by: \.log).sorted { $0.key < $1.key }
  }

  private static func line(_ log: String, _ ledgers: [InputLedger]) -> String {
    func sum(_ path: KeyPath<InputLedger, Int>) -> Int { ledgers.reduce(0) { $0 + $1[keyPath: path] } }
    var parts = ["\(number(sum(\.accepted))) events"]
    for (name, count) in [
      ("duplicate", sum(\.duplicate)), ("conflicting id", sum(\.idConflict)), ("in the future", sum(\.future)),
      ("unrecognised", sum(\.unrecognised)), ("malformed", sum(\.malformed)),
    ] where count > 0 { parts.append("\(number(count)) \(name)") }
    return "\(log): \(parts.joined(separator: ", ")) in \(ledgers.count) input(s)"
  }

  /// What of recognised logs could not be read: exit code 4.
  static func losses(_ report: ScanReport) -> [String] {
    var lines: [String] = []
    for ledger in report.incomplete.prefix(20) {
      let rejects = ledger.rejects.sorted { $0.key < $1.key }.map {
        "\($0.value.count) \($0.key) (first at byte \($0.value.firstOffset))"
      }
      let why = [ledger.incomplete].compactMap { $0 } + rejects
      lines.append("Not fully read: \(ledger.path): \(why.joined(separator: "; "))")
    }
    if report.incomplete.count > 20 {
      lines.append("… and \(report.incomplete.count - 20) more; bittern status lists them")
    }
    for skip in report.unreadable.prefix(20) { lines.append("Not read: \(skip.path): \(skip.reason)") }
    return lines
  }

  /// What no source knows: told, and no error.
  private var unread: [String] {
    var lines: [String] = []
    for ledger in report.unrecognised.prefix(8) {
      let keys = ledger.unknownKeys.max { $0.value < $1.value }.map { " (keys: \($0.key))" } ?? ""
      lines.append("Not a known log: \(ledger.path)\(keys)")
    }
    if let first = report.unrecognised.first(where: \.holdsObjects) {
      lines.append(
        "  JSON of a log that Bittern does not know? Draft a map: bittern sources new NAME --from \(first.path)")
    }
    if report.unrecognised.count > 8 {
      lines.append("… and \(report.unrecognised.count - 8) more inputs that are no known log")
    }
    let others = report.plan.skipped.filter { skip in !report.unreadable.contains(skip) }
    for skip in others.prefix(8) { lines.append("Skipped: \(skip.path): \(skip.reason)") }
    return lines
  }

  private var coverage: [String] {
    guard let sources = report.coverage?.sources, !sources.isEmpty else { return [] }
    let parts = sources.sorted { $0.key < $1.key }.map { name, share in
      "\(name) \(share.minted * 100 / max(1, share.used)) % of \(Self.number(share.used))\(share.words)"
    }
    var lines = ["Used credentials whose mint was seen: \(parts.joined(separator: "; "))."]
    for wanted in LineageCoverage.Switch.allCases {
      guard let count = report.coverage?.switches[wanted] else { continue }
      lines.append("  \(Self.number(count)) would be surer with \(wanted.advice).")
    }
    return lines
  }

  /// 1234567 as 1,234,567.
  static func number(_ n: Int) -> String {
    var out = ""
    for (i, digit) in String(n).reversed().enumerated() {
      if i > 0, i % 3 == 0 { out.append(",") }
      out.append(digit)
    }
    return String(out.reversed())
  }
}

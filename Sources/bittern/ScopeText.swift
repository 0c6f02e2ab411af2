import EventModel
import Evidence
import Foundation
import PipelineRuntime
import Reporting

/// What scope commands print: a line each, or a JSON line.
enum ScopeText {
  static func line(_ violation: ScopeCheck.Violation) -> String {
    let row = violation.row
    let parts = violation.parts.map { "\($0) \($0.value(row))" }.joined(separator: ", ")
    let denied = row.denied > 0 ? ", denied \(row.denied)" : ""
    let last = row.lastDay > 0 ? ", last \(day(row.lastDay))" : ""
    return EscapedText.terminal(
      "\(violation.identity): \(row.action) is outside (\(parts)); done \(row.count)\(denied)\(last)") + "\n"
  }

  static func json(_ violation: ScopeCheck.Violation) -> JSONValue {
    let row = violation.row
    return .object([
      "identity": .text(violation.identity), "declaration": .text(violation.declaration),
      "outside": .texts(violation.parts.map { "\($0)" }), "action": .text(row.action), "service": .text(row.service),
      "region": .text(row.region), "account": .text(row.account), "source": .text(row.source), "count": .int(row.count),
      "denied": .int(row.denied), "first_day": .text(day(row.firstDay)), "last_day": .text(day(row.lastDay)),
    ])
  }

  static func line(_ change: ScopeDiff.Change) -> String {
    if change.part.isEmpty { return EscapedText.terminal("\(change.kind.rawValue)  \(change.identity)") + "\n" }
    let sign = change.kind == .widened ? "+" : "-"
    let entries = change.entries.map { sign + ($0 == ScopeDiff.Change.all ? "(all)" : $0) }.joined(separator: " ")
    return EscapedText.terminal("\(change.kind.rawValue)  \(change.identity)  \(change.part): \(entries)") + "\n"
  }

  static func json(_ change: ScopeDiff.Change) -> JSONValue {
    .object([
      "identity": .text(change.identity), "change": .text(change.kind.rawValue), "part": .text(change.part),
      "entries": .texts(change.entries),
    ])
  }

  private static func day(_ day: Int32) -> String {
    day > 0 ? String(Timestamp.text(Int64(day) * Timestamp.day).prefix(10)) : ""
  }
}

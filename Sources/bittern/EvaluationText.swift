import EventModel
import Evidence
import Foundation
import PipelineRuntime
import Reporting

/// An evaluation as a table with its disagreements, or as JSON lines.
struct EvaluationText {
  let evaluation: Evaluation
  /// Name every false alarm and miss.
  var names = true

  private var minimum: Severity { evaluation.minimum }

  // MARK: Table

  func table() -> String {
    var out = ""
    var dimension = ""
    for group in [evaluation.all] + evaluation.groups {
      if group.dimension != dimension {
        dimension = group.dimension
        let head = dimension == "all" ? "" : "by \(dimension)"
        out +=
          "\n" + line([head, "bad", "recall strict", "recall lenient", "benign", "alarms", "precision strict"]) + "\n"
      }
      out += row(group) + "\n"
    }
    return out + "\n" + correlations() + noise() + unread() + (names ? disagreements() : "")
  }

  private static let widths = [30, 5, 20, 20, 6, 6, 20]

  private func line(_ cells: [String]) -> String {
    var text = ""
    for (cell, width) in zip(cells, EvaluationText.widths) {
      let shown = EscapedText.terminal(cell)
      text += shown + String(repeating: " ", count: max(1, width + 2 - shown.unicodeScalars.count))
    }
    while text.last == " " { text.removeLast() }
    return text
  }

  private func row(_ group: Evaluation.Group) -> String {
    let (strict, lenient) = (group.strict, group.lenient)
    return line([
      group.dimension == "all" ? "all" : group.value, "\(strict.recall.total)", share(strict.recall),
      share(lenient.recall),
      "\(strict.falseAlarmRate.total)", "\(strict.falseAlarms)", share(strict.precision),
    ])
  }

  /// `83.3 % [74.1-89.8]`
  private func share(_ proportion: Proportion) -> String {
    guard let value = proportion.value, let interval = proportion.interval else { return "-" }
    return "\(percent(value)) % [\(percent(interval.low))-\(percent(interval.high))]"
  }

  private func percent(_ value: Double) -> String { decimal(value * 100, 1) }

  private func decimal(_ value: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((value * scale).rounded())
    let whole = abs(scaled) / Int(scale)
    let rest = String(abs(scaled) % Int(scale))
    return (scaled < 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: places - rest.count) + rest
  }

  private func correlations() -> String {
    var out = ""
    var groups = [(evaluation.all, "all")]
    if let core = evaluation.group("concern", "core") { groups.append((core, "core")) }
    if let known = evaluation.group("read", "known log") { groups.append((known, "logs that a source knows")) }
    for (group, name) in groups {
      let strict = group.strict.correlation.map { decimal($0, 3) } ?? "-"
      let lenient = group.lenient.correlation.map { decimal($0, 3) } ?? "-"
      out += "Matthews correlation, \(name): \(strict) strict, \(lenient) lenient\n"
    }
    let rate = evaluation.all.strict.falseAlarmRate
    if rate.total == 0 { return "" }
    out += "False alarms: \(rate.hits) of \(rate.total) benign, \(share(rate))\n"
    return out
  }

  private func noise() -> String {
    let noise = evaluation.noise(label: "background")
    if noise.events == 0 { return "" }
    let rate = decimal(Double(noise.findings) * 1000 / Double(noise.events), 2)
    return
      "Background: \(noise.findings) finding(s) of \(minimum.name) and above in \(noise.events) events, \(rate) per 1,000; "
      + "token-reuse \(noise.reuse)\n"
  }

  private func unread() -> String {
    var out = ""
    let unknown = evaluation.outcomes.filter(\.isUnrecognised)
    if !unknown.isEmpty {
      out += "\nNothing recognised: \(unknown.count) case(s)\n"
      for (log, cases) in Dictionary(grouping: unknown, by: \.item.log).sorted(by: { $0.key < $1.key }) {
        out += text("  \(log): \(cases.count), e.g. \(cases[0].item.id) (keys: \(cases[0].unknownKeys.prefix(80)))")
      }
    }
    let lost = evaluation.outcomes.filter { $0.failure != nil || !$0.rejects.isEmpty }
    if !lost.isEmpty { out += "\nNot fully read: \(lost.count) case(s)\n" }
    for outcome in lost {
      let reasons = outcome.rejects.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      out += text("  \(outcome.item.id): \((reasons + [outcome.failure].compactMap { $0 }).joined(separator: ", "))")
    }
    return out
  }

  private func disagreements() -> String {
    var out = ""
    let misses = evaluation.misses
    if !misses.isEmpty { out += "\nMissed (strict): \(misses.count)\n" }
    for miss in misses {
      let state = miss.isUnrecognised ? "nothing recognised" : fired(miss)
      out += text("  \(miss.item.id)  [\(miss.item.familyLabels.joined(separator: ", "))]  \(state)")
    }
    let alarms = evaluation.falseAlarms
    if !alarms.isEmpty { out += "\nFalse alarms: \(alarms.count)\n" }
    for alarm in alarms {
      out += text("  \(alarm.item.id)  [\(alarm.item.familyLabels.joined(separator: ", "))]  \(fired(alarm))")
    }
    let strangers = evaluation.unexpected.filter { $0.severity >= minimum }
    if !strangers.isEmpty { out += "\nNothing planted explains: \(strangers.count)\n" }
    for finding in strangers {
      out += text("  \(finding.detection) \(finding.severity.name)  \(finding.title)  \(finding.id.prefix(12))")
    }
    return out
  }

  private func fired(_ outcome: CaseOutcome) -> String {
    if outcome.findings.isEmpty { return "silent" }
    var seen: [String] = []
    for finding in outcome.findings {
      let word = "\(finding.detection) \(finding.severity.name) (\(finding.family.rawValue))"
      if !seen.contains(word) { seen.append(word) }
    }
    return seen.prefix(6).joined(separator: ", ") + (seen.count > 6 ? ", …" : "")
  }

  private func text(_ line: String) -> String { EscapedText.terminal(line) + "\n" }

  // MARK: JSON lines

  func lines() -> [[UInt8]] {
    var lines = evaluation.outcomes.map { caseLine($0) }
    for group in [evaluation.all] + evaluation.groups { lines.append(groupLine(group)) }
    lines += evaluation.unexpected.map { finding in
      JSONValue.object([
        "record": .text("unexpected"), "id": .text(finding.id), "detection": .text(finding.detection),
        "severity": .text(finding.severity.name), "family": .text(finding.family.rawValue),
        "title": .text(finding.title),
      ]).line
    }
    for note in evaluation.notes {
      lines.append(JSONValue.object(["record": .text("note"), "text": .text(note)]).line)
    }
    return lines
  }

  private func caseLine(_ outcome: CaseOutcome) -> [UInt8] {
    let item = outcome.item
    let verdict: String =
      switch item.isMalicious {
      case true: outcome.firesStrictly(minimum) ? "found" : outcome.fires(minimum) ? "found leniently" : "missed"
      case false: outcome.fires(minimum) ? "false alarm" : "silent"
      case nil: "not counted"
      }
    var members: [String: JSONValue] = [
      "record": .text("case"), "id": .text(item.id), "verdict": .text(verdict), "log": .text(item.log),
      "label": .text(item.label), "families": .texts(item.familyLabels), "events": .int(Int64(outcome.accepted)),
      "unrecognised": .int(Int64(outcome.unrecognised)),
      "rejects": .object(outcome.rejects.mapValues { .int(Int64($0)) }),
      "fired": .array(
        outcome.findings.map { finding in
          .object([
            "detection": .text(finding.detection), "severity": .text(finding.severity.name),
            "family": .text(finding.family.rawValue), "title": .text(finding.title),
          ])
        }),
    ]
    if let malicious = item.isMalicious { members["malicious"] = .bool(malicious) }
    if let failure = outcome.failure { members["failure"] = .text(failure) }
    return JSONValue.object(members).line
  }

  private func groupLine(_ group: Evaluation.Group) -> [UInt8] {
    JSONValue.object([
      "record": .text("group"), "dimension": .text(group.dimension), "value": .text(group.value),
      "strict": agreement(group.strict), "lenient": agreement(group.lenient),
    ]).line
  }

  private func agreement(_ agreement: Agreement) -> JSONValue {
    var members: [String: JSONValue] = [
      "found": .int(Int64(agreement.found)), "missed": .int(Int64(agreement.missed)),
      "false_alarms": .int(Int64(agreement.falseAlarms)), "silent": .int(Int64(agreement.silent)),
    ]
    for (name, share) in [("recall", agreement.recall), ("precision", agreement.precision)] {
      guard let value = share.value, let interval = share.interval else { continue }
      members[name] = .text(decimal(value, 4))
      members[name + "_interval"] = .texts([decimal(interval.low, 4), decimal(interval.high, 4)])
    }
    if let correlation = agreement.correlation { members["correlation"] = .text(decimal(correlation, 4)) }
    return .object(members)
  }
}

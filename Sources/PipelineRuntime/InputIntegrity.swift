import Detection
import EventModel
import EventWindow
import PipelineContent

/// LS6 for whole inputs: what the reader noticed that no row tells (semantics.md 12): double keys, damaged gzip data.
enum InputIntegrity {
  static func findings(_ ledgers: [InputLedger], _ content: Content) -> [Finding] {
    guard let definition = content.engine.definitions.first(where: { $0.id == "LS6" }) else { return [] }
    var findings: [Finding] = []
    for (number, ledger) in ledgers.enumerated() where !ledger.log.isEmpty {
      if let twice = ledger.rejects["dup_key"] {
        var finding = base(definition, ledger, UInt32(number), cause: "dup_key", at: twice.firstOffset)
        finding.severity = .medium
        finding.count = twice.count
        finding.title = "\(ledger.path): records that say one key twice"
        finding.summary =
          "\(twice.count) record(s) of \(ledger.path) hold a wanted key twice, the first at byte \(twice.firstOffset). Two "
          + "parsers would read two different events; none of them was judged."
        finding.explanation.expected = "each key once in an object"
        finding.explanation.seen = "a wanted key twice"
        findings.append(finding)
      }
      if let damage = ledger.damage {
        var finding = base(definition, ledger, UInt32(number), cause: "source_integrity", at: 0)
        finding.title = "\(ledger.path): \(damage)"
        finding.summary = "\(ledger.path) is not as it was written: \(damage). What could be read was judged."
        finding.explanation.expected = "one sound gzip stream with nothing behind it"
        finding.explanation.seen = damage
        findings.append(finding)
      }
    }
    return findings
  }

  private static func base(
    _ definition: DetectionDefinition, _ ledger: InputLedger, _ input: UInt32, cause: String, at offset: UInt64
  ) -> Finding {
    var finding = Finding()
    finding.detection = definition.id
    finding.name = definition.name
    finding.family = definition.family
    finding.severity = definition.severity
    finding.attack = definition.attack
    finding.explanation.threshold = "any"
    finding.identity.source = ledger.log
    let day = ledger.firstEvent == Int64.max ? 0 : Timestamp.utcDay(ledger.firstEvent)
    finding.id = FindingID.of(definition, tenant: "", key: Array(ledger.path.utf8), cause: Array(cause.utf8), day: day)
    finding.incident = String(FindingID.incident(entity: Array(ledger.path.utf8), day: day))
    var citation = Finding.Citation(
      role: .trigger, time: Timestamp.none, input: input, offset: offset, length: 0, index: 0)
    citation.source = ledger.log
    citation.file = ledger.path
    citation.missing = "the bytes at this place are no record"
    finding.evidence = [citation]
    return finding
  }
}

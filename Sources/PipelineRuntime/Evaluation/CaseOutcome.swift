import EventModel
import EventWindow

/// What came of one labelled case.
public struct CaseOutcome: Sendable {
  public var item: LabelledCase
  /// Everything that fired, gravest first.
  public var findings: [Finding] = []
  public var records = 0
  public var accepted = 0
  /// Records that no source knows, and the keys of one of them.
  public var unrecognised = 0
  public var unknownKeys = ""
  /// Records that could not be read, by reason.
  public var rejects: [String: Int] = [:]
  /// Why the input could not be read at all.
  public var failure: String?

  public init(item: LabelledCase) { self.item = item }

  mutating func take(_ found: [Finding]) {
    findings = found.sorted { ($1.severity, $0.detection, $0.id) < ($0.severity, $1.detection, $1.id) }
  }

  mutating func take(_ ledger: InputLedger) {
    records += ledger.records
    accepted += ledger.accepted
    unrecognised += ledger.unrecognised
    if let keys = ledger.unknownKeys.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key { unknownKeys = keys }
    for (reason, reject) in ledger.rejects { rejects[reason, default: 0] += reject.count }
    if let incomplete = ledger.incomplete { failure = incomplete }
  }

  /// No record of it belongs to a known log.
  public var isUnrecognised: Bool { failure == nil && accepted == 0 && unrecognised > 0 }

  /// Any finding of this severity or above.
  public func fires(_ minimum: Severity) -> Bool { findings.contains { $0.severity >= minimum } }

  /// A finding of this severity or above, of the label's family, that cites a record of the case.
  public func firesStrictly(_ minimum: Severity) -> Bool {
    findings.contains { finding in
      finding.severity >= minimum && item.families?.contains(finding.family) ?? true
        && finding.evidence.contains { $0.missing == nil && $0.length > 0 }
    }
  }
}

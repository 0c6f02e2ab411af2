import EventModel
import EventWindow
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime
import Testing

/// Content is compiled once for all tests of the process.
enum Shared {
  static let quickstart: Content = content(Program.quickstartConfiguration)
  static let plain: Content = content(nil)

  private static func content(_ file: String?) -> Content {
    do {
      return try Content(try file.map { try Configuration(file: $0) } ?? Configuration())
    } catch { fatalError("\(error)") }
  }
}

/// Scans in this process, and holds every input's ledger to its two identities.
func scan(
  _ inputs: [String], _ content: Content = Shared.quickstart, store: String, threads: Int = 2, source: String? = nil
) throws -> ScanReport {
  var options = Scan.Options()
  options.inputs = inputs
  options.store = store
  options.threads = threads
  options.source = source
  let report = try Scan(content: content, options: options, stop: StopFlag()).run()
  expectBalance(report.ledgers)
  try expectBalance(store: store)
  return report
}

func expectBalance(_ ledgers: [InputLedger]) {
  for ledger in ledgers {
    #expect(ledger.bytesBalance, "\(ledger)")
    #expect(ledger.recordsBalance, "\(ledger)")
  }
}

func expectBalance(store: String) throws {
  for source in try EvidenceStore.open(at: store, for: .read).loadSources() {
    #expect(source.counters.unaccountedBytes == 0, "\(source.path)")
    #expect(source.counters.unaccountedRecords == 0, "\(source.path)")
  }
}

/// What must be the same whatever the order and form of delivery.
struct Verdict: Hashable, Comparable, CustomStringConvertible {
  var id: String
  var detection: String
  var severity: String

  init(_ finding: Finding) {
    id = finding.id
    detection = finding.detection
    severity = finding.severity.name
  }

  var description: String { "\(detection) \(severity) \(id.prefix(10))" }
  static func < (a: Verdict, b: Verdict) -> Bool { (a.detection, a.id, a.severity) < (b.detection, b.id, b.severity) }
}

extension ScanReport {
  var verdicts: [Verdict] { allFindings.map(Verdict.init).sorted() }
  func ledger(_ name: String) -> InputLedger? { ledgers.first { $0.path.hasSuffix("/" + name) } }
}

extension [UInt8] {
  /// Whether a text's bytes stand somewhere in these.
  func contains(_ text: String) -> Bool { Data(self).range(of: Data(text.utf8)) != nil }
}

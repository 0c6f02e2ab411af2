import EventModel
import EventWindow
import Evidence
import LogReading

/// What a scan read and found, and what it did not read.
public struct ScanReport: Sendable {
  public let plan: ScanPlan
  public private(set) var ledgers: [InputLedger]
  public internal(set) var newFindings: [Finding] = []
  public internal(set) var allFindings: [Finding] = []
  public internal(set) var knownFindings = 0
  /// Ids of findings that were taken back.
  public internal(set) var retracted: [String] = []
  /// Files that earlier scans read with other content or configuration, and this one did not read.
  public internal(set) var judgedOtherwise = 0
  /// What the long memory had no room for.
  public internal(set) var unremembered = 0
  public internal(set) var allowed: [String: Int] = [:]
  public internal(set) var coverage: LineageCoverage?

  init(plan: ScanPlan) {
    self.plan = plan
    ledgers = plan.inputs.map { InputLedger(path: $0.name) }
  }

  mutating func note(_ absorbed: EventWindow.Absorbed, _ window: EventWindow) {
    for (input, count) in absorbed.duplicates {
      ledgers[Int(input)].duplicate += count
      ledgers[Int(input)].accepted -= count
    }
    for (input, count) in absorbed.conflicts {
      ledgers[Int(input)].idConflict += count
      ledgers[Int(input)].accepted -= count
    }
    let batch = window.batch(absorbed.batch)
    for row in 0..<batch.count {
      let input = Int(batch.input[row])
      let time = batch.time[row]
      if time == Timestamp.none { continue }
      if EventFlags(rawValue: batch.flags[row]).contains(.future) {
        ledgers[input].future += 1
        ledgers[input].accepted -= 1
        continue
      }
      ledgers[input].firstEvent = min(ledgers[input].firstEvent, time)
      ledgers[input].lastEvent = max(ledgers[input].lastEvent, time)
    }
  }

  /// Adds a reader's ledger to what the window noted of the same input.
  mutating func finish(_ input: UInt32, _ read: InputLedger) {
    var ledger = read
    let noted = ledgers[Int(input)]
    ledger.accepted += noted.accepted
    ledger.duplicate = noted.duplicate
    ledger.idConflict = noted.idConflict
    ledger.future = noted.future
    ledger.firstEvent = noted.firstEvent
    ledger.lastEvent = noted.lastEvent
    ledgers[Int(input)] = ledger
  }

  public var records: Int { ledgers.reduce(0) { $0 + $1.records } }
  public var accepted: Int { ledgers.reduce(0) { $0 + $1.accepted + $1.duplicate + $1.idConflict + $1.future } }
  public var firstEvent: Int64? { ledgers.map(\.firstEvent).min().flatMap { $0 == Int64.max ? nil : $0 } }
  public var lastEvent: Int64? { ledgers.map(\.lastEvent).max().flatMap { $0 == Int64.min ? nil : $0 } }

  /// Inputs of a recognised log that lost something, and damaged or unreadable ones.
  public var incomplete: [InputLedger] {
    ledgers.filter { $0.incomplete != nil || (!$0.log.isEmpty && ($0.malformed > 0 || $0.oversizeBytes > 0)) }
  }
  public var unreadable: [SkippedInput] {
    plan.skipped.filter {
      if case .failed(let failure) = $0.reason { return failure == .permissionDenied }
      return false
    }
  }
  public var isIncomplete: Bool { !incomplete.isEmpty || !unreadable.isEmpty }
  /// Files in which nothing was recognised.
  public var unrecognised: [InputLedger] {
    ledgers.filter { $0.log.isEmpty && $0.incomplete == nil && $0.decompressedBytes > 0 }
  }

  var nothingRecognised: String {
    let names = unrecognised.prefix(5).map { ledger in
      let keys = ledger.unknownKeys.max { $0.value < $1.value }?.key
      return "  \(ledger.path)" + (keys.map { " (keys: \($0))" } ?? "")
    }
    let first = unrecognised.first { $0.holdsObjects && $0.path != "-" }
    let draft = first.map { ["  draft a map for such a log: bittern sources new NAME --from \($0.path)"] } ?? []
    return "no log was recognised in \(ledgers.count) input(s); --source NAME forces one\n"
      + (names + draft).joined(separator: "\n")
  }

  func sourceRows(_ store: EvidenceStore, _ contentHash: String) -> [SourceRow] {
    ledgers.map { SourceRow(id: SourceRow.id(of: $0.path), ledger: $0, contentHash: contentHash) }
  }

  var rejectRows: [RejectRow] { ledgers.flatMap(\.rejectRows) }
}

extension InputLedger {
  /// It holds JSON objects that no source knows: a map could read them.
  public var holdsObjects: Bool { unknownKeys.contains { $0.key != "(no object)" } }
}

extension SourceRow {
  /// A stable number for a path.
  static func id(of path: String) -> Int64 { Int64(bitPattern: ByteHash.stable.hash(Array(path.utf8)) >> 1) }
}

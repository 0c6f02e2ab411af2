import EventWindow
import Evidence
import LogReading

extension InputLedger {
  /// The ledger that a stored row says.
  init(_ row: SourceRow) {
    self.init(path: row.path)
    log = row.log
    records = Int(row.counters.records)
    accepted = Int(row.counters.accepted)
    duplicate = Int(row.counters.duplicate)
    idConflict = Int(row.counters.idConflict)
    late = Int(row.counters.late)
    future = Int(row.counters.future)
    quarantined = Int(row.counters.quarantined)
    unrecognised = Int(row.counters.unrecognised)
    filtered = Int(row.counters.filtered)
    firstEvent = row.firstEvent ?? Int64.max
    lastEvent = row.lastEvent ?? Int64.min
  }

  mutating func take(_ counts: FrameCounts, bytes: UInt64, tail: UInt64) {
    decompressedBytes = bytes
    eventBytes = counts.eventBytes
    framingBytes = counts.framingBytes
    malformedBytes = counts.malformedBytes
    oversizeBytes = counts.oversizeBytes
    nulBytes = counts.nulBytes
    blankBytes = counts.blankBytes
    pendingTailBytes = tail
  }

  var rejectRows: [RejectRow] {
    rejects.sorted { $0.key < $1.key }.map {
      RejectRow(path: path, reason: $0.key, count: Int64($0.value.count), firstOffset: Int64($0.value.firstOffset))
    }
  }
}

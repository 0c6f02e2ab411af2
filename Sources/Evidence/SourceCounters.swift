/// What became of every byte and record of one input (reliability.md P3). Totals since the input was first read.
public struct SourceCounters: Sendable, Equatable {
  public var decompressedBytes: Int64 = 0
  public var eventBytes: Int64 = 0
  public var framingBytes: Int64 = 0
  public var malformedBytes: Int64 = 0
  public var oversizeBytes: Int64 = 0
  public var nulBytes: Int64 = 0
  public var blankBytes: Int64 = 0
  public var pendingTailBytes: Int64 = 0
  public var records: Int64 = 0
  public var accepted: Int64 = 0
  public var duplicate: Int64 = 0
  public var idConflict: Int64 = 0
  public var late: Int64 = 0
  public var future: Int64 = 0
  public var quarantined: Int64 = 0
  public var unrecognised: Int64 = 0
  public var filtered: Int64 = 0
  public init() {}

  /// Column names, in the order of `values`.
  public static let names = [
    "decompressed_bytes", "event_bytes", "framing_bytes", "malformed_bytes", "oversize_bytes", "nul_bytes",
    "blank_bytes", "pending_tail_bytes", "records", "accepted", "duplicate", "id_conflict", "late", "future",
    "quarantined", "unrecognised", "filtered",
  ]

  public var values: [Int64] {
    get {
      [
        decompressedBytes, eventBytes, framingBytes, malformedBytes, oversizeBytes, nulBytes, blankBytes,
        pendingTailBytes, records, accepted, duplicate, idConflict, late, future, quarantined, unrecognised, filtered,
      ]
    }
    set {
      guard newValue.count == SourceCounters.names.count else { return }
      (decompressedBytes, eventBytes, framingBytes, malformedBytes) = (
        newValue[0], newValue[1], newValue[2], newValue[3]
      )
      (oversizeBytes, nulBytes, blankBytes, pendingTailBytes) = (newValue[4], newValue[5], newValue[6], newValue[7])
      (records, accepted, duplicate, idConflict) = (newValue[8], newValue[9], newValue[10], newValue[11])
      (late, future, quarantined, unrecognised) = (newValue[12], newValue[13], newValue[14], newValue[15])
      filtered = newValue[16]
    }
  }

  /// Bytes that no class accounts for; anything but 0 is a bug.
  public var unaccountedBytes: Int64 {
    decompressedBytes &- values[1...7].reduce(0, &+)
  }

  /// Records that no class accounts for; anything but 0 is a bug.
  public var unaccountedRecords: Int64 {
    records &- values[9...16].reduce(0, &+)
  }

  public static func + (a: SourceCounters, b: SourceCounters) -> SourceCounters {
    var sum = SourceCounters()
    sum.values = zip(a.values, b.values).map { $0 &+ $1 }
    return sum
  }
}

/// Where every decompressed byte went. The sum of all byte counts is the offset of the next record, always.
///
/// Bytes read beyond that offset are `pending_tail_bytes`: the stream bytes read less `accountedBytes`.
public struct FrameCounts: Hashable, Sendable {
  public var eventBytes: UInt64 = 0
  /// Line ends, brackets, commas, envelope members, the byte order mark.
  public var framingBytes: UInt64 = 0
  public var malformedBytes: UInt64 = 0
  public var oversizeBytes: UInt64 = 0
  public var nulBytes: UInt64 = 0
  public var blankBytes: UInt64 = 0

  public var records: UInt64 = 0
  public var rejections: UInt64 = 0
  public var oversizeRecords: UInt64 = 0
  /// Documents entered, and those whose end never came.
  public var documents: UInt64 = 0
  public var unclosedDocuments: UInt64 = 0

  public init() {}

  public var accountedBytes: UInt64 {
    eventBytes + framingBytes + malformedBytes + oversizeBytes + nulBytes + blankBytes
  }

  /// Moves a record's bytes from event to malformed: the parser refused it.
  public mutating func reclassifyAsMalformed(length: Int) {
    let moved = min(UInt64(clamping: length), eventBytes)
    eventBytes -= moved
    malformedBytes += moved
  }

  public static func + (a: FrameCounts, b: FrameCounts) -> FrameCounts {
    var sum = a
    sum.eventBytes += b.eventBytes
    sum.framingBytes += b.framingBytes
    sum.malformedBytes += b.malformedBytes
    sum.oversizeBytes += b.oversizeBytes
    sum.nulBytes += b.nulBytes
    sum.blankBytes += b.blankBytes
    sum.records += b.records
    sum.rejections += b.rejections
    sum.oversizeRecords += b.oversizeRecords
    sum.documents += b.documents
    sum.unclosedDocuments += b.unclosedDocuments
    return sum
  }
}

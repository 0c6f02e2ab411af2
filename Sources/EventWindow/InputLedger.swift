import EventModel

/// What became of one input's bytes and records (reliability.md P3). The two identities hold at every moment.
public struct InputLedger: Sendable, Equatable {
  public var path = ""
  /// The source most of its records belong to.
  public var log = ""
  public var decompressedBytes: UInt64 = 0
  public var eventBytes: UInt64 = 0
  public var framingBytes: UInt64 = 0
  public var malformedBytes: UInt64 = 0
  public var oversizeBytes: UInt64 = 0
  public var nulBytes: UInt64 = 0
  public var blankBytes: UInt64 = 0
  public var pendingTailBytes: UInt64 = 0

  /// Well-formed records; one that carries several events counts as many.
  public var records = 0
  public var accepted = 0
  public var duplicate = 0
  public var idConflict = 0
  public var late = 0
  public var future = 0
  public var quarantined = 0
  public var unrecognised = 0
  public var filtered = 0

  /// Reasons of malformed records and lines, with how many and where the first stands.
  public var rejects: [String: Reject] = [:]
  /// Top-level keys of unrecognised records.
  public var unknownKeys: [String: Int] = [:]
  public var firstEvent: Int64 = Int64.max
  public var lastEvent: Int64 = Int64.min
  /// Why the input could not be read to its end; nil if it was.
  public var incomplete: String?
  /// What is wrong with its compressed form beyond a cut: a checksum, bytes behind the end.
  public var damage: String?

  public struct Reject: Sendable, Equatable {
    public var count: Int
    public var firstOffset: UInt64
  }

  public init(path: String = "") { self.path = path }

  public mutating func reject(_ reason: String, at offset: UInt64) {
    rejects[reason, default: Reject(count: 0, firstOffset: offset)].count += 1
  }

  public var malformed: Int { rejects.values.reduce(0) { $0 + $1.count } }

  public var bytesBalance: Bool {
    decompressedBytes
      == eventBytes + framingBytes + malformedBytes + oversizeBytes + nulBytes + blankBytes + pendingTailBytes
  }
  public var recordsBalance: Bool {
    records == accepted + duplicate + idConflict + late + future + quarantined + unrecognised + filtered
  }
}

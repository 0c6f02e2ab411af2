/// One input: what it is, how far it is read, and its part of the ledger. Replaced as a whole by a commit.
public struct SourceRow: Sendable, Equatable {
  /// Given by the caller; stable for the life of the store.
  public var id: Int64
  /// Percent-encoded where its bytes are no printable UTF-8.
  public var path: String
  /// The log's name (`pipelines/sources/<name>`); empty if not recognised.
  public var log = ""
  public var device: UInt64 = 0
  public var inode: UInt64 = 0
  /// Decompressed bytes that `prefixHash` covers.
  public var prefixLength: Int64 = 0
  public var prefixHash: [UInt8] = []
  /// Hash of the bytes before `plainOffset`.
  public var markerHash: [UInt8] = []
  /// Decompressed offset of the next record.
  public var plainOffset: Int64 = 0
  /// Compressed offset of the gzip member that holds `plainOffset`, its index, and its first byte's decompressed offset.
  public var gzipMemberOffset: Int64 = 0
  public var gzipMemberIndex: Int64 = 0
  public var gzipMemberPlainOffset: Int64 = 0
  /// Index of the next record inside a document of many.
  public var recordIndex: Int64 = 0
  /// Framing and compression, in the reader's words.
  public var shape = ""
  public var state = ""
  /// Nanoseconds since 1970; nil before the first event with a time.
  public var firstEvent: Int64?
  public var lastEvent: Int64?
  /// Hash of the content (maps, detections) that judged it.
  public var contentHash = ""
  /// The follower's own record, to go on exactly there; empty for a scanned input.
  public var position: [UInt8] = []
  public var counters = SourceCounters()

  public init(id: Int64, path: String) {
    self.id = id
    self.path = path
  }
}

/// Records or files that were not taken, by reason. `count` is a total.
public struct RejectRow: Sendable, Equatable {
  public var path: String
  public var reason: String
  public var count: Int64
  /// Decompressed offset of the first.
  public var firstOffset: Int64
  /// Hex hash of the first one's bytes.
  public var sampleHash: String
  public init(path: String, reason: String, count: Int64, firstOffset: Int64 = 0, sampleHash: String = "") {
    self.path = path
    self.reason = reason
    self.count = count
    self.firstOffset = firstOffset
    self.sampleHash = sampleHash
  }
}

/// A stretch of a source that was not read, with the bounds that are known.
public struct GapRow: Sendable, Equatable {
  public var path: String
  public var reason: String
  public var fromOffset: Int64?
  public var toOffset: Int64?
  /// Nanoseconds since 1970.
  public var fromTime: Int64?
  public var toTime: Int64?
  public var detail: String
  public init(path: String, reason: String, detail: String = "") {
    self.path = path
    self.reason = reason
    self.detail = detail
  }
}

/// How a directory is followed. Times in nanoseconds.
public struct FollowOptions: Sendable {
  /// Keys of the arrays that carry records; see `RecordFramer`.
  public var envelopeKeys: EnvelopeKeys
  public var limits = StreamLimits()
  public var maxRecord = RecordFramer.defaultMaxRecord
  /// Decompressed bytes read of one source before the next has its turn.
  public var chunkSize = RecordReader.defaultChunk
  /// Descriptors held open at most; the least recently read are closed first. Those of deleted files are kept beyond it.
  public var maxOpen = 256
  /// Between two looks at all directories. It grows with what a look costs, to stay below 2 % of a core.
  public var scanInterval: UInt64 = 300_000_000
  /// A rotated file that has not grown for so long gets no more: its unfinished last line is delivered as it is.
  public var rotateGrace: UInt64 = 60_000_000_000
  /// A gzip file cut within a member is reported when it has not grown for so long.
  public var stallAfter: UInt64 = 900_000_000_000

  public init(envelopeKeys: EnvelopeKeys) { self.envelopeKeys = envelopeKeys }
}

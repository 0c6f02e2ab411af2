import EventModel

/// What is remembered of a log between polls and across restarts: one row, stored in the transaction of its findings.
///
/// A source is one content under one or more names. A file that is truncated or rewritten begins a new source.
public struct SourceRecord: Hashable, Sendable {
  public typealias ID = UInt64

  public enum State: UInt8, Sendable {
    /// May grow.
    case active
    /// A copy of another source that is still there; read only once that one is gone or falls behind.
    case shadow
    /// Out of sight; the open descriptor is read to its end.
    case draining
    /// Read to its end, and nothing more is expected. Growth makes it active again.
    case complete
    /// Another source goes on from here.
    case inherited
    /// Emptied or overwritten in place; its file is another source now.
    case truncated, rewritten
    /// Not found any more.
    case gone
    /// A compression bomb, or damaged beyond reading on.
    case quarantined
  }

  public var id: ID
  public var path: LogPath
  public var file: FileIdentity
  /// Bytes on disk, and time of last change, when last looked at.
  public var size: UInt64
  public var changed: Int64
  public var isGzip: Bool
  /// The first bytes of the decompressed content, 1024 at most, and their digest.
  public var prefixLength: Int
  public var prefixHash: Digest
  public var checkpoint: Checkpoint
  /// Bytes before the checkpoint that an earlier source has delivered. They and the counts add up to its offset.
  public var inheritedBytes: UInt64
  public var state: State
  public var shadowOf: ID?
  /// It has had another name: nothing but its last line is expected any more.
  public var isRotated: Bool

  public init(
    id: ID, path: LogPath, file: FileIdentity, size: UInt64, changed: Int64, isGzip: Bool, prefixLength: Int,
    prefixHash: Digest, checkpoint: Checkpoint = Checkpoint(), inheritedBytes: UInt64 = 0, state: State = .active,
    shadowOf: ID? = nil, isRotated: Bool = false
  ) {
    self.id = id
    self.path = path
    self.file = file
    self.size = size
    self.changed = changed
    self.isGzip = isGzip
    self.prefixLength = prefixLength
    self.prefixHash = prefixHash
    self.checkpoint = checkpoint
    self.inheritedBytes = inheritedBytes
    self.state = state
    self.shadowOf = shadowOf
    self.isRotated = isRotated
  }

  /// Of the next record, in the decompressed content.
  public var offset: UInt64 { checkpoint.frame.offset }

  /// Its file is its own still.
  public var isCurrent: Bool {
    switch state {
    case .active, .shadow, .draining, .complete, .quarantined: true
    case .inherited, .truncated, .rewritten, .gone: false
    }
  }
}

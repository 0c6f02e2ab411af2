/// What there is to say about a followed log besides its records.
public enum FollowEvent: Hashable, Sendable {
  case started(SourceRecord.ID, LogPath)
  case renamed(SourceRecord.ID, from: LogPath, to: LogPath)
  /// `id` goes on where `from` left off.
  case inherited(SourceRecord.ID, from: SourceRecord.ID)
  /// Emptied or overwritten in place; `by` is the new source.
  case truncated(SourceRecord.ID, by: SourceRecord.ID)
  case rewritten(SourceRecord.ID, by: SourceRecord.ID)
  /// Bytes that were there, or may have been, and cannot be read any more.
  case gap(SourceGap)
  case finished(SourceRecord.ID, StreamIntegrity)
  /// A gzip file that ends within a member and has not grown for long: cut, or its writer hangs.
  case stalled(SourceRecord.ID, StreamIntegrity)
  case quarantined(SourceRecord.ID, StreamIntegrity)
  case unreadable(LogPath, ReadFailure)
  case skipped(SkippedInput)
  /// A directory to follow is not there, or cannot be listed. Its sources keep their state.
  case directoryMissing(LogPath, ReadFailure)
}

/// A loss that no reader could avoid, with what is known of its bounds.
public struct SourceGap: Hashable, Sendable {
  public enum Reason: String, Sendable { case truncated, rewritten, gone }

  public var source: SourceRecord.ID
  public var reason: Reason
  /// Decompressed offset of the first byte that was not read.
  public var from: UInt64
  /// Of the first byte behind the loss; nil when nobody knows.
  public var to: UInt64?

  public init(source: SourceRecord.ID, reason: Reason, from: UInt64, to: UInt64?) {
    self.source = source
    self.reason = reason
    self.from = from
    self.to = to
  }
}

import EventModel

/// A place to resume a source at, and the digest that proves it is still the same source.
public struct Checkpoint: Hashable, Sendable {
  public var frame: FramePosition
  /// The member to inflate from in order to see the marked bytes.
  public var member: MemberStart
  /// Of the last 256 bytes, or fewer, before `frame.offset`.
  public var marker: Digest
  /// Of everything before `frame.offset`.
  public var counts: FrameCounts

  public init(
    frame: FramePosition = FramePosition(), member: MemberStart = MemberStart(), marker: Digest = Digest.of([]),
    counts: FrameCounts = FrameCounts()
  ) {
    self.frame = frame
    self.member = member
    self.marker = marker
    self.counts = counts
  }
}

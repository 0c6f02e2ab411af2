/// Where a gzip member begins. For a plain file everything is 0: the file is its own, only member.
public struct MemberStart: Hashable, Sendable {
  /// Bytes into the file.
  public var compressedOffset: UInt64
  /// Bytes into the decompressed stream.
  public var decompressedOffset: UInt64
  /// 0 for the first.
  public var index: UInt32

  public init(compressedOffset: UInt64 = 0, decompressedOffset: UInt64 = 0, index: UInt32 = 0) {
    self.compressedOffset = compressedOffset
    self.decompressedOffset = decompressedOffset
    self.index = index
  }
}

/// A place in a stream that reading can be taken up at: a decompressed offset, and the member boundary to inflate from.
public struct StreamPosition: Hashable, Sendable {
  public var decompressedOffset: UInt64
  /// The last member boundary at or before the offset.
  public var member: MemberStart

  public init(decompressedOffset: UInt64 = 0, member: MemberStart = MemberStart()) {
    self.decompressedOffset = decompressedOffset
    self.member = member
  }
}

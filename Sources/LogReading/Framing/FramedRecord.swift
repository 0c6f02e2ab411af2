/// One record as bytes. Whether it is JSON, and whose, is for later stages.
public struct FramedRecord: Hashable, Sendable {
  /// Half-open range in the buffer that was framed.
  public var start: Int
  public var end: Int
  /// Of `start`, in the decompressed stream.
  public var offset: UInt64
  /// Place among the records of its document; 0 for lines and bare values.
  public var index: UInt32
  /// False for a last line that has no line feed: it counts only if it parses.
  public var terminated: Bool
  /// 1 + the place in its chunk's ``RecordChunk/heads`` of what stands before the records of its document; 0 for nothing.
  public var head: UInt32 = 0

  public init(start: Int, end: Int, offset: UInt64, index: UInt32, terminated: Bool) {
    self.start = start
    self.end = end
    self.offset = offset
    self.index = index
    self.terminated = terminated
  }

  public var range: Range<Int> { start..<end }
  public var length: Int { end - start }
}

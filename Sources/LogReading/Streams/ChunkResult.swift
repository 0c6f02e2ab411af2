/// What came of asking for the next chunk.
public enum ChunkResult: Hashable, Sendable {
  /// The chunk holds records, rejections, or both.
  case records
  /// A growing file, read up to its end for now. An unfinished last line waits for its line feed.
  case caughtUp
  /// The end of the input; every byte is accounted for.
  case end
  /// The pipe is open and empty.
  case wouldBlock
  case failed(ReadFailure)
}

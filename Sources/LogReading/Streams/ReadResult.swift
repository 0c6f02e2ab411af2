/// What one read gave.
public enum ReadResult: Hashable, Sendable {
  /// So many decompressed bytes were appended, more than 0.
  case bytes(Int)
  /// Nothing more for now. A growing file may have more later: ask again. `integrity` says how the stream ended.
  case endOfInput
  /// The pipe is open and empty.
  case wouldBlock
  case failed(ReadFailure)
}

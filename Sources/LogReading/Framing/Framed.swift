/// What the framer found next.
public enum Framed: Hashable, Sendable {
  case record(FramedRecord)
  case rejected(FramingRejection)
  /// Give it more bytes, keeping those from `retainOffset` on.
  case needMore
  /// Everything is accounted for. Only when the end of the input was declared.
  case end
}

/// What a file must still say just before a committed offset for the offset to mean anything in it.
public enum Marker {
  /// Bytes before the offset, as far as there are so many.
  public static let length = 256

  /// Where the marked bytes of an offset begin.
  public static func start(of offset: UInt64) -> UInt64 { offset - min(offset, UInt64(length)) }
}

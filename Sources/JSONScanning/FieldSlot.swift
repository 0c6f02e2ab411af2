/// Where a wanted field lies in the scanned bytes. Twelve bytes; it holds no data, so it is good only together with the
/// buffer that was scanned.
public struct FieldSlot: Sendable, Equatable {
  /// What the scanner found at a path.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// The record has no value at this path.
    case absent
    /// A string without a backslash: its bytes are the data.
    case string
    /// A string with at least one escape: `decodeString` gives the data.
    case escapedString
    /// A number, kept as its source text and never converted.
    case number
    case `true`
    case `false`
    case null
    case object
    case array
  }

  /// Index into the scanned buffer of the first byte of the value; for a string, of the byte after the quote.
  public var offset: UInt32
  /// Length in bytes; a string without its quotes, an object or array with its brackets.
  public var length: UInt32
  public var kind: Kind

  /// What every slot holds before a scan finds its field.
  public static let absent = FieldSlot(offset: 0, length: 0, kind: .absent)

  public init(offset: UInt32, length: UInt32, kind: Kind) {
    self.offset = offset
    self.length = length
    self.kind = kind
  }

  /// The bytes of the scanned buffer that the value takes.
  public var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }

  @inline(__always)
  init(from start: Int, to end: Int, _ kind: Kind) {
    // The scanner refuses buffers that UInt32 cannot index, once at its entry.
    self.init(offset: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: end &- start), kind: kind)
  }
}

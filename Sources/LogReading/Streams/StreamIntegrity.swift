/// What is known of a stream's wholeness. Bytes before a fault have been delivered; the faults say how far to trust them.
public struct StreamIntegrity: Hashable, Sendable {
  public enum State: String, Sendable {
    /// The end has not been met yet.
    case reading
    /// Read to the end; for gzip the last member's CRC-32 and length were met with.
    case complete
    /// The end of the bytes lies inside a member of a file that may still grow.
    case growing
    /// The end of the bytes lies inside a member of a finished file.
    case truncated
    /// The deflate data or a member's header is damaged; what follows cannot be read.
    case corrupt
    /// The ratio or the size limit was passed; reading stopped.
    case bomb
  }

  public var state = State.reading
  public var isGzip = false
  /// Members whose end was reached.
  public var members: UInt32 = 0
  /// Members whose CRC-32 or length did not match; reading goes on behind them.
  public var crcFailures: UInt32 = 0
  /// Decompressed ranges that no checksum vouches for: of failed members, and of the one that is corrupt. The first 16.
  public var damaged: [Range<UInt64>] = []
  /// Bytes after the last member: tape padding, which is harmless, and anything else, which is not.
  public var trailingZeros: UInt64 = 0
  public var trailingGarbage: UInt64 = 0
  /// The name says `.gz` and the content does not, or the reverse. The content decided.
  public var suffixMismatch = false

  public init() {}

  /// Nothing was lost and nothing is unvouched for. A single member without trailing bytes is asked for separately.
  public var isSound: Bool { (state == .complete || state == .reading) && crcFailures == 0 && trailingGarbage == 0 }

  /// What a CloudTrail object must be: one member, nothing behind it.
  public var isSingleObject: Bool { isSound && members <= 1 && trailingZeros == 0 }

  mutating func noteDamage(_ range: Range<UInt64>) { if damaged.count < 16 { damaged.append(range) } }
}

import EventModel

/// Bytes that are no record, and why.
public struct FramingRejection: Hashable, Sendable {
  public enum Reason: String, Sendable {
    /// Begun and not finished: cut by a crash, by NUL, by the end of the input.
    case torn
    /// Longer than a record may be.
    case oversize
    /// Text where a JSON value was due.
    case notJSON = "not_json"
    /// Closing brackets that close nothing.
    case stray
  }

  public var reason: Reason
  /// In the decompressed stream.
  public var offset: UInt64
  public var length: UInt64
  /// SHA-256 of the first 256 bytes (of all, if there are fewer): names the rejected bytes without keeping them.
  public var headDigest: Digest

  public init(reason: Reason, offset: UInt64, length: UInt64, headDigest: Digest) {
    self.reason = reason
    self.offset = offset
    self.length = length
    self.headDigest = headDigest
  }
}

import EventModel

/// What has to be read of a file before it can be said which source it is.
public enum SourceQuestion: Hashable, Sendable {
  /// The first 1024 decompressed bytes.
  case prefix
  /// The digest of the 256 decompressed bytes before each offset.
  case markers([UInt64])

  public static let prefixLength = 1024
  /// A shorter prefix proves nothing: many logs begin alike.
  public static let minimalPrefix = 64
}

/// What reading it gave.
public struct SourceAnswers: Hashable, Sendable {
  public enum Marker: Hashable, Sendable {
    case digest(Digest)
    /// The content ends before the offset.
    case shorter
  }

  public var prefix: [UInt8]?
  public var isGzip = false
  /// The content ends within a gzip member: it is being written, or was cut.
  public var isUnfinished = false
  public var markers: [UInt64: Marker] = [:]
  /// It could not be read.
  public var failure: ReadFailure?

  public init() {}
}

/// A regular file to read.
public struct InputFile: Hashable, Sendable {
  public var path: LogPath
  /// The directory it was found below; it is opened so that it cannot lie elsewhere. Nil when it was named itself.
  public var root: LogPath?
  public var status: FileStatus

  public init(path: LogPath, root: LogPath?, status: FileStatus) {
    self.path = path
    self.root = root
    self.status = status
  }

  public func open(
    expecting expectation: ByteStream.Expectation = .finished, limits: StreamLimits = StreamLimits()
  ) -> Result<ByteStream, ReadFailure> {
    ByteStream.open(path, beneath: root, expecting: expectation, limits: limits)
  }
}

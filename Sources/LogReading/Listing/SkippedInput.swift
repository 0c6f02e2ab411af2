/// Something that was named or found and is not read. It is always told, never passed over in silence.
public struct SkippedInput: Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case failed(ReadFailure)
    /// Another name of a file that is read under `LogPath`.
    case hardLink(of: LogPath)
    /// A directory with nothing in it, or a pattern that matches nothing.
    case empty
    /// Deeper than directories are followed.
    case tooDeep
  }

  public var path: LogPath
  public var reason: Reason

  public init(path: LogPath, reason: Reason) {
    self.path = path
    self.reason = reason
  }
}

extension SkippedInput.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .failed(let failure): failure.description
    case .hardLink(let path): "The same file is read as \(path)."
    case .empty: "There is nothing here to read."
    case .tooDeep: "Directories are followed \(InputListing.maxDepth) levels deep. Name this one itself."
    }
  }
}

/// A file as one look at the file system shows it.
public struct SourceSnapshot: Hashable, Sendable {
  public var path: LogPath
  public var root: LogPath?
  public var file: FileIdentity
  public var size: UInt64
  public var changed: Int64
  /// Other names of the same file.
  public var aliases: [LogPath]

  public init(
    path: LogPath, root: LogPath? = nil, file: FileIdentity, size: UInt64, changed: Int64, aliases: [LogPath] = []
  ) {
    self.path = path
    self.root = root
    self.file = file
    self.size = size
    self.changed = changed
    self.aliases = aliases
  }

  init(_ input: InputFile, aliases: [LogPath] = []) {
    self.init(
      path: input.path, root: input.root, file: input.status.identity, size: input.status.size,
      changed: input.status.changed, aliases: aliases)
  }
}

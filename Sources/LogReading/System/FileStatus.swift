/// What the file system says about a file, as far as reading logs depends on it.
public struct FileStatus: Hashable, Sendable {
  public enum Kind: Sendable { case regular, directory, symbolicLink, fifo, socket, device }

  public var kind: Kind
  public var device: UInt64
  public var inode: UInt64
  /// Bytes on disk, compressed ones for gzip.
  public var size: UInt64
  /// Nanoseconds since 1970. `changed` moves with every write and cannot be set by a program; `modified` can, and
  /// serves for the order of a scan only. `born` tells two files apart that got one inode; 0 is "not kept here".
  public var changed: Int64
  public var modified: Int64
  public var born: Int64
  /// Number of names (hard links).
  public var links: UInt32

  public init(
    kind: Kind, device: UInt64, inode: UInt64, size: UInt64, changed: Int64, modified: Int64, born: Int64, links: UInt32
  ) {
    self.kind = kind
    self.device = device
    self.inode = inode
    self.size = size
    self.changed = changed
    self.modified = modified
    self.born = born
    self.links = links
  }

  public var identity: FileIdentity { FileIdentity(device: device, inode: inode, born: born) }
}

/// Which file it is, under whatever name: device, inode, and the inode's generation (its time of birth).
public struct FileIdentity: Hashable, Sendable {
  public var device: UInt64
  public var inode: UInt64
  /// 0 where the file system keeps no time of birth: then device and inode alone decide, and the content checks them.
  public var born: Int64

  public init(device: UInt64, inode: UInt64, born: Int64) {
    self.device = device
    self.inode = inode
    self.born = born
  }
}

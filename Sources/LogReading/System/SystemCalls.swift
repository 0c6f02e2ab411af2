import CSystem
import Glibc

/// Every system call of this target, behind safe faces. The only file here that handles pointers of the kernel's.
///
/// Failures are errno values. EINTR is retried, always.
enum SystemCalls {
  struct Failure: Error {
    var errno: Int32
    var isWouldBlock: Bool { errno == EAGAIN || errno == EWOULDBLOCK }
  }

  /// Opens for reading, never following a link in the last component, never blocking on a FIFO, never inherited.
  ///
  /// With `root` the path is taken below that open directory and cannot leave it, not by `..` and not by any link.
  static func openFile(_ path: LogPath, beneath root: Int32? = nil) throws(Failure) -> FileDescriptor {
    let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let beneath: UInt64 = 0x08 | 0x04 | 0x02  // RESOLVE_BENEATH, NO_SYMLINKS, NO_MAGICLINKS
    let directory = root ?? AT_FDCWD
    let resolve: UInt64 = directory == AT_FDCWD ? 0x02 : beneath
    do throws(Failure) {
      return try unsafe descriptor(path) { unsafe csystem_openat2(directory, $0, UInt64(flags), resolve) }
    } catch {
      // An old kernel or a filter without openat2. O_NOFOLLOW still guards the last component.
      guard error.errno == ENOSYS || (error.errno == EPERM && directory == AT_FDCWD) else { throw error }
      return try unsafe descriptor(path) { unsafe csystem_openat(directory, $0, flags) }
    }
  }

  static func openDirectory(_ path: LogPath) throws(Failure) -> FileDescriptor {
    try unsafe descriptor(path) { unsafe csystem_openat(AT_FDCWD, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
  }

  static func status(of descriptor: Int32) throws(Failure) -> FileStatus {
    try status(directory: descriptor, path: LogPath(""), flags: 0x1000)  // AT_EMPTY_PATH
  }

  /// Of the path itself: a link is not followed unless asked.
  static func status(of path: LogPath, followingLinks: Bool = false) throws(Failure) -> FileStatus {
    try status(directory: AT_FDCWD, path: path, flags: followingLinks ? 0 : AT_SYMLINK_NOFOLLOW)
  }

  private static func status(directory: Int32, path: LogPath, flags: Int32) throws(Failure) -> FileStatus {
    var raw = csystem_file_status()
    let result = unsafe withPath(path) { unsafe csystem_statx(directory, $0, flags, &raw) }
    guard result == 0 else { throw Failure(errno: errno) }
    let kind: FileStatus.Kind =
      switch mode_t(raw.mode) & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      case S_IFIFO: .fifo
      case S_IFSOCK: .socket
      default: .device
      }
    return FileStatus(
      kind: kind, device: raw.device, inode: raw.inode, size: raw.size, changed: raw.changed,
      modified: raw.modified, born: raw.born, links: raw.links)
  }

  /// Appends up to `limit` bytes to `buffer`, from the file's position or from `offset`. 0 is the end of the file.
  static func read(_ descriptor: Int32, into buffer: inout [UInt8], limit: Int, at offset: UInt64? = nil)
    throws(Failure)
    -> Int
  {
    var failure: Int32 = 0
    var got = 0
    buffer.append(addingCapacity: limit) { (output: inout OutputSpan<UInt8>) in
      unsafe output.withUnsafeMutableBufferPointer { spare, count in
        repeat {
          if let offset {
            got = unsafe Glibc.pread(descriptor, spare.baseAddress! + count, limit, off_t(clamping: offset))
          } else {
            got = unsafe Glibc.read(descriptor, spare.baseAddress! + count, limit)
          }
          failure = got < 0 ? errno : 0
        } while failure == EINTR
        count += max(got, 0)
      }
    }
    guard failure == 0 else { throw Failure(errno: failure) }
    return got
  }

  static func seek(_ descriptor: Int32, to offset: UInt64) throws(Failure) {
    guard lseek(descriptor, off_t(clamping: offset), SEEK_SET) >= 0 else { throw Failure(errno: errno) }
  }

  static func close(_ descriptor: Int32) { _ = Glibc.close(descriptor) }

  /// Waits until the descriptor can be read or its other end is closed. False: `milliseconds` passed first.
  static func waitReadable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, milliseconds) != 0
  }

  /// The names in a directory, without `.` and `..`, in no order.
  static func names(in path: LogPath) throws(Failure) -> [[UInt8]] {
    guard let stream = unsafe withPath(path, { unsafe opendir($0) }) else { throw Failure(errno: errno) }
    defer { unsafe closedir(stream) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        if errno == EINTR { continue }
        guard errno == 0 else { throw Failure(errno: errno) }
        return names
      }
      // A name ends at its NUL, inside the record's length.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { unsafe [UInt8](cString: UnsafeRawPointer($0)) }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
  }

  /// CLOCK_MONOTONIC, in nanoseconds.
  static var monotonicNanoseconds: UInt64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
  }

  /// The system's words for an errno value.
  static func message(_ errno: Int32) -> String {
    guard let text = unsafe strerror(errno) else { return "error \(errno)" }
    return unsafe String(cString: text)
  }

  private static func descriptor(_ path: LogPath, _ open: (UnsafePointer<CChar>) -> Int32) throws(Failure)
    -> FileDescriptor
  {
    while true {
      let result = unsafe withPath(path, open)
      if result >= 0 { return FileDescriptor(number: result, owned: true) }
      guard errno == EINTR else { throw Failure(errno: errno) }
    }
  }

  /// A path with a NUL in it names nothing: the empty name stands in for it, which no call opens.
  private static func withPath<R>(_ path: LogPath, _ body: (UnsafePointer<CChar>) -> R) -> R {
    var terminated = path.bytes.contains(0) ? [] : path.bytes
    terminated.append(0)
    return unsafe terminated.withUnsafeBytes { raw in
      unsafe body(raw.baseAddress!.assumingMemoryBound(to: CChar.self))
    }
  }
}

extension [UInt8] {
  fileprivate init(cString: UnsafeRawPointer) {
    self = unsafe [UInt8](
      UnsafeRawBufferPointer(start: cString, count: strlen(cString.assumingMemoryBound(to: CChar.self))))
  }
}

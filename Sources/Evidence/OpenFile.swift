#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An open regular file, closed when the value dies. With `FileSystem`, the only system calls of Evidence and Reporting.
///
/// Symbolic links are never followed in the last component, pipes and devices are refused without waiting for them.
package struct OpenFile: ~Copyable, Sendable {
  let descriptor: Int32
  package let path: String

  deinit { _ = close(descriptor) }

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  private static func opened(_ path: String, _ flags: Int32, _ mode: UInt32, _ operation: String) throws(FileError)
    -> OpenFile
  {
    let fd = unsafe open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode_t(mode))
    if fd < 0 { throw FileError(operation, path, code: errno) }
    let file = OpenFile(descriptor: fd, path: path)
    guard try file.status().isRegular else { throw FileError(operation, path, refused: "not a regular file") }
    return file
  }

  package static func reading(_ path: String) throws(FileError) -> OpenFile { try opened(path, O_RDONLY, 0, "open") }

  /// A new file with exactly this mode, whatever the umask says; refused if the name is taken.
  package static func creating(_ path: String, mode: UInt32 = 0o600) throws(FileError) -> OpenFile {
    let file = try opened(path, O_RDWR | O_CREAT | O_EXCL, mode, "create")
    try file.setMode(mode)
    return file
  }

  /// An existing file, or a new one with this mode, to read and write.
  package static func updating(_ path: String, mode: UInt32 = 0o600) throws(FileError) -> OpenFile {
    try opened(path, O_RDWR | O_CREAT, mode, "open")
  }

  package func status() throws(FileError) -> FileStatus {
    var info = stat()
    if unsafe fstat(descriptor, &info) != 0 { throw FileError("stat", path, code: errno) }
    return FileStatus(info)
  }

  /// Its name stands for this very file still: it was neither removed nor replaced.
  package func hasItsName() throws(FileError) -> Bool {
    var own = stat()
    var named = stat()
    if unsafe fstat(descriptor, &own) != 0 { throw FileError("stat", path, code: errno) }
    if unsafe lstat(path, &named) != 0 {
      if errno == ENOENT { return false }
      throw FileError("stat", path, code: errno)
    }
    return own.st_ino == named.st_ino && own.st_dev == named.st_dev
  }

  package func setMode(_ mode: UInt32) throws(FileError) {
    if fchmod(descriptor, mode_t(mode)) != 0 { throw FileError("chmod", path, code: errno) }
  }

  package func truncate() throws(FileError) {
    if ftruncate(descriptor, 0) != 0 { throw FileError("truncate", path, code: errno) }
    _ = lseek(descriptor, 0, SEEK_SET)
  }

  /// Writes all of it; short writes are completed.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let n = unsafe bytes.withUnsafeBytes {
        unsafe systemWrite(descriptor, $0.baseAddress.map { unsafe $0 + done }, bytes.count - done)
      }
      if n < 0 {
        if errno == EINTR { continue }
        throw FileError("write", path, code: errno)
      }
      done += n
    }
  }

  /// The next bytes, at most `limit`; empty at the end of the file.
  package func read(upTo limit: Int = 1 << 18) throws(FileError) -> [UInt8] {
    while true {
      var failure: Int32 = 0
      let chunk = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        let n = unsafe systemRead(descriptor, buffer.baseAddress, limit)
        if n < 0 { failure = errno }
        count = max(0, n)
      }
      if failure == 0 { return chunk }
      if failure != EINTR { throw FileError("read", path, code: failure) }
    }
  }

  /// A failed fsync is never retried: the pages may be gone.
  package func sync() throws(FileError) {
    if fsync(descriptor) != 0 { throw FileError("fsync", path, code: errno) }
  }

  /// Takes the file's advisory lock without waiting; false if another process holds it.
  package func tryLock() throws(FileError) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { throw FileError("lock", path, code: errno) }
    }
    return true
  }
}

/// Global spellings: inside `OpenFile` the methods of the same names hide them.
private func systemWrite(_ fd: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(fd, bytes, count)
}
private func systemRead(_ fd: Int32, _ bytes: UnsafeMutablePointer<UInt8>?, _ count: Int) -> Int {
  unsafe read(fd, bytes, count)
}

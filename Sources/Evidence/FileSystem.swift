#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a name stands for, without following it.
package struct FileStatus: Equatable, Sendable {
  package enum Kind: Sendable { case regular, directory, link, other }
  package var kind: Kind
  /// Permission bits.
  package var mode: UInt32
  package var size: Int64

  package var isRegular: Bool { kind == .regular }

  init(_ info: stat) {
    switch info.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .directory
    case S_IFLNK: kind = .link
    default: kind = .other
    }
    mode = UInt32(info.st_mode & 0o7777)
    size = Int64(info.st_size)
  }
}

/// Names in directories: look, make, move, remove.
package enum FileSystem {
  package static var processID: Int32 { getpid() }

  /// nil if there is nothing of this name.
  package static func status(of path: String) throws(FileError) -> FileStatus? {
    var info = stat()
    if unsafe lstat(path, &info) == 0 { return FileStatus(info) }
    if errno == ENOENT { return nil }
    throw FileError("stat", path, code: errno)
  }

  /// All bytes of a regular file; refused over `limit` bytes.
  package static func contents(of path: String, limit: Int = 1 << 30) throws(FileError) -> [UInt8] {
    let file = try OpenFile.reading(path)
    guard try file.status().size <= limit else { throw FileError("read", path, refused: "larger than \(limit) bytes") }
    var bytes: [UInt8] = []
    while true {
      let chunk = try file.read()
      if chunk.isEmpty { return bytes }
      bytes += chunk
      if bytes.count > limit { throw FileError("read", path, refused: "larger than \(limit) bytes") }
    }
  }

  package static func makeDirectory(_ path: String, mode: UInt32 = 0o700) throws(FileError) {
    if unsafe mkdir(path, mode_t(mode)) != 0 { throw FileError("mkdir", path, code: errno) }
    if unsafe chmod(path, mode_t(mode)) != 0 { throw FileError("chmod", path, code: errno) }
  }

  /// Names in a directory, sorted by their bytes, without `.` and `..`; bytes that are no UTF-8 show as U+FFFD.
  package static func names(in directory: String) throws(FileError) -> [String] {
    guard let handle = unsafe opendir(directory) else { throw FileError("list", directory, code: errno) }
    defer { unsafe closedir(handle) }
    var names: [String] = []
    while let entry = unsafe readdir(handle) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  package static func move(_ from: String, to: String) throws(FileError) {
    if unsafe rename(from, to) != 0 { throw FileError("rename", to, code: errno) }
  }

  /// Gives a file a second name; refused if the name is taken.
  package static func addName(_ to: String, of from: String) throws(FileError) {
    if unsafe link(from, to) != 0 { throw FileError("link", to, code: errno) }
  }

  package static func removeFile(_ path: String) throws(FileError) {
    if unsafe unlink(path) != 0 && errno != ENOENT { throw FileError("remove", path, code: errno) }
  }

  /// Removes a directory that this program made, with all in it; links are removed, not followed.
  package static func removeTree(_ path: String) throws(FileError) {
    for name in try names(in: path) {
      let inner = path + "/" + name
      if try status(of: inner)?.kind == .directory { try removeTree(inner) } else { try removeFile(inner) }
    }
    if unsafe rmdir(path) != 0 { throw FileError("remove", path, code: errno) }
  }

  /// Makes names in a directory durable.
  package static func syncDirectory(_ path: String) throws(FileError) {
    let fd = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if fd < 0 { throw FileError("open", path, code: errno) }
    defer { _ = close(fd) }
    if fsync(fd) != 0 { throw FileError("fsync", path, code: errno) }
  }

  /// The directory that holds a path; `.` for a bare name.
  package static func parent(of path: String) -> String {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == 0x2f { bytes.removeLast() }
    guard let slash = bytes.lastIndex(of: 0x2f) else { return "." }
    return slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
  }
}

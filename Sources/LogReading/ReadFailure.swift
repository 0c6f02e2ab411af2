import Glibc

/// Why an input could not be opened or read on.
public enum ReadFailure: Error, Hashable, Sendable {
  case notFound
  case permissionDenied
  case notRegularFile
  case symbolicLink
  case isDirectory
  /// Too many files are open in this process or on this machine.
  case tooManyOpen
  case unsupportedCompression(CompressedFormat)
  case io(errno: Int32)

  init(errno: Int32) {
    switch errno {
    case ENOENT, ENOTDIR: self = .notFound
    case EACCES, EPERM: self = .permissionDenied
    case ELOOP, EXDEV: self = .symbolicLink
    case EISDIR: self = .isDirectory
    case ENXIO, ENODEV: self = .notRegularFile
    case EMFILE, ENFILE: self = .tooManyOpen
    default: self = .io(errno: errno)
    }
  }

  /// A word for counters and JSON.
  public var code: String {
    switch self {
    case .notFound: "not_found"
    case .permissionDenied: "unreadable"
    case .notRegularFile: "not_regular_file"
    case .symbolicLink: "symbolic_link"
    case .isDirectory: "is_directory"
    case .tooManyOpen: "too_many_open"
    case .unsupportedCompression: "unsupported_compression"
    case .io: "io_error"
    }
  }
}

extension ReadFailure: CustomStringConvertible {
  /// One sentence of what is the matter, one of what to do.
  public var description: String {
    switch self {
    case .notFound: "There is no such file. Check the path; a log that was rotated may have another name now."
    case .permissionDenied:
      "The file may not be read by this user. Run as a member of the group that owns it (often adm), or add an ACL."
    case .notRegularFile: "This is a pipe, socket or device, not a file. Pass a stream as `-` on standard input."
    case .symbolicLink: "This is a symbolic link, and links are not followed. Name the file it points to."
    case .isDirectory: "This is a directory. Its files are read when the directory itself is named."
    case .tooManyOpen: "Too many files are open. Raise the limit (ulimit -n, LimitNOFILE=)."
    case .unsupportedCompression(let format):
      "The file is \(format.rawValue), which is not read. Unpack it first: \(format.remedy)."
    case .io(let errno): "Reading failed: \(SystemCalls.message(errno)). Check the disk or mount, then read it again."
    }
  }
}

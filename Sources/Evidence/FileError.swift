#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A system call on a file failed.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  package var operation: String
  package var path: String
  /// `errno`, or 0 where the file was refused for what it is.
  package var code: Int32
  package var detail: String

  package init(_ operation: String, _ path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
    self.detail = unsafe String(cString: strerror(code))
  }

  package init(_ operation: String, _ path: String, refused detail: String) {
    self.operation = operation
    self.path = path
    self.code = 0
    self.detail = detail
  }

  package var description: String { "\(operation) \(path): \(detail)" }
  package var isAbsent: Bool { code == ENOENT }
  package var alreadyExists: Bool { code == EEXIST || code == ENOTEMPTY }
  package var isNoSpace: Bool { code == ENOSPC || code == EDQUOT }
  package var isReadOnly: Bool { code == EROFS }
}

import Glibc
import LogReading

/// A directory of its own for a test, removed with the value.
final class TemporaryDirectory {
  let path: LogPath

  init() {
    var template = [CChar]("/tmp/bittern-test-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)!) }
    path = LogPath(made)
  }

  deinit { _ = run(["rm", "-rf", text(path)]) }

  func text(_ path: LogPath) -> String { String(decoding: path.bytes, as: UTF8.self) }
  func file(_ name: String) -> LogPath { path.appending([UInt8](name.utf8)) }

  func withCPath<R>(_ path: LogPath, _ body: (UnsafePointer<CChar>) -> R) -> R {
    (path.bytes + [0]).withUnsafeBytes { body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
  }

  func write(_ bytes: [UInt8], to name: String, flags: Int32 = O_WRONLY | O_CREAT | O_TRUNC) {
    write(bytes, to: file(name), flags: flags)
  }

  func write(_ bytes: [UInt8], to path: LogPath, flags: Int32 = O_WRONLY | O_CREAT | O_TRUNC) {
    let descriptor = withCPath(path) { open($0, flags, 0o644) }
    precondition(descriptor >= 0, "open \(path): \(errno)")
    var written = 0
    while written < bytes.count {
      written += bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written) }
    }
    close(descriptor)
  }

  func write(_ text: String, to name: String) { write([UInt8](text.utf8), to: name) }
  func append(_ bytes: [UInt8], to name: String) { write(bytes, to: name, flags: O_WRONLY | O_CREAT | O_APPEND) }
  func append(_ text: String, to name: String) { append([UInt8](text.utf8), to: name) }

  func read(_ name: String) -> [UInt8] {
    guard case .success(let stream) = ByteStream.open(file(name)), stream.isGzip != true else { return [] }
    let size = (try? stream.status().get().size) ?? 0
    return stream.plainBytes(in: 0..<size) ?? []
  }

  func rename(_ a: String, _ b: String) {
    _ = withCPath(file(a)) { old in withCPath(file(b)) { Glibc.rename(old, $0) } }
  }
  func remove(_ name: String) { _ = withCPath(file(name)) { unlink($0) } }
  func truncate(_ name: String, to size: Int = 0) { _ = withCPath(file(name)) { Glibc.truncate($0, size) } }
  func copy(_ a: String, _ b: String) { write(read(a), to: b) }
  func makeDirectory(_ name: String) { _ = withCPath(file(name)) { mkdir($0, 0o755) } }
  func hardLink(_ a: String, _ b: String) { _ = withCPath(file(a)) { old in withCPath(file(b)) { link(old, $0) } } }
  func symbolicLink(_ target: String, _ name: String) { _ = withCPath(file(name)) { symlink(target, $0) } }
  func makePipe(_ name: String) { _ = withCPath(file(name)) { mkfifo($0, 0o644) } }

  /// Runs a program, waits for it, gives its exit code.
  @discardableResult
  func run(_ arguments: [String]) -> Int32 {
    var cArguments: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
    cArguments.append(nil)
    defer { cArguments.forEach { free($0) } }
    var child: pid_t = 0
    guard posix_spawnp(&child, arguments[0], nil, nil, cArguments, environ) == 0 else { return -1 }
    var status: Int32 = 0
    waitpid(child, &status, 0)
    return status
  }
}

import Foundation
import LogReading
import Synchronization

/// Standard input kept for evidence: an unlinked file beside the store, so that it is gone when the process is, however it
/// ends. Bytes lie at their offset in the stream.
final class SpoolFile: Sendable {
  private let handle: Mutex<FileHandle>

  /// - Returns: nil if no file can be made beside the store; evidence of standard input is then told as missing.
  init?(beside store: String) {
    let path = store + ".stdin-\(getpid())"
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    unsafe unlink(path)
    handle = Mutex(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
  }

  func append(_ chunk: RecordChunk) {
    guard let first = chunk.records.first, let last = chunk.records.last else { return }
    handle.withLock { file in
      try? file.seek(toOffset: first.offset)
      try? file.write(contentsOf: Data(chunk.bytes[first.start..<last.end]))
    }
  }

  func bytes(at offset: UInt64, count: Int) -> [UInt8]? {
    handle.withLock { file in
      guard (try? file.seek(toOffset: offset)) != nil, let data = try? file.read(upToCount: count), data.count == count
      else { return nil }
      return [UInt8](data)
    }
  }
}

import CZlib

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that is written as it comes, compressed or plain, with one reused output buffer.
@safe public final class GzipFile {
  public enum Failure: Error { case cannotOpen(String), cannotWrite(String), cannotCompress }

  private let path: String
  private let descriptor: Int32
  private let compresses: Bool
  private var stream = unsafe z_stream()
  private var output = [UInt8](repeating: 0, count: 1 << 16)

  /// The header carries no time stamp: the same bytes in give the same file out.
  public init(path: String, compresses: Bool = true, level: Int32 = 6) throws {
    self.path = path
    self.compresses = compresses
    descriptor = unsafe path.withCString { unsafe open($0, O_WRONLY | O_CREAT | O_TRUNC, 0o644) }
    guard descriptor >= 0 else { throw Failure.cannotOpen(path) }
    guard compresses else { return }
    let status = unsafe deflateInit2_(
      &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw Failure.cannotCompress }
  }

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws {
    try unsafe bytes.withUnsafeBytes { input in
      guard compresses else { return try unsafe put(input) }
      unsafe stream.next_in = UnsafeMutablePointer(
        mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
      unsafe stream.avail_in = uInt(input.count)
      try drain(Z_NO_FLUSH)
    }
  }

  /// Appends the UTF-8 of a string.
  public func write(_ text: String) throws { try write(Array(text.utf8)) }

  /// Ends the stream and closes the file.
  public func close() throws {
    if compresses {
      unsafe stream.avail_in = 0
      try drain(Z_FINISH)
      _ = unsafe deflateEnd(&stream)
    }
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #elseif canImport(Musl)
      _ = Musl.close(descriptor)
    #else
      _ = Darwin.close(descriptor)
    #endif
  }

  private func drain(_ flush: Int32) throws {
    var room: uInt = 0
    repeat {
      room = try unsafe output.withUnsafeMutableBytes { buffer in
        unsafe stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        unsafe stream.avail_out = uInt(buffer.count)
        guard unsafe deflate(&stream, flush) != Z_STREAM_ERROR else { throw Failure.cannotCompress }
        let produced = unsafe buffer.count - Int(stream.avail_out)
        try unsafe put(UnsafeRawBufferPointer(rebasing: buffer[0..<produced]))
        return unsafe stream.avail_out
      }
    } while room == 0
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      #if canImport(Glibc)
        let count = unsafe Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      #elseif canImport(Musl)
        let count = unsafe Musl.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      #else
        let count = unsafe Darwin.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
      #endif
      guard count > 0 else { throw Failure.cannotWrite(path) }
      done += count
    }
  }
}

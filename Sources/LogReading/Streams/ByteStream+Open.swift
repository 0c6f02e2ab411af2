extension ByteStream {
  /// Opens a regular file for reading, nothing else: never a link, a pipe or a device, never waiting.
  ///
  /// With `root`, the path is resolved below that directory and cannot leave it by `..` or through any link. The first
  /// bytes decide between plain and gzip; formats that are not read are named in the failure.
  public static func open(
    _ path: LogPath, beneath root: LogPath? = nil, expecting expectation: Expectation = .finished,
    limits: StreamLimits = StreamLimits()
  ) -> Result<ByteStream, ReadFailure> {
    do throws(SystemCalls.Failure) {
      let descriptor: FileDescriptor
      if let root, let inside = path.relative(to: root) {
        let directory = try SystemCalls.openDirectory(root)
        descriptor = try SystemCalls.openFile(inside, beneath: directory.number)
      } else {
        descriptor = try SystemCalls.openFile(path)
      }
      let status = try SystemCalls.status(of: descriptor.number)
      switch status.kind {
      case .regular: break
      case .directory: return .failure(.isDirectory)
      default: return .failure(.notRegularFile)
      }
      var head: [UInt8] = []
      _ = try SystemCalls.read(descriptor.number, into: &head, limit: CompressedFormat.magicLength, at: 0)
      if let format = CompressedFormat.recognize(head) { return .failure(.unsupportedCompression(format)) }
      return .success(
        ByteStream(
          descriptor: descriptor, blocking: true, namedGzip: path.hasSuffix(".gz"), limits: limits,
          expectation: expectation, chunk: chunk(for: status.size, head, expectation)))
    } catch {
      return .failure(ReadFailure(errno: error.errno))
    }
  }

  /// Descriptor 0. Not `blocking`: `read` says `.wouldBlock` when the pipe is open and empty.
  public static func standardInput(blocking: Bool = true, limits: StreamLimits = StreamLimits()) -> ByteStream {
    ByteStream(
      descriptor: .standardInput, blocking: blocking, namedGzip: nil, limits: limits, expectation: .finished,
      chunk: compressedChunk)
  }

  /// Compressed bytes asked for at a time, 256 KiB; less for a small file, which then costs one read and its end.
  static let compressedChunk = 256 << 10

  /// A finished gzip file of moderate size is read whole.
  private static func chunk(for size: UInt64, _ head: [UInt8], _ expectation: Expectation) -> Int {
    let isGzip = head.starts(with: [0x1F, 0x8B, 8])
    let bound = isGzip && expectation == .finished && size <= UInt64(maxWholeFile) ? maxWholeFile : compressedChunk
    return max(4096, min(bound, Int(clamping: size) + 1))
  }
}

/// The decompressed bytes of one input: a file or standard input, plain or gzip, told apart by the first bytes.
///
/// Single owner, not thread-safe. Reading costs one system call per chunk; a gzip file is inflated straight into the
/// caller's buffer.
public struct ByteStream: ~Copyable {
  /// Whether the end of the bytes is the end of the log.
  public enum Expectation: Sendable { case finished, growing }

  let descriptor: FileDescriptor
  let blocking: Bool
  /// What the name promises; nil when there is no name.
  let namedGzip: Bool?
  let limits: StreamLimits
  private(set) var expectation: Expectation
  /// Bytes as they lie on disk, until it is decided what they are.
  private var undecided: CompressedInput?
  private var gzip: GzipDecoder?
  private var plain = PlainBytes()

  init(
    descriptor: consuming FileDescriptor, blocking: Bool, namedGzip: Bool?, limits: StreamLimits,
    expectation: Expectation, chunk: Int
  ) {
    self.descriptor = descriptor
    self.blocking = blocking
    self.namedGzip = namedGzip
    self.limits = limits
    self.expectation = expectation
    undecided = CompressedInput(chunk: chunk)
  }

  /// Appends up to `limit` decompressed bytes to `buffer`. At the end of a growing file, ask again later.
  public mutating func read(into buffer: inout [UInt8], limit: Int) -> ReadResult {
    precondition(limit > 0)
    if undecided != nil, let result = decide() { return result }
    if gzip != nil {
      return gzip!.read(
        from: descriptor, blocking: blocking, growing: expectation == .growing, into: &buffer, limit: limit)
    }
    return plain.read(from: descriptor, blocking: blocking, limits: limits, into: &buffer, limit: limit)
  }

  /// Nil once it is decided; otherwise what to tell the caller.
  private mutating func decide() -> ReadResult? {
    while let count = undecided?.count, count < 3, count == 0 || undecided?[0] == 0x1F {
      let result = undecided!.fill(from: descriptor, blocking: blocking)
      if case .bytes = result { continue }
      // One or two bytes are a finished log, or the first half of a magic number.
      guard result == .endOfInput, count > 0, expectation == .finished else {
        if result == .endOfInput { plain.integrity.state = count == 0 ? .complete : .growing }
        return result
      }
      break
    }
    settle(undecided!)
    undecided = nil
    return nil
  }

  private mutating func settle(_ input: CompressedInput) {
    // Fewer than three bytes that begin like the magic number are a gzip file that was cut.
    let magic: [UInt8] = [0x1F, 0x8B, 8]
    if (0..<min(3, input.count)).allSatisfy({ input[$0] == magic[$0] }) {
      gzip = GzipDecoder(input: input, limits: limits)
      gzip!.integrity.suffixMismatch = namedGzip == false
      if let length = wholeLength(input) { gzip!.expectWhole(length: length) }
    } else {
      plain.hold(input)
      plain.integrity.suffixMismatch = namedGzip == true
    }
  }

  /// What the last four bytes say the last member holds, if the file is small, finished and no bomb by that.
  private func wholeLength(_ input: CompressedInput) -> Int? {
    guard expectation == .finished, blocking, input.offset == 0, input.count >= 18, isWhole(input) else { return nil }
    let end = input.count - 4
    let length = (0..<4).reduce(0) { $0 | Int(input[end + $1]) << (8 * $1) }
    let bound = min(Self.maxWholeLength, input.count * Int(clamping: limits.maxRatio))
    return length <= bound && UInt64(length) <= limits.maxDecompressed ? length : nil
  }

  /// All bytes of the file lie in `input`.
  private func isWhole(_ input: CompressedInput) -> Bool {
    guard namedGzip != nil, case .success(let status) = status() else { return false }
    return status.size == UInt64(input.count)
  }

  /// With a `limit` of at least this a small finished gzip file is inflated in one call, if libdeflate is installed.
  public mutating func preferredLimit() -> Int? {
    if undecided != nil { _ = decide() }
    return gzip?.wholeLength
  }

  /// Up to 8 MiB compressed and 32 MiB decompressed.
  static let maxWholeLength = 32 << 20
  static let maxWholeFile = 8 << 20

  /// From here on the end of the bytes is the end of the log: the file was rotated away or deleted.
  public mutating func expectNoGrowth() { expectation = .finished }

  /// Goes to a decompressed offset, from the member boundary given. Plain: one seek. Gzip: inflates the bytes of that
  /// member up to the offset and drops them, in constant memory. `.endOfInput`: the stream is shorter than that.
  public mutating func skip(to position: StreamPosition) -> ReadResult {
    if undecided != nil, let result = decide() { return result }
    if gzip != nil {
      return gzip!.skip(to: position, from: descriptor, blocking: blocking, growing: expectation == .growing)
    }
    return plain.seek(to: position.decompressedOffset, in: descriptor)
  }

  /// nil until the first bytes were seen.
  public var isGzip: Bool? { undecided == nil ? gzip != nil : nil }

  public var integrity: StreamIntegrity { gzip?.integrity ?? plain.integrity }

  /// Bytes delivered so far, counted from the stream's beginning.
  public var decompressedOffset: UInt64 { gzip?.produced ?? plain.offset }

  /// Bytes of the file consumed so far: what a progress bar shows against the file's size.
  public var compressedOffset: UInt64 { gzip?.input.offset ?? plain.offset }

  /// Where to take up reading for `offset`, which was delivered already. Plain files need no boundary.
  public func position(for offset: UInt64) -> StreamPosition {
    gzip?.position(for: offset) ?? StreamPosition(decompressedOffset: offset)
  }

  /// `position(for:)` will not be asked for offsets before this one any more; bounds the memory of many tiny members.
  public mutating func forgetPositions(before offset: UInt64) { gzip?.forgetStarts(before: offset) }

  /// Of the open file, whatever its name is now. Size 0 and kind `.fifo` for a pipe.
  public func status() -> Result<FileStatus, ReadFailure> {
    do throws(SystemCalls.Failure) {
      return .success(try SystemCalls.status(of: descriptor.number))
    } catch {
      return .failure(ReadFailure(errno: error.errno))
    }
  }

  /// Bytes of an uncompressed file by offset, without moving the stream. Nil: gzip, a pipe, or not all of them are there.
  public func plainBytes(in range: Range<UInt64>) -> [UInt8]? {
    guard gzip == nil else { return nil }
    var bytes: [UInt8] = []
    let count = Int(clamping: range.upperBound - range.lowerBound)
    do throws(SystemCalls.Failure) {
      while bytes.count < count {
        let offset = range.lowerBound + UInt64(bytes.count)
        let got = try SystemCalls.read(descriptor.number, into: &bytes, limit: count - bytes.count, at: offset)
        if got == 0 { return nil }
      }
    } catch {
      return nil
    }
    return bytes
  }
}

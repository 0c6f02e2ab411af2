/// The bytes of a file as they lie on disk: a bounded window that a decoder eats from.
struct CompressedInput {
  private(set) var bytes: [UInt8] = []
  /// The first byte not consumed yet.
  private(set) var start = 0
  /// Offset in the file of the first byte not consumed.
  private(set) var offset: UInt64 = 0
  /// Bytes asked of the kernel at a time.
  var chunk: Int

  init(chunk: Int) { self.chunk = chunk }

  var count: Int { bytes.count - start }
  subscript(index: Int) -> UInt8 { bytes[start + index] }

  mutating func consume(_ count: Int) {
    start += count
    offset += UInt64(count)
    if start == bytes.count {
      bytes.removeAll(keepingCapacity: true)
      start = 0
    }
  }

  mutating func reset(to offset: UInt64) {
    bytes.removeAll(keepingCapacity: true)
    start = 0
    self.offset = offset
  }

  /// Reads on behind what is left. `.bytes(n)`, `.endOfInput`, `.wouldBlock` or `.failed`.
  mutating func fill(from descriptor: borrowing FileDescriptor, blocking: Bool) -> ReadResult {
    if start > 0 {
      bytes.removeSubrange(0..<start)
      start = 0
    }
    if !blocking, !SystemCalls.waitReadable(descriptor.number, milliseconds: 0) { return .wouldBlock }
    return ReadResult { () throws(SystemCalls.Failure) in
      try SystemCalls.read(descriptor.number, into: &bytes, limit: chunk)
    }
  }
}

extension ReadResult {
  /// The outcome of read(2) in the words of this target.
  init(_ read: () throws(SystemCalls.Failure) -> Int) {
    do throws(SystemCalls.Failure) {
      let count = try read()
      self = count == 0 ? .endOfInput : .bytes(count)
    } catch {
      self = error.isWouldBlock ? .wouldBlock : .failed(ReadFailure(errno: error.errno))
    }
  }
}

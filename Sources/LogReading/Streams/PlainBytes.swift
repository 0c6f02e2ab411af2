/// The state of a stream that is not compressed.
struct PlainBytes {
  /// Bytes delivered.
  private(set) var offset: UInt64 = 0
  /// Bytes that were read in order to decide, not delivered yet.
  private var held: ArraySlice<UInt8> = []
  var integrity = StreamIntegrity()

  mutating func hold(_ input: CompressedInput) { held = input.bytes[input.start...] }

  mutating func read(
    from descriptor: borrowing FileDescriptor, blocking: Bool, limits: StreamLimits, into buffer: inout [UInt8],
    limit: Int
  ) -> ReadResult {
    guard offset < limits.maxDecompressed else {
      integrity.state = .bomb
      return .endOfInput
    }
    if !held.isEmpty {
      let count = min(limit, held.count)
      buffer.append(contentsOf: held.prefix(count))
      held = held.count == count ? [] : held.dropFirst(count)
      offset += UInt64(count)
      return .bytes(count)
    }
    if !blocking, !SystemCalls.waitReadable(descriptor.number, milliseconds: 0) { return .wouldBlock }
    let number = descriptor.number
    var count = 0
    let result = ReadResult { () throws(SystemCalls.Failure) in
      count = try SystemCalls.read(number, into: &buffer, limit: limit)
      return count
    }
    offset += UInt64(count)
    integrity.state = result == .endOfInput ? .complete : .reading
    return result
  }

  mutating func seek(to target: UInt64, in descriptor: borrowing FileDescriptor) -> ReadResult {
    do throws(SystemCalls.Failure) {
      let size = try SystemCalls.status(of: descriptor.number).size
      guard target <= size else { return .endOfInput }
      try SystemCalls.seek(descriptor.number, to: target)
    } catch {
      return .failed(ReadFailure(errno: error.errno))
    }
    held = []
    offset = target
    return .bytes(0)
  }
}

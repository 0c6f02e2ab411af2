/// The decompressed bytes of a gzip file of one or many members, fed from a descriptor. Holds no descriptor itself.
struct GzipDecoder {
  private enum Phase {
    case betweenMembers, member, finished
    /// The rest of the trailer of a member whose checksum failed.
    case trailer(Int)
    /// Behind the last member: nothing there is read, everything is counted.
    case trailing
  }

  private let inflater = Inflater()
  private var phase = Phase.betweenMembers
  var input: CompressedInput
  private let limits: StreamLimits
  /// Boundaries that may still be asked for, ascending. Never empty.
  private(set) var starts = [MemberStart()]
  private(set) var produced: UInt64 = 0
  var integrity = StreamIntegrity()
  /// Decompressed bytes of a file that is worth holding whole; all of its compressed bytes are in `input` then.
  private(set) var wholeLength: Int?
  private var fast: Libdeflate?

  init(input: CompressedInput, limits: StreamLimits) {
    self.input = input
    self.limits = limits
    integrity.isGzip = true
  }

  /// Appends up to `limit` decompressed bytes.
  mutating func read(
    from descriptor: borrowing FileDescriptor, blocking: Bool, growing: Bool, into buffer: inout [UInt8], limit: Int
  ) -> ReadResult {
    let before = buffer.count
    while buffer.count - before < limit {
      if input.count < bytesNeeded {
        switch input.fill(from: descriptor, blocking: blocking) {
        case .bytes: continue
        case .endOfInput:
          if buffer.count == before { noteEnd(growing: growing) }
          return buffer.count > before ? .bytes(buffer.count - before) : .endOfInput
        case let other: return buffer.count > before ? .bytes(buffer.count - before) : other
        }
      }
      switch phase {
      case .finished: return buffer.count > before ? .bytes(buffer.count - before) : .endOfInput
      case .betweenMembers:
        beginMember()
        if case .member = phase { inflateAtOnce(into: &buffer, limit: limit - (buffer.count - before)) }
      case .member: inflate(into: &buffer, limit: limit - (buffer.count - before))
      case .trailer(let left):
        let skipped = min(left, input.count)
        input.consume(skipped)
        phase = skipped == left ? .betweenMembers : .trailer(left - skipped)
        if skipped == left { endMember() }
      case .trailing: countTrailing()
      }
    }
    return .bytes(buffer.count - before)
  }

  private var bytesNeeded: Int {
    switch phase {
    case .finished: 0
    // One byte tells padding; two tell a member.
    case .betweenMembers: input.count == 1 && input[0] == 0x1F ? 2 : 1
    default: 1
    }
  }

  private mutating func beginMember() {
    guard input[0] == 0x1F, input.count > 1, input[1] == 0x8B else {
      phase = .trailing
      return
    }
    inflater.reset()
    integrity.state = .reading
    phase = .member
  }

  private mutating func inflate(into buffer: inout [UInt8], limit: Int) {
    let before = buffer.count
    let outcome = inflater.inflate(&input, into: &buffer, limit: limit)
    produced += UInt64(buffer.count - before)
    let start = starts[starts.count - 1]
    switch outcome {
    case .going: break
    case .memberEnd:
      phase = .betweenMembers
      endMember()
    case .checksumFailed(let left):
      integrity.crcFailures += 1
      integrity.noteDamage(start.decompressedOffset..<produced)
      phase = .trailer(left)
      if left == 0 {
        phase = .betweenMembers
        endMember()
      }
    case .damaged:
      integrity.state = .corrupt
      integrity.noteDamage(start.decompressedOffset..<produced)
      phase = .finished
    }
    stopIfBomb()
  }

  private mutating func stopIfBomb() {
    let start = starts[starts.count - 1]
    let member = (produced: produced - start.decompressedOffset, consumed: input.offset - start.compressedOffset)
    if limits.isBomb(produced: member.produced, consumed: member.consumed)
      || limits.isBomb(produced: produced, consumed: input.offset)
    {
      integrity.state = .bomb
      phase = .finished
    }
  }

  /// A small finished file is held whole: libdeflate, where it is installed, takes a member in one call and about half
  /// of zlib's time. Whatever it refuses is left to zlib, which says what is wrong with it.
  private mutating func inflateAtOnce(into buffer: inout [UInt8], limit: Int) {
    // libdeflate does not look at a header's own checksum (FHCRC).
    guard let wholeLength, limit >= wholeLength, let fast, input.count > 3, input[3] & 2 == 0,
      let produced = fast.inflateMember(&input, into: &buffer, limit: limit)
    else { return }
    self.produced += UInt64(produced)
    phase = .betweenMembers
    endMember()
    stopIfBomb()
  }

  private mutating func endMember() {
    integrity.members += 1
    starts.append(
      MemberStart(
        compressedOffset: input.offset, decompressedOffset: produced, index: starts[starts.count - 1].index + 1))
  }

  private mutating func countTrailing() {
    while input.count > 0 {
      if integrity.trailingGarbage == 0, input[0] == 0 {
        integrity.trailingZeros += 1
        input.consume(1)
      } else {
        integrity.trailingGarbage += UInt64(input.count)
        input.consume(input.count)
      }
    }
  }

  private mutating func noteEnd(growing: Bool) {
    switch phase {
    case .finished: break
    case .trailing: integrity.state = .complete
    case .betweenMembers where input.count == 0: integrity.state = .complete
    default:
      integrity.state = growing ? .growing : .truncated
      if !growing { integrity.noteDamage(starts[starts.count - 1].decompressedOffset..<produced) }
    }
  }

  /// The file is finished and all of it is in `input`: members may be inflated in one call into a buffer of this size.
  mutating func expectWhole(length: Int) {
    fast = Libdeflate()
    wholeLength = fast == nil ? nil : length
  }

  /// The position to take reading up at for a decompressed offset at or before `produced`.
  func position(for offset: UInt64) -> StreamPosition {
    let member = starts.last { $0.decompressedOffset <= offset } ?? starts[0]
    return StreamPosition(decompressedOffset: offset, member: member)
  }

  /// Boundaries that only serve offsets before `offset` will not be asked for again.
  mutating func forgetStarts(before offset: UInt64) {
    let needed = starts.lastIndex { $0.decompressedOffset <= offset } ?? 0
    if needed > 0 { starts.removeSubrange(0..<needed) }
  }

  /// Inflates from `position.member` to the offset and drops the bytes.
  mutating func skip(
    to position: StreamPosition, from descriptor: borrowing FileDescriptor, blocking: Bool, growing: Bool
  ) -> ReadResult {
    do throws(SystemCalls.Failure) {
      try SystemCalls.seek(descriptor.number, to: position.member.compressedOffset)
    } catch {
      return .failed(ReadFailure(errno: error.errno))
    }
    restart(at: position.member)
    var dropped: [UInt8] = []
    while produced < position.decompressedOffset {
      dropped.removeAll(keepingCapacity: true)
      let limit = Int(min(64 << 10, position.decompressedOffset - produced))
      let result = read(from: descriptor, blocking: blocking, growing: growing, into: &dropped, limit: limit)
      guard case .bytes = result else { return result }
    }
    return .bytes(0)
  }

  /// Starts over at a member boundary; the descriptor has been moved there.
  private mutating func restart(at member: MemberStart) {
    input.reset(to: member.compressedOffset)
    produced = member.decompressedOffset
    starts = [member]
    integrity.members = member.index
    wholeLength = nil
    integrity.state = .reading
    phase = .betweenMembers
  }
}

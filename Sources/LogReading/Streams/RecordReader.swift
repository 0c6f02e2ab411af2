import EventModel

/// A stream cut into records, a bounded chunk at a time.
///
/// Between chunks it keeps the unfinished record and the 256 bytes before the position, nothing else. After each chunk
/// `checkpoint` names the place to resume at if everything up to there has been committed.
public struct RecordReader: ~Copyable {
  /// 1 MiB of decompressed bytes.
  public static let defaultChunk = 1 << 20

  public private(set) var stream: ByteStream
  public private(set) var framer: RecordFramer
  /// Bytes read and not framed yet, with the marked ones before them.
  private var carry: [UInt8] = []
  private var carryOffset: UInt64 = 0
  /// The marker of the position, taken before its bytes were let go of.
  private var keptMarker: Digest?
  /// The next end of the bytes ends an unfinished line that is whole JSON.
  private var isTailDue = false
  private let chunkSize: Int
  /// Nothing at or behind this offset is read: the end of a slice.
  private let endOffset: UInt64

  /// Reads from the beginning. `endOffset` must follow a line feed.
  public init(
    _ stream: consuming ByteStream, framer: RecordFramer, chunkSize: Int = RecordReader.defaultChunk,
    endOffset: UInt64 = .max
  ) {
    self.stream = stream
    self.framer = framer
    self.chunkSize = chunkSize
    self.endOffset = endOffset
  }

  /// Takes reading up at a checkpoint, in the same bytes: `framer` stands at its frame position. The result's digest is
  /// of the bytes before it, to compare with the checkpoint's. Gzip: inflates from the member boundary.
  public mutating func resume(at checkpoint: Checkpoint) -> Result<Digest, ReadFailure> {
    let offset = checkpoint.frame.offset
    let start = Marker.start(of: offset)
    let place = StreamPosition(decompressedOffset: start, member: checkpoint.member)
    var result = stream.skip(to: place)
    carry.removeAll(keepingCapacity: true)
    carryOffset = start
    keptMarker = nil
    while case .bytes = result, carry.count < Int(offset - start) {
      result = stream.read(into: &carry, limit: Int(offset - start) - carry.count)
    }
    if case .failed(let failure) = result { return .failure(failure) }
    return .success(Digest.of(carry))
  }

  /// Fills `chunk` with what is framed next. Reads until there is something to show, or nothing to read.
  public mutating func next(into chunk: inout RecordChunk) -> ChunkResult {
    chunk.reset(to: carryOffset, carrying: carry)
    let chunkSize = max(chunkSize, stream.preferredLimit() ?? 0)
    while true {
      let room = endOffset - min(endOffset, stream.decompressedOffset)
      let result = room == 0 ? .endOfInput : stream.read(into: &chunk.bytes, limit: Int(min(UInt64(chunkSize), room)))
      switch result {
      case .bytes:
        frame(&chunk, endOfInput: false)
        if chunk.isEmpty {
          letGo(&chunk)
          continue
        }
        keep(chunk)
        return .records
      case .endOfInput:
        let takesTail = isTailDue && framer.endsInWholeValues(chunk.bytes.span, bufferOffset: chunk.offset)
        isTailDue = false
        guard isFinal || takesTail else {
          keep(chunk)
          return .caughtUp
        }
        frame(&chunk, endOfInput: true)
        keep(chunk)
        return !chunk.isEmpty ? .records : isFinal ? .end : .caughtUp
      case .wouldBlock:
        keep(chunk)
        return .wouldBlock
      case .failed(let failure):
        keep(chunk)
        return .failed(failure)
      }
    }
  }

  /// The end of the bytes is the end of the log.
  private var isFinal: Bool {
    if stream.expectation == .finished { return true }
    let state = stream.integrity.state
    return state == .bomb || state == .corrupt
  }

  private mutating func frame(_ chunk: inout RecordChunk, endOfInput: Bool) {
    while true {
      switch framer.next(in: chunk.bytes.span, bufferOffset: chunk.offset, endOfInput: endOfInput) {
      case .record(let record): chunk.append(record, of: framer.position.head)
      case .rejected(let rejection): chunk.rejections.append(rejection)
      case .needMore, .end: return
      }
    }
  }

  /// The first byte that has to be kept.
  private var needed: UInt64 {
    let retain = framer.retainOffset
    // An oversize item is being skipped: its beginning, and the marked bytes, are gone.
    return retain > framer.position.offset ? retain : Marker.start(of: framer.position.offset)
  }

  private mutating func letGo(_ chunk: inout RecordChunk) {
    noteMarker(chunk)
    chunk.dropBytes(before: needed)
  }

  private mutating func keep(_ chunk: RecordChunk) {
    noteMarker(chunk)
    let start = Int(max(needed, chunk.offset) - chunk.offset)
    carry.removeAll(keepingCapacity: true)
    carry.append(contentsOf: chunk.bytes[start...])
    carryOffset = chunk.offset + UInt64(start)
  }

  private mutating func noteMarker(_ chunk: RecordChunk) {
    let offset = framer.position.offset
    let start = Marker.start(of: offset)
    guard framer.retainOffset > offset else {
      keptMarker = nil
      return
    }
    if keptMarker == nil, start >= chunk.offset {
      keptMarker = Digest.of(chunk.bytes.span.extracting(Int(start - chunk.offset)..<Int(offset - chunk.offset)))
    }
  }

  /// Where to resume when all chunks handed out are committed. About 2 µs.
  public var checkpoint: Checkpoint {
    let offset = framer.position.offset
    let start = Marker.start(of: offset)
    let marker =
      keptMarker ?? Digest.of(carry.span.extracting(Int(start - carryOffset)..<Int(offset - carryOffset)))
    return Checkpoint(
      frame: framer.position, member: stream.position(for: start).member, marker: marker, counts: framer.counts)
  }

  /// Bytes read beyond the position: the unfinished last line.
  public var pendingTailBytes: UInt64 {
    stream.decompressedOffset - min(stream.decompressedOffset, framer.position.offset)
  }

  /// The parser refused a record of this length.
  public mutating func reclassifyAsMalformed(length: Int) { framer.reclassifyAsMalformed(length: length) }

  /// The file was rotated away or deleted: the next chunk delivers its unterminated tail.
  public mutating func expectNoGrowth() { stream.expectNoGrowth() }

  /// All bytes behind the position are JSON values that are finished, on a line that is not. O(bytes behind it).
  public var hasWholeTail: Bool { framer.endsInWholeValues(carry.span, bufferOffset: carryOffset) }

  /// The file has been quiet: the next chunk delivers such a tail, and reading goes on behind it.
  public mutating func takeWholeTail() { isTailDue = true }

  /// Boundaries before the position will not be asked for. Call after a commit.
  public mutating func forgetPositions() { stream.forgetPositions(before: Marker.start(of: framer.position.offset)) }
}

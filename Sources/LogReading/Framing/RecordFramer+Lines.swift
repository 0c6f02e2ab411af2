extension RecordFramer {
  /// Lines longer than this are looked into for an envelope, whatever they begin and end with.
  private static let longLine = 32 << 10

  /// One step at the beginning of a line. Nil: something was accounted for or decided, go on.
  mutating func line(_ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    if position.offset == 0, let framed = skipByteOrderMark(bytes, base, atEnd) { return framed }
    let start = index(base)
    guard let stop = lineStop(from: Int(scanned - base), bytes) else {
      scanned = base + UInt64(bytes.count)
      return unfinishedLine(start, bytes, base, atEnd)
    }
    guard bytes[stop] == 0x0A else { return lineCutByNul(start, stop, bytes, base) }
    let end = stop > start && bytes[stop - 1] == 0x0D ? stop - 1 : stop
    return finishLine(start, end, next: stop + 1, terminated: true, bytes, base)
  }

  /// The index of the next line feed or NUL; on the way, whether the line holds `}{`.
  @inline(__always)
  mutating func lineStop(from start: Int, _ bytes: Span<UInt8>) -> Int? {
    var index = start
    while index < bytes.count {
      let masks = ByteBlocks.lines(of: bytes, at: index)
      let pairs = (masks.close &<< 1 | (endsInBrace ? 1 : 0)) & masks.open
      if masks.stop != 0 {
        let stop = masks.stop.trailingZeroBitCount
        sawPair = sawPair || pairs & ((1 &<< UInt64(stop)) &- 1) != 0
        return index &+ stop
      }
      sawPair = sawPair || pairs != 0
      let length = min(64, bytes.count &- index)
      endsInBrace = masks.close &>> UInt64(length &- 1) & 1 != 0
      index &+= length
    }
    return nil
  }

  /// Whether the line at the position has no end yet, and holds nothing but objects that have: nothing can be added to them.
  /// `bytes` goes on to the end of what there is. O(bytes), where the last one closes an object.
  func endsInWholeValues(_ bytes: Span<UInt8>, bufferOffset base: UInt64) -> Bool {
    guard discarding == nil, head == nil, !position.isInsideDocument, position.offset >= base else { return false }
    let start = index(base)
    guard let last = lastNonSpace(before: bytes.count, in: bytes, start), bytes[last] == 0x7D else { return false }
    var next = firstNonSpace(from: start, in: bytes, bytes.count)
    while let at = next {
      guard bytes[at] == 0x7B else { return false }
      let value = bytes.extracting(at...)
      var scanner = ValueScanner()
      guard case .closed(let end) = scanner.scan(value, from: 0, watching: false) else { return false }
      next = firstNonSpace(from: at + end, in: bytes, bytes.count)
    }
    return true
  }

  private mutating func unfinishedLine(_ start: Int, _ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    let count = bytes.count - start
    if count == 0 { return atEnd ? .end : .needMore }
    if count > maxRecord + 1 { return oversizeLine(start, bytes, base) }
    if atEnd { return finishLine(start, bytes.count, next: bytes.count, terminated: false, bytes, base) }
    return divertsEarly(start, bytes.count, bytes) ? nil : .needMore
  }

  /// A document of 50 MB on one line is recognised by its first key, long before its line ends.
  private mutating func divertsEarly(_ start: Int, _ end: Int, _ bytes: Span<UInt8>) -> Bool {
    guard !isForcedLine, let first = firstNonSpace(from: start, in: bytes, end),
      envelopes.beginsObject(at: first, in: bytes.extracting(..<end), atEnd: false) == .yes
    else { return false }
    divert()
    return true
  }

  private mutating func finishLine(
    _ start: Int, _ end: Int, next: Int, terminated: Bool, _ bytes: Span<UInt8>, _ base: UInt64
  ) -> Framed? {
    if end - start > maxRecord { return oversizeLine(start, bytes, base) }
    guard let first = firstNonSpace(from: start, in: bytes, end) else {
      account(to: base + UInt64(next), as: .blank)
      isForcedLine = false
      return nil
    }
    if !isForcedLine, holdsMoreThanALine(first, end, bytes) {
      divert()
      return nil
    }
    isForcedLine = false
    let last = lastNonSpace(before: end, in: bytes, first) ?? first
    let framed = emit(first, last + 1, base, terminated: terminated)
    account(to: base + UInt64(next), as: .framing)
    return framed
  }

  private mutating func lineCutByNul(_ start: Int, _ stop: Int, _ bytes: Span<UInt8>, _ base: UInt64) -> Framed? {
    if stop == start {
      skipNul(from: stop, bytes, base)
      return nil
    }
    if stop - start > maxRecord + 1 { return oversizeLine(start, bytes, base) }
    if divertsEarly(start, stop, bytes) { return nil }
    isForcedLine = false
    if firstNonSpace(from: start, in: bytes, stop) == nil {
      account(to: base + UInt64(stop), as: .blank)
      return nil
    }
    return reject(.torn, upTo: stop, bytes, base)
  }

  private mutating func divert() {
    isDiverted = true
    scanned = position.offset
  }

  /// Whether a line has to be framed by its structure: an envelope, an array of records, several values, or the first
  /// line of a value that goes on. Depends on the line alone.
  private func holdsMoreThanALine(_ first: Int, _ end: Int, _ bytes: Span<UInt8>) -> Bool {
    let second = firstNonSpace(from: first + 1, in: bytes, end)
    switch bytes[first] {
    case 0x5B:
      guard let second else { return true }
      return bytes[second] == 0x7B || bytes[second] == 0x5D
    case 0x7B:
      guard let second else { return true }
      if envelopes.beginsObject(at: first, in: bytes.extracting(..<end), atEnd: true) == .yes { return true }
      let last = lastNonSpace(before: end, in: bytes, first) ?? second
      let mayHoldEnvelope =
        (bytes[last] == 0x7D && bytes[last - 1] == 0x5D) || end - first >= Self.longLine
      guard mayHoldEnvelope || sawPair else { return false }
      return firstValueEndsEarly(first, last + 1, bytes)
    default: return false
    }
  }

  /// Whether the value at `first` is an envelope, or ends before `end`.
  private func firstValueEndsEarly(_ first: Int, _ end: Int, _ bytes: Span<UInt8>) -> Bool {
    let text = bytes.extracting(first..<end)
    var scanner = ValueScanner()
    var index = 0
    var inside: [[UInt8]] = []
    while true {
      switch scanner.scan(text, from: index, watching: true) {
      case .closed(let close): return close < text.count
      case .memberArray(let at):
        if envelopes.key(before: at, in: text, floor: 0, inside: &inside) != nil { return true }
        index = at + 1
      default: return false
      }
    }
  }

  /// More than a record's worth without a line feed: values on one line, or nothing that can be kept.
  private mutating func oversizeLine(_ start: Int, _ bytes: Span<UInt8>, _ base: UInt64) -> Framed? {
    let bound = start + maxRecord
    if !isForcedLine, let first = firstNonSpace(from: start, in: bytes, bound) {
      let second = firstNonSpace(from: first + 1, in: bytes, bound)
      let isArray = bytes[first] == 0x5B && second.map { bytes[$0] == 0x7B } ?? false
      if isArray || (bytes[first] == 0x7B && firstValueEndsEarly(first, bound, bytes)) {
        divert()
        return nil
      }
    }
    beginDiscarding(.oversize)
    return nil
  }
}

extension RecordFramer {
  /// One step at the top level, outside any document: white space, a value, or what is neither.
  mutating func value(_ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    if scanner == nil {
      if position.offset == 0, let framed = skipByteOrderMark(bytes, base, atEnd) { return framed }
      let start = index(base)
      guard start < bytes.count else { return atEnd ? .end : .needMore }
      switch bytes[start] {
      case 0x7B: scanner = ValueScanner()
      case 0x5B: return topLevelArray(start, bytes, base, atEnd)
      case 0x20, 0x0A, 0x0D, 0x09: return whiteSpace(start, bytes, base, atEnd)
      case 0:
        skipNul(from: start, bytes, base)
        position.context = .lineStart
        return nil
      case 0x2C where !isUndecidedLine:
        account(to: position.offset + 1, as: .framing)
        return nil
      case 0x5D where !isUndecidedLine, 0x7D where !isUndecidedLine:
        let bound = min(bytes.count, start + 64)
        var end = start
        while end < bound, bytes[end] == 0x5D || bytes[end] == 0x7D { end += 1 }
        return end == bytes.count && end < start + 64 && !atEnd ? .needMore : reject(.stray, upTo: end, bytes, base)
      default: return notAValue()
      }
    }
    return scanValue(bytes, base, atEnd)
  }

  /// Nothing has been framed yet that could say what the input is.
  private var isUndecidedLine: Bool { position.shape == .undecided && position.context == .lineStart }

  private mutating func scanValue(_ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    var index = Int(scanned - base)
    var inside: [[UInt8]] = []
    while true {
      switch scanner!.scan(bytes, from: index, watching: true) {
      case .exhausted:
        scanned = base + UInt64(bytes.count)
        if !atEnd { return wantMore(bytes, base) }
        if isUndecidedLine, scanner?.spansLines == false, !isTooLong(upTo: scanned) { return becomeLines() }
        return tearValue(at: bytes.count, skippingFeed: false, bytes, base)
      case .closed(let end): return closeValue(end, bytes, base, atEnd)
      case .memberArray(let at):
        let floor = self.index(base)
        let key =
          isTooLong(upTo: base + UInt64(at))
          ? envelopes.key(before: at, in: bytes, floor: floor)
          : envelopes.key(before: at, in: bytes, floor: floor, inside: &inside)
        if let key {
          position.head = envelopes.head(from: floor, before: at, in: bytes, limit: FramePosition.headLimit)
          enterDocument(key, afterBracket: base + UInt64(at) + 1)
          return nil
        }
        index = at + 1
      case .bracketAtLineStart(let at):
        if isTear(at, bytes, base) { return tearLine(at: at - 1, skippingFeed: true, bytes, base) }
        index = at
      case .feedInString(let at): return tearLine(at: at, skippingFeed: true, bytes, base)
      case .nul(let at): return tearLine(at: at, skippingFeed: false, bytes, base)
      }
    }
  }

  private mutating func closeValue(_ end: Int, _ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    let tooLong = isTooLong(upTo: base + UInt64(end))
    let onOneLine = scanner?.spansLines == false
    if position.context == .lineStart, onOneLine, !tooLong, isUndecidedLine || isDiverted {
      // A single line is a line, unless another value follows on it.
      switch firstOnLine(from: end, bytes) {
      case nil where !atEnd:
        scanner = nil
        scanned = position.offset
        return .needMore
      case 0x7B, 0x5B, 0x2C: break
      case nil, 0x0A, 0: if isUndecidedLine { return becomeLines() }
      default: return becomeLines()
      }
    }
    if position.shape == .undecided { position.shape = .values }
    isDiverted = false
    position.context = .afterValue
    return tooLong ? reject(.oversize, upTo: end, bytes, base) : emit(index(base), end, base)
  }

  /// The first byte on the rest of the line that is not blank; the line feed if there is none; nil if it is not here yet.
  private func firstOnLine(from start: Int, _ bytes: Span<UInt8>) -> UInt8? {
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0D: index += 1
      default: return bytes[index]
      }
    }
    return nil
  }

  /// The item at the position is a line, and nothing but a line.
  private mutating func becomeLines() -> Framed? {
    position.shape = position.shape == .undecided ? .lines : position.shape
    isDiverted = false
    isForcedLine = true
    scanner = nil
    scanned = position.offset
    head = nil
    sawPair = false
    endsInBrace = false
    return nil
  }

  /// A value is cut at `end`. The first line of a log may be the rest of a line: then the log is lines.
  private mutating func tearLine(at end: Int, skippingFeed: Bool, _ bytes: Span<UInt8>, _ base: UInt64) -> Framed? {
    if isUndecidedLine, !isTooLong(upTo: base + UInt64(end)), isCompact(bytes, base) { return becomeLines() }
    return tearValue(at: end, skippingFeed: skippingFeed, bytes, base)
  }

  private mutating func tearValue(at end: Int, skippingFeed: Bool, _ bytes: Span<UInt8>, _ base: UInt64) -> Framed {
    let reason: FramingRejection.Reason = isTooLong(upTo: base + UInt64(end)) ? .oversize : .torn
    position.context = .lineStart
    isDiverted = false
    return reject(reason, upTo: end, skippingFeed: skippingFeed, bytes, base)
  }

  private mutating func topLevelArray(_ start: Int, _ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    let bound = min(bytes.count, start + EnvelopeKeys.reach)
    guard let second = firstNonSpace(from: start + 1, in: bytes, bound) else {
      return bound == bytes.count && !atEnd ? .needMore : notAValue()
    }
    guard bytes[second] == 0x7B || bytes[second] == 0x5D else { return notAValue() }
    if position.shape == .undecided { position.shape = .values }
    enterDocument([], afterBracket: position.offset + 1)
    return nil
  }

  /// Text. At the beginning of an input it makes it lines; between values it is skipped to the end of its line.
  private mutating func notAValue() -> Framed? {
    if position.context == .lineStart, position.shape == .undecided || isDiverted { return becomeLines() }
    beginDiscarding(.notJSON)
    return nil
  }

  /// Behind a value white space is framing, up to the end of the line. Lines of nothing else are blank.
  private mutating func whiteSpace(_ start: Int, _ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    if position.context == .afterValue {
      var end = start
      while end < bytes.count, isSpace(bytes[end]), bytes[end] != 0x0A { end += 1 }
      let endsLine = end < bytes.count && bytes[end] == 0x0A
      account(to: base + UInt64(endsLine ? end + 1 : end), as: .framing)
      if endsLine { position.context = .lineStart }
      if endsLine, position.shape == .undecided { position.shape = .lines }
      return nil
    }
    var end = start
    var afterFeed: Int?
    while end < bytes.count, isSpace(bytes[end]) {
      end += 1
      if bytes[end - 1] == 0x0A { afterFeed = end }
    }
    if let afterFeed {
      account(to: base + UInt64(afterFeed), as: .blank)
      return nil
    }
    if end == bytes.count, !atEnd, end - start <= maxRecord { return .needMore }
    account(to: base + UInt64(end), as: end == bytes.count ? .blank : .framing)
    return nil
  }

  /// Whether the bracket at `at`, which begins a line inside a value, shows that the value was cut before it.
  ///
  /// An object may follow `:`, `,` and `[` only. A value that begins compactly, `{"`, does not go on over lines, so an
  /// object behind its `,` or `:` is the next one.
  func isTear(_ at: Int, _ bytes: Span<UInt8>, _ base: UInt64) -> Bool {
    let floor = max(index(base), at - EnvelopeKeys.reach)
    guard let before = lastNonSpace(before: at, in: bytes, floor) else { return true }
    switch bytes[before] {
    case 0x5B: return false
    case 0x3A, 0x2C: return bytes[at] == 0x7B && (isTooLong(upTo: base + UInt64(at)) || isCompact(bytes, base))
    default: return true
    }
  }

  private func isCompact(_ bytes: Span<UInt8>, _ base: UInt64) -> Bool {
    let second = index(base) + 1
    return second < bytes.count && !isSpace(bytes[second])
  }
}

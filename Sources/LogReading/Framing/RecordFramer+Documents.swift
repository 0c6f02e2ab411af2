extension RecordFramer {
  /// An array of records begins: `key` names it, empty for a top-level array.
  mutating func enterDocument(_ key: [UInt8], afterBracket offset: UInt64) {
    account(to: offset, as: .framing)
    if position.shape == .undecided { position.shape = .documents }
    if position.context != .documentTail {
      counts.documents += 1
      position.recordIndex = 0
    }
    position.context = .elementDue
    position.envelope = key
    isDiverted = false
  }

  /// One step inside a document's array.
  mutating func element(_ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    if scanner == nil {
      let start = index(base)
      guard start < bytes.count else {
        if atEnd { leaveDocument(to: .afterValue, unclosed: true) }
        return atEnd ? .end : .needMore
      }
      switch bytes[start] {
      case 0x7B, 0x5B:
        if position.context == .afterElement {
          // No comma: the document was cut, and another begins.
          leaveDocument(to: .afterValue, unclosed: true)
          return nil
        }
        scanner = ValueScanner()
      case 0x20, 0x0A, 0x0D, 0x09:
        var end = start
        while end < bytes.count, isSpace(bytes[end]) { end += 1 }
        account(to: base + UInt64(end), as: .framing)
        return nil
      case 0x2C:
        account(to: position.offset + 1, as: .framing)
        position.context = .elementDue
        return nil
      case 0x5D:
        account(to: position.offset + 1, as: .framing)
        if position.envelope.isEmpty {
          leaveDocument(to: .afterValue, unclosed: false)
        } else {
          position.context = .documentTail
        }
        return nil
      case 0, 0x7D:
        leaveDocument(to: .afterValue, unclosed: true)
        return nil
      default: return scalarElement(start, bytes, base, atEnd)
      }
    }
    return scanElement(bytes, base, atEnd)
  }

  private mutating func scanElement(_ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    var index = Int(scanned - base)
    while true {
      switch scanner!.scan(bytes, from: index, watching: true) {
      case .exhausted:
        scanned = base + UInt64(bytes.count)
        return atEnd ? tearElement(at: bytes.count, skippingFeed: false, bytes, base) : wantMore(bytes, base)
      case .closed(let end): return closeElement(end, bytes, base)
      case .memberArray(let at):
        let key = envelopes.key(before: at, in: bytes, floor: self.index(base), onlyFirst: true)
        if let key, key == position.envelope {
          // The same envelope again where a record is due: the document before it was cut behind a comma.
          leaveDocument(to: .afterValue, unclosed: true)
          return nil
        }
        index = at + 1
      case .bracketAtLineStart(let at):
        if isTear(at, bytes, base) { return tearElement(at: at - 1, skippingFeed: true, bytes, base) }
        index = at
      case .feedInString(let at): return tearElement(at: at, skippingFeed: true, bytes, base)
      case .nul(let at): return tearElement(at: at, skippingFeed: false, bytes, base)
      }
    }
  }

  private mutating func closeElement(_ end: Int, _ bytes: Span<UInt8>, _ base: UInt64) -> Framed {
    let index = position.recordIndex
    position.recordIndex &+= 1
    position.context = .afterElement
    if isTooLong(upTo: base + UInt64(end)) { return reject(.oversize, upTo: end, bytes, base) }
    return emit(self.index(base), end, base, index: index)
  }

  private mutating func tearElement(at end: Int, skippingFeed: Bool, _ bytes: Span<UInt8>, _ base: UInt64) -> Framed {
    let reason: FramingRejection.Reason = isTooLong(upTo: base + UInt64(end)) ? .oversize : .torn
    let framed = reject(reason, upTo: end, skippingFeed: skippingFeed, bytes, base)
    leaveDocument(to: .lineStart, unclosed: true)
    return framed
  }

  /// A record that is no object: a string with JSON in it, or something the parser will refuse.
  private mutating func scalarElement(_ start: Int, _ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    var inString = false
    var end = start
    scan: while end < bytes.count, end - start <= maxRecord {
      switch bytes[end] {
      case 0x22: inString.toggle()
      case 0x5C where inString: end += 1
      case 0x0A where inString, 0:
        return tearElement(at: min(end, bytes.count), skippingFeed: bytes[end] == 0x0A, bytes, base)
      case 0x2C where !inString, 0x5D where !inString, 0x7D where !inString: break scan
      case 0x0A: break scan
      case 0x20 where !inString, 0x0D where !inString, 0x09 where !inString: break scan
      default: break
      }
      end += 1
    }
    if end - start > maxRecord {
      beginDiscarding(.oversize)
      leaveDocument(to: .lineStart, unclosed: true)
      return nil
    }
    if end >= bytes.count { return atEnd ? tearElement(at: bytes.count, skippingFeed: false, bytes, base) : .needMore }
    return closeElement(end, bytes, base)
  }

  /// One step behind the array: other members, perhaps another array of records, then the document's end.
  mutating func documentTail(_ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    if scanner == nil { scanner = ValueScanner(depth: 1) }
    var index = Int(scanned - base)
    while true {
      switch scanner!.scan(bytes, from: index, watching: true) {
      case .exhausted:
        scanned = base + UInt64(bytes.count)
        return atEnd ? tearTail(at: bytes.count, skippingFeed: false, bytes, base) : wantMore(bytes, base)
      case .closed(let end):
        account(to: base + UInt64(end), as: .framing)
        leaveDocument(to: .afterValue, unclosed: false)
        return nil
      case .memberArray(let at):
        if let key = envelopes.key(before: at, in: bytes, floor: self.index(base)) {
          enterDocument(key, afterBracket: base + UInt64(at) + 1)
          return nil
        }
        index = at + 1
      case .bracketAtLineStart(let at):
        let floor = max(self.index(base), at - EnvelopeKeys.reach)
        guard let before = lastNonSpace(before: at, in: bytes, floor),
          bytes[before] == 0x3A || bytes[before] == 0x2C || bytes[before] == 0x5B
        else { return tearTail(at: at - 1, skippingFeed: true, bytes, base) }
        index = at
      case .feedInString(let at): return tearTail(at: at, skippingFeed: true, bytes, base)
      case .nul(let at): return tearTail(at: at, skippingFeed: false, bytes, base)
      }
    }
  }

  private mutating func tearTail(at end: Int, skippingFeed: Bool, _ bytes: Span<UInt8>, _ base: UInt64) -> Framed? {
    // White space alone: the document's end is missing, no bytes are lost.
    if head == nil, firstNonSpace(from: index(base), in: bytes, end) == nil {
      account(to: base + UInt64(skippingFeed ? end + 1 : end), as: .framing)
      leaveDocument(to: .lineStart, unclosed: true)
      return nil
    }
    let framed = reject(.torn, upTo: end, skippingFeed: skippingFeed, bytes, base)
    leaveDocument(to: .lineStart, unclosed: true)
    return framed
  }
}

import EventModel

/// Where records begin and end in a stream of bytes, without knowing what they mean.
///
/// A value without I/O: it is given a window on the stream and says what comes next. What it says depends on the bytes
/// and the position alone, never on how the bytes were cut into windows. Memory is bounded by `maxRecord` and the
/// caller's window. Cost: a line a scan for its end, a value a scan of its structure (see `ValueScanner`).
///
/// Lines that are torn, oversize, or hold NUL lose themselves only. In documents and in values over several lines a tear
/// is told where JSON allows no doubt: a line feed in a string, NUL, a new object where none can be.
public struct RecordFramer: Sendable {
  /// 1 MiB.
  public static let defaultMaxRecord = 1 << 20

  /// Bytes that name a rejection.
  static let headLength = 256

  /// Where framing goes on, and all it takes to go on from there in another process.
  public internal(set) var position: FramePosition
  /// Of all bytes before `position`, counted from where this framer began.
  public internal(set) var counts: FrameCounts

  let envelopes: EnvelopeKeys
  let maxRecord: Int

  /// Bytes up to here were looked at for the item at `position`. Never before it.
  var scanned: UInt64
  /// In the middle of a value, an element, or a document's tail.
  var scanner: ValueScanner?
  /// The item at `position` is too long to be kept; this names it.
  var head: Digest?
  /// Skipping to the end of the line.
  var discarding: FramingRejection.Reason?
  /// The line at `position` holds `}{`; its last byte looked at is `}`.
  var sawPair = false
  var endsInBrace = false
  /// The line at `position` is no mere line: frame it as values. Or it is one, although it looks different.
  var isDiverted = false
  var isForcedLine = false

  /// - Parameters:
  ///   - envelopeKeys: keys of the arrays that carry records, `Records` for CloudTrail.
  ///   - resumeAt: a position taken from an earlier framer over the same bytes.
  ///   - counts: that framer's counts, to go on counting.
  public init(
    envelopeKeys: EnvelopeKeys, resumeAt position: FramePosition? = nil, counts: FrameCounts = FrameCounts(),
    maxRecord: Int = RecordFramer.defaultMaxRecord
  ) {
    envelopes = envelopeKeys
    self.position = position ?? FramePosition()
    self.counts = counts
    self.maxRecord = maxRecord
    scanned = self.position.offset
  }

  /// The next record or rejection in `bytes`, whose first byte has the stream offset `bufferOffset`.
  ///
  /// The window must reach back to `retainOffset`. After `.needMore` give a longer or later one, or declare the end.
  public mutating func next(in bytes: Span<UInt8>, bufferOffset base: UInt64, endOfInput atEnd: Bool) -> Framed {
    precondition(base <= retainOffset, "the window begins after what the framer still needs")
    while true {
      let framed =
        if discarding != nil {
          discard(bytes, base, atEnd)
        } else {
          switch position.context {
          case .lineStart where position.shape == .lines && !isDiverted: line(bytes, base, atEnd)
          case .lineStart, .afterValue: value(bytes, base, atEnd)
          case .elementDue, .afterElement: element(bytes, base, atEnd)
          case .documentTail: documentTail(bytes, base, atEnd)
          }
        }
      if let framed { return framed }
    }
  }

  /// Bytes before this offset are not needed any more.
  public var retainOffset: UInt64 {
    guard head != nil, scanned > UInt64(EnvelopeKeys.reach) else { return position.offset }
    return max(position.offset, scanned - UInt64(EnvelopeKeys.reach))
  }

  /// The parser refused a record of this length: its bytes are malformed, not an event.
  public mutating func reclassifyAsMalformed(length: Int) { counts.reclassifyAsMalformed(length: length) }
}

extension RecordFramer {
  enum Share { case event, framing, malformed, oversize, nul, blank }

  /// Every byte before `offset` that is not accounted for yet is counted so, and the item there is done with.
  mutating func account(to offset: UInt64, as share: Share) {
    let count = offset - position.offset
    switch share {
    case .event: counts.eventBytes += count
    case .framing: counts.framingBytes += count
    case .malformed: counts.malformedBytes += count
    case .oversize: counts.oversizeBytes += count
    case .nul: counts.nulBytes += count
    case .blank: counts.blankBytes += count
    }
    position.offset = offset
    scanned = offset
    scanner = nil
    head = nil
    sawPair = false
    endsInBrace = false
  }

  /// A record from `start` to `end`; white space before it has been counted already or is framing.
  mutating func emit(_ start: Int, _ end: Int, _ base: UInt64, index: UInt32 = 0, terminated: Bool = true) -> Framed {
    let offset = base + UInt64(start)
    if offset > position.offset { account(to: offset, as: .framing) }
    account(to: base + UInt64(end), as: .event)
    counts.records += 1
    return .record(FramedRecord(start: start, end: end, offset: offset, index: index, terminated: terminated))
  }

  /// Everything from the position to `end` is no record. A line feed that ends it is framing.
  mutating func reject(
    _ reason: FramingRejection.Reason, upTo end: Int, skippingFeed: Bool = false, _ bytes: Span<UInt8>, _ base: UInt64
  ) -> Framed {
    let digest = head ?? headDigest(bytes, base, end)
    let offset = position.offset
    let length = base + UInt64(end) - offset
    account(to: base + UInt64(end), as: reason == .oversize ? .oversize : .malformed)
    counts.rejections += 1
    if reason == .oversize { counts.oversizeRecords += 1 }
    if skippingFeed { account(to: position.offset + 1, as: .framing) }
    discarding = nil
    isForcedLine = false
    return .rejected(FramingRejection(reason: reason, offset: offset, length: length, headDigest: digest))
  }

  private func headDigest(_ bytes: Span<UInt8>, _ base: UInt64, _ end: Int) -> Digest {
    let start = index(base)
    return Digest.of(bytes.extracting(start..<min(start + Self.headLength, end)))
  }

  /// All of the window was looked at and the item at the position goes on behind it.
  mutating func wantMore(_ bytes: Span<UInt8>, _ base: UInt64) -> Framed {
    let count = scanned - position.offset
    let isDropped = discarding != nil || isTooLong(upTo: scanned)
    if head == nil, isDropped, count >= UInt64(Self.headLength) { head = headDigest(bytes, base, bytes.count) }
    return .needMore
  }

  func isTooLong(upTo offset: UInt64) -> Bool { offset - position.offset > UInt64(maxRecord) }

  /// The position as an index in the window; 0 when its bytes have been let go of.
  func index(_ base: UInt64) -> Int { position.offset >= base ? Int(position.offset - base) : 0 }

  /// The open document ends here, properly or not.
  mutating func leaveDocument(to context: FrameContext, unclosed: Bool) {
    if unclosed { counts.unclosedDocuments += 1 }
    position.context = context
    position.recordIndex = 0
    position.envelope = []
    position.head = []
    scanner = nil
    scanned = position.offset
    head = nil
    isDiverted = false
  }

  /// The byte order mark, once. `.needMore`: it cannot be told yet.
  mutating func skipByteOrderMark(_ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    let mark: [3 of UInt8] = [0xEF, 0xBB, 0xBF]
    let available = min(3, bytes.count)
    for i in 0..<available where bytes[i] != mark[i] { return nil }
    if available == 3 {
      account(to: 3, as: .framing)
      return nil
    }
    return atEnd || available == 0 ? nil : .needMore
  }

  /// A run of NUL at `start`, as far as the window shows it.
  mutating func skipNul(from start: Int, _ bytes: Span<UInt8>, _ base: UInt64) {
    var end = start
    while end < bytes.count, bytes[end] == 0 { end += 1 }
    account(to: base + UInt64(end), as: .nul)
  }
}

import EventModel

extension RecordFramer {
  /// Everything from the position to the end of its line is no record.
  mutating func beginDiscarding(_ reason: FramingRejection.Reason) {
    discarding = reason
    scanned = position.offset
  }

  /// On to the line feed or NUL. The bytes need not be kept, their count is.
  mutating func discard(_ bytes: Span<UInt8>, _ base: UInt64, _ atEnd: Bool) -> Framed? {
    guard let reason = discarding else { return nil }
    guard let stop = lineStop(from: Int(scanned - base), bytes) else {
      scanned = base + UInt64(bytes.count)
      return atEnd ? rejectLine(reason, upTo: bytes.count, skippingFeed: false, bytes, base) : wantMore(bytes, base)
    }
    return rejectLine(reason, upTo: stop, skippingFeed: bytes[stop] == 0x0A, bytes, base)
  }

  private mutating func rejectLine(
    _ reason: FramingRejection.Reason, upTo end: Int, skippingFeed: Bool, _ bytes: Span<UInt8>, _ base: UInt64
  ) -> Framed {
    let reason = isTooLong(upTo: base + UInt64(end)) ? .oversize : reason
    position.context = .lineStart
    return reject(reason, upTo: end, skippingFeed: skippingFeed, bytes, base)
  }
}

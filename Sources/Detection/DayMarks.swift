import EventModel

/// What was seen on a day already, by pairs of numbers: detectors that learn from the first of a day skip the rest.
///
/// 21 to 32 bytes a pair; emptied past ``limit``, which costs time and nothing else. One look-up an event.
struct DayMarks: Sendable {
  static let limit = 1 << 20
  private var days = KeyTable()

  /// Marks the pair. Whether it is its first time on the day.
  mutating func isFirst(_ pair: UInt64, on day: Int32) -> Bool {
    if days.count >= DayMarks.limit { days.removeAll() }
    let mark = UInt32(bitPattern: day) & 0x7fff_ffff
    return days.update(pair, mark) != mark
  }
}

/// Tells the first event of a day in which a subject did an operation, from an origin and with an outcome, from those that
/// repeat it. One that states a fact, mints or has details is never a repeat, nor is one without a time.
struct ActMarks: Sendable {
  private var marks = DayMarks()

  mutating func isNews(_ moment: Moment) -> Bool {
    let event = moment.event
    guard event.facts.isEmpty, event.mint == 0, event.detailCount == 0, moment.time != Timestamp.none else {
      return true
    }
    let h = ByteHash.process
    let act = UInt64(event.operation) << 32 | UInt64(event.flags.rawValue)
    let who = h.mix(UInt64(event.outcome.rawValue), UInt64(event.subject) << 32 | UInt64(event.origin))
    return marks.isFirst(h.mix(who, act), on: moment.day)
  }
}

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

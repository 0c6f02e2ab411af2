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

/// What was told last: it is looked at again though it is no news, so that its count rises. At most 65,536, 8 bytes each.
struct ToldActs: Sendable {
  private var keys: Set<HashedKey> = []

  var isEmpty: Bool { keys.isEmpty }
  func contains(_ act: UInt64) -> Bool { !keys.isEmpty && keys.contains(HashedKey(act)) }

  mutating func note(_ act: UInt64, isTold: Bool) {
    if !isTold {
      if !keys.isEmpty { keys.remove(HashedKey(act)) }
    } else if keys.count < 65_536 {
      keys.insert(HashedKey(act))
    }
  }
}

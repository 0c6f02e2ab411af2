import EventModel
import EventWindow

/// How many events each log (source and tenant) has by the hour, and how many it should have at least: the least that the
/// same hour of the same weekday had in the weeks before. What absence is measured with.
///
/// State: 600 B a log for the last 64 hours, at most ``limit`` logs; hours in the long memory, as days with at least so many.
struct StreamRates: Sendable {
  struct Stream: Sendable {
    /// Number of an operation of the log: its source and tenant.
    var operation: UInt32
    var source: UInt8
    var tenant: Symbol
    var last: Int64
    var lastRow: Row
    var counts = InlineArray<64, UInt32>(repeating: 0)
    var hours = InlineArray<64, Int64>(repeating: Int64.min)
    /// What the memory expects of the same hours; -1 not asked.
    var expected = InlineArray<64, Int32>(repeating: -1)

    /// Events of an hour among the last 64; 0 where it is longer ago.
    func count(_ hour: Int64) -> Int {
      let slot = Int(hour & 63)
      return hours[slot] == hour ? Int(counts[slot]) : 0
    }
  }

  static let limit = 4096
  static let hours: Int64 = 64
  private static let levels = [1, 10, 100]
  private(set) var streams: [Stream] = []
  private var slots: [UInt64: Int32] = [:]
  private var ofOperation: [Int32] = []

  /// Counts an event. O(1).
  /// - Returns: its log, and when the log spoke last before it; nil for one without a time or past the limit.
  mutating func note(
    _ moment: Moment, _ judgement: inout Judgement
  ) -> (stream: Int, before: Int64)? {
    guard moment.time != Timestamp.none, !moment.event.flags.contains(.future), let at = index(moment) else {
      return nil
    }
    let before = streams[at].last
    let hour = moment.time / Timestamp.hour
    let slot = Int(hour & 63)
    if streams[at].hours[slot] != hour { streams[at].begin(hour) }
    streams[at].counts[slot] &+= 1
    streams[at].last = max(before, moment.time)
    streams[at].lastRow = moment.row
    let count = Int(streams[at].counts[slot])
    if StreamRates.levels.contains(count) {
      judgement.memory.remember(key(at, hour % 24, count, judgement), on: moment.day)
    }
    return (at, before)
  }

  private mutating func index(_ moment: Moment) -> Int? {
    let operation = Int(moment.event.operation)
    if operation >= ofOperation.count {
      ofOperation.append(contentsOf: repeatElement(-1, count: max(256, operation + 1 - ofOperation.count)))
    }
    if ofOperation[operation] >= 0 { return Int(ofOperation[operation]) }
    let log = Survey.log(moment)
    if let known = slots[log] {
      ofOperation[operation] = known
      return Int(known)
    }
    guard streams.count < StreamRates.limit else { return nil }
    streams.append(
      Stream(
        operation: moment.event.operation, source: moment.operation.source, tenant: moment.operation.tenant,
        last: moment.time, lastRow: moment.row))
    slots[log] = Int32(streams.count - 1)
    ofOperation[operation] = Int32(streams.count - 1)
    return streams.count - 1
  }

  func name(_ at: Int, _ judgement: borrowing Judgement) -> [UInt8] {
    Array("\(judgement.sourceNames[Int(streams[at].source)]) ".utf8) + judgement.bytes(streams[at].tenant)
  }

  private func key(_ at: Int, _ hour: Int64, _ level: Int, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("stream-hour".utf8), name(at, judgement), Array("\(hour)/\(level)".utf8)])
  }

  // MARK: gaps

  /// Hours of a gap, by powers of two.
  private static let gaps: [Int64] = [1, 2, 4, 8, 16, 32, 64, 128]

  /// Remembers a silence within one day that was nobody's doing: logs of batch jobs have them. Nights and weekends say
  /// nothing of how steady a log is while it works.
  mutating func rememberGap(_ at: Int, _ span: Int64, on day: Int32, _ judgement: inout Judgement) {
    guard let level = StreamRates.gaps.last(where: { span >= $0 * Timestamp.hour }) else { return }
    judgement.memory.remember(gapKey(at, level, judgement), on: day)
  }

  /// The longest silence within a day of the four weeks before `day`, rounded down to a power of two of hours; 0 none.
  func longestGap(_ at: Int, before day: Int32, _ judgement: borrowing Judgement) -> Int64 {
    let known = StreamRates.gaps.last {
      judgement.memory.daysSeen(gapKey(at, $0, judgement), before: day, within: 28) != 0
    }
    return (known ?? 0) * Timestamp.hour
  }

  private func gapKey(_ at: Int, _ level: Int64, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("stream-gap".utf8), name(at, judgement), Array("\(level)".utf8)])
  }

  /// The least that the hour had in the last weeks on its weekday, of at least two weeks; 0 where they are fewer.
  mutating func expected(_ at: Int, _ hour: Int64, _ judgement: borrowing Judgement) -> Int {
    let slot = Int(hour & 63)
    if streams[at].hours[slot] != hour { streams[at].begin(hour) }
    if streams[at].expected[slot] >= 0 { return Int(streams[at].expected[slot]) }
    let day = Int32(clamping: hour / 24)
    var least = 0
    for level in StreamRates.levels {
      let seen = judgement.memory.daysSeen(key(at, hour % 24, level, judgement), before: day, within: 28)
      // The weeks since the log was first heard in that hour; two at least, and in each of them.
      let first = seen.bitWidth - seen.leadingZeroBitCount
      let weeks = [6, 13, 20, 27].filter { $0 < first }
      guard weeks.count >= 2, weeks.allSatisfy({ seen & (1 << UInt64($0)) != 0 }) else { break }
      least = level
    }
    streams[at].expected[slot] = Int32(least)
    return least
  }
}

extension StreamRates.Stream {
  fileprivate mutating func begin(_ hour: Int64) {
    let slot = Int(hour & 63)
    hours[slot] = hour
    counts[slot] = 0
    expected[slot] = -1
  }
}

extension Judgement {
  /// An event as one of a log, not of who acted: what a finding about the log itself is told of.
  /// - Parameter time: when the log was last heard.
  mutating func ofLog(_ moment: Moment, operation: UInt32, time: Int64) -> Moment {
    var event = moment.event
    event.subject = window.dictionaries.subjects.intern(Subject())
    event.operation = operation
    event.time = time
    return Moment(event, moment.row, window)
  }
}

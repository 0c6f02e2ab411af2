import EventModel
import EventWindow

/// How many events each log (source and tenant) has by the hour, and how many it should have at least: the least that the
/// same hour of the same weekday had in the weeks before. What absence is measured with.
///
/// State: 1 KiB a log for the last 64 hours, at most ``limit`` logs; hours in the long memory, as days with at least so many.
struct StreamRates: Sendable {
  struct Stream: Sendable {
    /// Number of an operation of the log: its source and tenant.
    var operation: UInt32
    var source: UInt8
    var tenant: Symbol
    var last: Int64
    var lastRow: Row
  }
  private struct Hour: Sendable {
    var number = Int64.min
    var count: UInt32 = 0
    /// What the memory expects of it; -1 not asked.
    var expected: Int32 = -1
  }

  static let limit = 4096
  static let hours: Int64 = 64
  static let levels = [1, 10, 100]
  private(set) var streams: [Stream] = []
  private var counted: [Hour] = []  // 64 for each stream
  private var slots: [UInt64: Int32] = [:]
  private var ofOperation: [Int32] = []

  /// Counts an event. O(1).
  /// - Returns: its log, when the log spoke last before it, and which event of its hour this is; nil for one without a time
  ///   or past the limit.
  mutating func note(_ moment: Moment) -> (stream: Int, before: Int64, count: Int)? {
    guard moment.time != Timestamp.none, !moment.event.flags.contains(.future), let at = index(moment) else {
      return nil
    }
    let before = streams[at].last
    let slot = slot(at, moment.time / Timestamp.hour)
    counted[slot].count &+= 1
    streams[at].last = max(before, moment.time)
    streams[at].lastRow = moment.row
    return (at, before, Int(counted[slot].count))
  }

  /// Events of an hour among the last 64; 0 where it is longer ago.
  func count(_ at: Int, _ hour: Int64) -> Int {
    let known = counted[at * 64 + Int(hour & 63)]
    return known.number == hour ? Int(known.count) : 0
  }

  /// Where the hour is counted; begins it.
  private mutating func slot(_ at: Int, _ hour: Int64) -> Int {
    let slot = at * 64 + Int(hour & 63)
    if counted[slot].number != hour { counted[slot] = Hour(number: hour) }
    return slot
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
    counted.append(contentsOf: repeatElement(Hour(), count: 64))
    slots[log] = Int32(streams.count - 1)
    ofOperation[operation] = Int32(streams.count - 1)
    return streams.count - 1
  }

  /// The expectation of an hour, asked of `memory` once.
  mutating func expected(_ at: Int, _ hour: Int64, _ name: [UInt8], _ memory: LongMemory) -> Int {
    let slot = slot(at, hour)
    if counted[slot].expected >= 0 { return Int(counted[slot].expected) }
    let day = Int32(clamping: hour / 24)
    var least = 0
    for level in StreamRates.levels {
      let seen = memory.daysSeen(StreamRates.key(name, hour, level, memory), before: day, within: 28)
      // The weeks since the log was first heard in that hour; two at least, and in each of them.
      let first = seen.bitWidth - seen.leadingZeroBitCount
      let weeks = [6, 13, 20, 27].filter { $0 < first }
      guard weeks.count >= 2, weeks.allSatisfy({ seen & (1 << UInt64($0)) != 0 }) else { break }
      least = level
    }
    counted[slot].expected = Int32(least)
    return least
  }

  static func key(_ name: [UInt8], _ hour: Int64, _ level: Int, _ memory: LongMemory) -> UInt64 {
    memory.key([Array("stream-hour".utf8), name, Array("\(hour % 24)/\(level)".utf8)])
  }

  // MARK: gaps

  /// Hours of a gap, by powers of two.
  static let gaps: [Int64] = [1, 2, 4, 8, 16, 32, 64, 128]

  static func gapKey(_ name: [UInt8], _ level: Int64, _ memory: LongMemory) -> UInt64 {
    memory.key([Array("stream-gap".utf8), name, Array("\(level)".utf8)])
  }
}

extension Judgement {
  /// Counts the event at hand for its log.
  mutating func hear(_ moment: Moment) {
    pulse = rates.note(moment)
    guard let pulse, StreamRates.levels.contains(pulse.count) else { return }
    memory.remember(
      StreamRates.key(logName(pulse.stream), moment.time / Timestamp.hour, pulse.count, memory), on: moment.day)
  }

  /// Name of a log of ``rates``: its source and tenant.
  func logName(_ stream: Int) -> [UInt8] {
    Array("\(sourceNames[Int(rates.streams[stream].source)]) ".utf8) + bytes(rates.streams[stream].tenant)
  }

  /// The least that the hour had in the last weeks on its weekday, of at least two weeks; 0 where they are fewer.
  mutating func expected(_ stream: Int, _ hour: Int64) -> Int { rates.expected(stream, hour, logName(stream), memory) }

  /// Remembers a silence within one day that was nobody's doing: logs of batch jobs have them. Nights and weekends say
  /// nothing of how steady a log is while it works.
  mutating func rememberGap(_ stream: Int, _ span: Int64, on day: Int32) {
    guard let level = StreamRates.gaps.last(where: { span >= $0 * Timestamp.hour }) else { return }
    memory.remember(StreamRates.gapKey(logName(stream), level, memory), on: day)
  }

  /// The longest silence within a day of the four weeks before `day`, rounded down to a power of two of hours; 0 none.
  func longestGap(_ stream: Int, before day: Int32) -> Int64 {
    let name = logName(stream)
    let known = StreamRates.gaps.last {
      memory.daysSeen(StreamRates.gapKey(name, $0, memory), before: day, within: 28) != 0
    }
    return (known ?? 0) * Timestamp.hour
  }

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

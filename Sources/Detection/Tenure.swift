import EventModel
import EventWindow

/// How long, and with how many events, an identity has been at work: whether its history is one to compare with.
///
/// It is mature after 14 active days of the last 30, or after 500 events over at least three days. Days come from the long
/// memory; of events a lower bound is kept there, as days with at least so many. One look-up an event; the rest is once for
/// each identity and day.
struct Tenure: Sendable {
  struct Standing: Sendable, Equatable {
    /// Active days among the 30 before this one.
    var days = 0
    /// Events of those days, at least.
    var events = 0
    var firstDay: Int32?
    var isMature = false
  }
  private struct Entry: Sendable {
    var day = Int32.min
    var count = 0
    /// Since the data begin.
    var total = 0
    var standing = Standing()
  }

  static let days = 14
  static let events = 500
  static let span: Int32 = 3
  /// Days with at least so many events are remembered, each level by itself.
  private static let levels = [50, 150, 500]

  private var slots = IdentitySlots()
  private var entries: [Entry] = []

  /// Counts an event of a machine identity. Call once for each row, before it is judged.
  mutating func note(_ moment: Moment, _ memory: inout LongMemory, _ window: EventWindow) {
    guard moment.subject.kind.isMachine, moment.time != Timestamp.none, !moment.event.flags.contains(.echo),
      !moment.event.flags.contains(.future)
    else { return }
    let at = slots.index(moment)
    if at == entries.count { entries.append(Entry()) }
    if entries[at].day != moment.day {
      let name = window.dictionaries.symbols.bytes(Reach.identity(moment.subject))
      entries[at].day = moment.day
      entries[at].count = 0
      entries[at].standing = Tenure.standing(name, before: moment.day, memory)
      memory.remember(Tenure.key(name, memory), on: moment.day)
    }
    entries[at].count += 1
    entries[at].total += 1
    if Tenure.levels.contains(entries[at].count) {
      let name = window.dictionaries.symbols.bytes(Reach.identity(moment.subject))
      memory.remember(Tenure.key(name, memory, level: entries[at].count), on: moment.day)
    }
  }

  /// What is known of the acting identity from the days before; nothing of one that no clock or no kind tells.
  func standing(_ moment: Moment) -> Standing {
    guard let at = slots.find(moment), entries[at].day == moment.day else { return Standing() }
    return entries[at].standing
  }

  /// How many events of the acting identity this run had before this one.
  func eventsBefore(_ moment: Moment) -> Int { slots.find(moment).map { max(0, entries[$0].total - 1) } ?? 0 }

  /// How many identities were seen, and how many of them were mature when they were last.
  var census: (identities: Int, mature: Int) { (entries.count, entries.count { $0.standing.isMature }) }

  /// What the memory knows of an identity from the days before `day`.
  static func standing(_ name: [UInt8], before day: Int32, _ memory: LongMemory) -> Standing {
    var standing = Standing()
    let known = memory.recall(key(name, memory), before: day)
    standing.days = known.days
    standing.firstDay = known.firstDay
    var below = 0
    for level in levels {
      standing.events += memory.days(key(name, memory, level: level), before: day, within: 30) * (level - below)
      below = level
    }
    let isAged = standing.firstDay.map { day - $0 >= span } ?? false
    standing.isMature = standing.days >= days || standing.events >= events && isAged
    return standing
  }

  /// All that ``standing(_:before:_:)`` looks at, the days' own key first.
  static func keys(_ name: [UInt8], _ memory: LongMemory) -> [UInt64] {
    ([0] + levels).map { key(name, memory, level: $0) }
  }

  private static func key(_ name: [UInt8], _ memory: LongMemory, level: Int = 0) -> UInt64 {
    memory.key([Array("tenure".utf8), name, Array("\(level)".utf8)])
  }
}

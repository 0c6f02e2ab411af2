import EventModel

/// What was seen on which days, over restarts: first-seen pairs, edges, habits. One entry for each hashed key.
///
/// Merges only by min, max and union (semantics.md 13): reading the same log again adds nothing. A reader at day d sees the
/// days before d of earlier runs, and all that this run judged. 24 bytes an entry and slot overhead. What was not seen for
/// ``span`` days is let go, so that a log of years finds room for news.
public struct LongMemory: Sendable {
  public struct Entry: Sendable, Equatable {
    public var firstDay: Int32
    public var lastDay: Int32
    /// Bit n: the day `lastDay - n`.
    public var days: UInt64

    public init(day: Int32) {
      firstDay = day
      lastDay = day
      days = 1
    }

    public init(firstDay: Int32, lastDay: Int32, days: UInt64) {
      self.firstDay = firstDay
      self.lastDay = lastDay
      self.days = days
    }

    public mutating func merge(_ other: Entry) {
      let last = max(lastDay, other.lastDay)
      days = Entry.shift(days, by: last - lastDay) | Entry.shift(other.days, by: last - other.lastDay)
      lastDay = last
      firstDay = min(firstDay, other.firstDay)
    }

    private static func shift(_ bits: UInt64, by days: Int32) -> UInt64 { days > 63 ? 0 : bits << UInt64(days) }

    /// The last day before `day`; where the days between are forgotten (64 are kept), the first one of all.
    func last(before day: Int32) -> Int32? {
      if lastDay < day { return lastDay }
      for n in (lastDay - day + 1)..<max(lastDay - day + 1, 64) where days & (1 << UInt64(n)) != 0 {
        return lastDay - n
      }
      return firstDay < day ? firstDay : nil
    }

    /// The days in `from ..< day`, as a count.
    func count(from: Int32, before day: Int32) -> Int {
      var n = 0
      for d in max(from, lastDay - 63)..<max(from, lastDay - 63, min(day, lastDay + 1)) {
        if days & (1 << UInt64(lastDay - d)) != 0 { n += 1 }
      }
      return n
    }
  }

  /// How often and since when a key was seen, looked at from one day.
  public struct Recollection: Sendable, Equatable {
    /// Distinct days among the 30 before.
    public var days = 0
    public var firstDay: Int32?
    public var isKnown: Bool { days > 0 }
  }

  public typealias Entries = [HashedKey: Entry]

  private var earlier: Entries = [:]
  public private(set) var run: Entries = [:]
  public let hasher: ByteHash
  /// Entries of this run past which nothing new is remembered.
  public let limit: Int
  /// How often something new was not remembered: ``limit`` was reached.
  public private(set) var forgotten = 0
  /// Days. Habits are two months; longest is asked for is the last use of a dormant identity, which after two years is a new one.
  public static let span: Int32 = 800
  /// False for an event that lies in the future: its day would push the days that were out of the 64 that are kept.
  var learns = true
  /// Keys whose entry changed since ``takeChanged()``; one may stand there several times.
  private var changed: [UInt64] = []

  public init(hasher: ByteHash, earlier: Entries = [:], limit: Int = 4_000_000) {
    self.hasher = hasher
    self.earlier = earlier
    self.limit = limit
  }

  private func find(_ key: UInt64) -> (old: Entry?, now: Entry?) {
    (earlier.isEmpty ? nil : earlier[HashedKey(key)], run[HashedKey(key)])
  }

  /// What earlier runs and this one know of a key, looked at from `day`.
  public func recall(_ key: UInt64, on day: Int32) -> Recollection { recall(find(key), on: day) }

  private func recall(_ known: (old: Entry?, now: Entry?), on day: Int32) -> Recollection {
    var merged = known.old.flatMap { $0.firstDay < day ? $0 : nil }
    if let now = known.now { if merged == nil { merged = now } else { merged?.merge(now) } }
    guard let merged else { return Recollection() }
    // Earlier runs may hold later days than this one: those are not looked at. The own day counts only for this run.
    return Recollection(
      days: merged.count(from: day - 30, before: day) + (known.now?.lastDay == day ? 1 : 0),
      firstDay: merged.firstDay)
  }

  /// What is known of a key from days before `day` alone: a habit is not made by the day that is judged.
  public func recall(_ key: UInt64, before day: Int32) -> Recollection {
    let known = find(key)
    var recollection = recall(known, on: day)
    if known.now?.lastDay == day { recollection.days -= 1 }
    if let first = recollection.firstDay, first >= day { recollection.firstDay = nil }
    return recollection
  }

  /// The last day before `day` that a key was seen on, in earlier runs or this one.
  public func lastDay(_ key: UInt64, before day: Int32) -> Int32? {
    let known = find(key)
    let old = known.old?.last(before: day)
    guard let now = known.now?.last(before: day) else { return old }
    return max(old ?? now, now)
  }

  /// The first day that a key was seen on, if it lies before `day`.
  public func firstDay(_ key: UInt64, before day: Int32) -> Int32? {
    let known = find(key)
    let first = min(known.old?.firstDay ?? Int32.max, known.now?.firstDay ?? Int32.max)
    return first < day ? first : nil
  }

  /// On how many days in `from ..< day` a key was seen; at most 64 days back from its last one.
  public func count(_ key: UInt64, from: Int32, before day: Int32) -> Int {
    let known = find(key)
    var merged = known.old
    if let now = known.now { if merged == nil { merged = now } else { merged?.merge(now) } }
    return merged?.count(from: from, before: day) ?? 0
  }

  /// How many of the `span` days before `day` the key was seen on; at most 63. Two months tell a monthly job from news.
  public func days(_ key: UInt64, before day: Int32, within span: Int32) -> Int {
    daysSeen(key, before: day, within: span).nonzeroBitCount
  }

  /// Which days: bit n is the day `day - 1 - n`. Later days of earlier runs are not looked at.
  public func daysSeen(_ key: UInt64, before day: Int32, within span: Int32) -> UInt64 {
    let known = find(key)
    let seen = LongMemory.days(known.old, before: day) | LongMemory.days(known.now, before: day)
    return span >= 64 ? seen : seen & (1 << UInt64(max(0, span)) - 1)
  }

  private static func days(_ entry: Entry?, before day: Int32) -> UInt64 {
    guard let entry else { return 0 }
    let ahead = entry.lastDay - (day - 1)
    if ahead > 63 || ahead < -63 { return 0 }
    return ahead >= 0 ? entry.days >> UInt64(ahead) : entry.days << UInt64(-ahead)
  }

  /// Nothing while it does not learn.
  /// - Returns: whether the key is remembered now; what is told once may be told only then.
  @discardableResult
  public mutating func remember(_ key: UInt64, on day: Int32) -> Bool {
    if !learns { return false }
    let hashed = HashedKey(key)
    if var entry = run[hashed] {
      if entry.lastDay == day { return true }
      entry.merge(Entry(day: day))
      run[hashed] = entry
      changed.append(key)
    } else if run.count >= limit {
      forgotten += 1
      return false
    } else {
      run[hashed] = Entry(day: day)
      changed.append(key)
    }
    return true
  }

  /// Lets go what was last seen ``span`` days before `day` or earlier. O(entries) where there is some.
  public mutating func age(to day: Int32) {
    let oldest = day - LongMemory.span
    if earlier.contains(where: { $0.value.lastDay <= oldest }) {
      earlier = earlier.filter { $0.value.lastDay > oldest }
    }
    if run.contains(where: { $0.value.lastDay <= oldest }) { run = run.filter { $0.value.lastDay > oldest } }
  }

  /// The entries that changed since the last call, in the order of their keys' bytes.
  mutating func takeChanged() -> [(key: UInt64, entry: Entry)] {
    defer { changed.removeAll() }
    changed.sort { $0.byteSwapped < $1.byteSwapped }
    var last: UInt64?
    return changed.compactMap { key in
      if key == last { return nil }
      last = key
      // What was judged again since is with the earlier ones.
      let known = find(key)
      return (known.now ?? known.old).map { (key, $0) }
    }
  }

  /// Puts what this run learned to what is known from earlier, to judge the rows that are held again from their start.
  public mutating func settleRun() {
    for (key, entry) in run {
      if earlier[key] == nil { earlier[key] = entry } else { earlier[key]?.merge(entry) }
    }
    run.removeAll(keepingCapacity: true)
  }

  /// A key from its parts.
  public func key(_ parts: [[UInt8]]) -> UInt64 {
    var h: UInt64 = 0x6b
    for part in parts { h = hasher.mix(h, hasher.hash(part)) }
    return h
  }
}

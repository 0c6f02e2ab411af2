import EventModel

/// How a watch has ranked its settled days (see ``Budgets``), and what of them it may have to rank again: rows come late.
///
/// Kept with each commit, as text: so a restart changes no rank. At most ``limit`` candidates of a day and family.
public struct DayRanks: Sendable {
  static let limit = 64
  /// Days before the last settled one that are ranked again when rows of them come.
  static let reach: Int32 = 2

  /// The last day that was ranked.
  public internal(set) var day = Int32.min
  /// Earlier days stand as they are stored.
  var first = Int32.min
  /// Why, of each finding that is held back now.
  var held: [String: String] = [:]
  /// Candidates whose rows were let go: stored findings that have a rank still.
  var gone: [Budgets.Share: [Budgets.Candidate]] = [:]

  public init() {}

  /// Of a store that knows only until which day it was ranked.
  public init(rankedUntil day: Int32) {
    self.day = day
    first = day == Int32.max ? day : day + 1
  }

  /// The days to rank when `settled` is the last one that is.
  func days(until settled: Int32) -> ClosedRange<Int32>? { first <= settled ? first...settled : nil }

  mutating func letGo(_ candidate: Budgets.Candidate, of share: Budgets.Share) {
    guard share.day >= first else { return }
    var candidates = (gone[share] ?? []).filter { $0.id != candidate.id }
    candidates.append(candidate)
    if candidates.count > DayRanks.limit { candidates.sort { $0.goesBefore($1) } }
    gone[share] = Array(candidates.prefix(DayRanks.limit))
  }

  /// Rows were let go: what is ``reach`` days behind is not ranked again.
  mutating func forget(behind settled: Int32) {
    first = max(first, settled - DayRanks.reach)
    gone = gone.filter { $0.key.day >= first }
    let kept = Set(gone.values.joined().map(\.id))
    heldOfGone = heldOfGone.filter { kept.contains($0) }
  }

  /// Of `gone`, those that the store holds back.
  var heldOfGone: Set<String> = []
}

// As text: a line for the days, then one for each candidate.
extension DayRanks {
  public var text: String {
    var lines = ["\(day) \(first)"]
    for (share, candidates) in gone {
      for c in candidates {
        let held = heldOfGone.contains(c.id) ? "held" : "kept"
        lines.append(
          "\(share.day) \(share.family?.rawValue ?? "-") \(c.id) \(c.grade.rawValue) \(c.count) \(c.firstSeen) \(held)")
      }
    }
    return lines.sorted().joined(separator: "\n")
  }

  /// Nil where the text is none that ``text`` makes.
  public init?(_ text: String) {
    var hasDays = false
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words.count == 2, let day = Int32(words[0]), let first = Int32(words[1]) {
        (self.day, self.first, hasDays) = (day, first, true)
        continue
      }
      guard words.count == 7, let day = Int32(words[0]), let grade = UInt8(words[3]).flatMap(Grade.init(rawValue:)),
        let count = Int(words[4]), let firstSeen = Int64(words[5])
      else { return nil }
      let candidate = Budgets.Candidate(id: words[2], grade: grade, count: count, firstSeen: firstSeen)
      gone[Budgets.Share(family: Family(rawValue: words[1]), day: day), default: []].append(candidate)
      if words[6] == "held" { heldOfGone.insert(words[2]) }
    }
    if !hasDays { return nil }
  }
}

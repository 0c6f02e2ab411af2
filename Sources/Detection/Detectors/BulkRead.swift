import EventModel
import EventWindow

/// OS13 and OS24: an identity reads stored objects, or clones repositories, by the hundred.
///
/// Without a history: one long-lived key, from an address in no cloud and no zone, with a client that copies. With one: a
/// mature identity that reads four times as many at a time as some of its last thirty days had (`habit_days`). Habits are
/// remembered at the counts of `levels`.
///
/// State: 512 B for each reader of the last minutes: a bitmap that distinct objects fill, so that its count is a lower bound.
struct BulkRead: Detector {
  static let kind = "bulk-read"

  private struct Reader: Sendable {
    var since: Int64
    var first: Row
    var last: Row
    var bits: [UInt64] = Array(repeating: 0, count: BulkRead.size / 64)
    var set = 0
    /// Levels of the habit that were told of the day.
    var level = 0
  }

  private static let size = 4096
  private let number: Int
  private let objects: FactSet
  private let count: Int
  private let factor, habitDays: Int
  /// Counts of distinct objects, rising.
  private let levels: [Int]
  private let span: Int64
  private let clients: [[UInt8]]
  private let duties: [String]
  private let base: Severity
  private var readers: [Symbol: Reader] = [:]
  private var sweep = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    base = definition.severity
    var p = definition.parameters
    objects = facts.set(try p.list("object_facts"))
    count = try p.number("objects", default: 500)
    factor = try p.number("factor", default: 4)
    habitDays = try p.number("habit_days", default: 2)
    levels = try p.numbers("levels", default: [100, 500, 2000])
    span = try p.minutes("span_minutes", default: 10)
    clients = try p.list("copy_clients").map { Array($0.lowercased().utf8) }
    duties = try p.list("excused_duties", default: ["backup", "scanner"])
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.event.facts.intersects(objects), moment.tookPlace, moment.event.resource.isPresent,
      moment.time != Timestamp.none, moment.subject.name.isPresent,
      moment.event.flags.isDisjoint(with: [.echo, .serviceMade, .sharedCopy])
    else { return }
    evict(moment.time)
    let profile = judgement.profile(moment)
    let lasting = profile.sessionClass == .longLivedKey && moment.subject.credential.isPresent
    let who = lasting ? moment.subject.credential : Reach.identity(moment.subject)
    var reader = readers.removeValue(forKey: who) ?? Reader(since: moment.time, first: moment.row, last: moment.row)
    if moment.time - reader.since > span { reader = Reader(since: moment.time, first: moment.row, last: moment.row) }
    defer { readers[who] = reader }
    let object =
      Int(truncatingIfNeeded: ByteHash.stable.hash(judgement.bytes(moment.event.resource))) & (BulkRead.size - 1)
    if reader.bits[object >> 6] & (1 << UInt64(object & 63)) != 0 { return }
    reader.bits[object >> 6] |= 1 << UInt64(object & 63)
    reader.set += 1
    reader.last = moment.row
    let distinct = BulkRead.distinct(reader.set)
    remember(distinct, who, &reader, moment, &judgement)
    guard distinct >= count, !profile.isHuman, !duties.contains(where: { judgement.hasDuty($0, profile) }) else {
      return
    }
    decide(moment, who, distinct, lasting, reader, profile, &judgement)
  }

  /// How many distinct objects set so many bits, on average: each further one sets a new bit with the share of free ones.
  private static func distinct(_ set: Int) -> Int {
    if set >= size - 8 { return size * 6 }
    return expected[set]
  }

  private static let expected: [Int] = {
    var sum = 0.0
    var table = [0]
    for i in 0..<size {
      sum += Double(size) / Double(size - i)
      table.append(Int(sum))
    }
    return table
  }()

  private func key(_ level: Int, _ who: Symbol, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("objects".utf8), Array("\(level)".utf8), judgement.bytes(who)])
  }

  private func remember(
    _ distinct: Int, _ who: Symbol, _ reader: inout Reader, _ moment: Moment, _ judgement: inout Judgement
  ) {
    while reader.level < levels.count, distinct >= levels[reader.level] {
      judgement.memory.remember(key(levels[reader.level], who, judgement), on: moment.day)
      reader.level += 1
    }
  }

  private func decide(
    _ moment: Moment, _ who: Symbol, _ distinct: Int, _ lasting: Bool, _ reader: Reader, _ profile: Judgement.Profile,
    _ judgement: inout Judgement
  ) {
    var usual = 0
    for level in levels
    where judgement.memory.days(key(level, who, judgement), before: moment.day, within: 30) >= habitDays {
      usual = level
    }
    if usual * factor > distinct { return }
    let place = judgement.place(moment)
    let outside =
      (place.kind == .publicV4 || place.kind == .publicV6) && !judgement.isCloud(moment.origin.address)
    let cold = lasting && outside && copies(moment, judgement)
    let standing = judgement.tenure.standing(moment)
    guard cold || standing.isMature else { return }
    report(moment, who, distinct, usual, cold, reader, &judgement)
  }

  private func copies(_ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    let agent = judgement.bytes(moment.origin.agent).lowered
    return clients.contains { agent.span.contains($0) }
  }

  private func report(
    _ moment: Moment, _ who: Symbol, _ distinct: Int, _ usual: Int, _ cold: Bool, _ reader: Reader,
    _ judgement: inout Judgement
  ) {
    judgement.report(
      number, moment, key: judgement.bytes(who), cause: Array("objects".utf8), severity: base,
      baseline: judgement.firstSeen(Reach.identity(moment.subject), besides: moment.row),
      cite: [(.trigger, reader.first)]
    ) { draft, j in
      let name = j.shortName(Reach.identity(moment.subject))
      let minutes = self.span / Timestamp.minute
      draft.title = "\(name): reads \(self.count) objects and more within \(minutes) minutes"
      draft.summary =
        "\(name) with \(j.credentialWords(moment.subject)) read about \(distinct) distinct objects between "
        + "\(j.words(reader.since)) and \(j.words(moment.time)) from \(j.words(moment.origin)), last \(j.text(moment.event.resource))."
      draft.explanation.expected =
        usual > 0 ? "about \(usual) objects at a time, as on earlier days" : "fewer objects at a time; none on record"
      draft.explanation.seen = "about \(distinct) objects with \(j.text(moment.origin.agent))"
      draft.explanation.threshold =
        cold
        ? "\(self.count) distinct objects within \(minutes) minutes by one long-lived key, from outside every cloud and zone, with a client that copies"
        : "\(self.count) distinct objects within \(minutes) minutes and \(self.factor) times what is usual"
      draft.explanation.state = [("usual", "\(usual)"), ("at_least", "\(distinct)")]
    }
  }

  private mutating func evict(_ now: Int64) {
    guard sweep == Int64.min || now - sweep > span else { return }
    sweep = now
    readers = readers.filter { now - $0.value.since <= span }
  }
}

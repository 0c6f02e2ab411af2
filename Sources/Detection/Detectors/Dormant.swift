import EventModel
import EventWindow

/// LC2: an identity that nobody used for long is used again.
///
/// All it knows comes from the long memory: the days of use of each machine identity, the days on which its log was read, and
/// how long earlier breaks were. It needs those days, so that a new store, or one that was not fed, is silent.
struct Dormant: Detector {
  static let kind = "dormant"

  private let number: Int
  private let idleDays, coveredDays: Int32
  private let preparing: FactSet
  private let preparedSpan: Int64
  private var days: [Int32] = []  // by subject: the day last looked at
  private var logs: [UInt64: Int32] = [:]
  private var prepared: [Symbol: (time: Int64, row: Row)] = [:]
  private var lastRows: [Symbol: Row] = [:]
  /// Breaks from here on are remembered, in steps of a fifth.
  static let leastBreak: Int32 = 30

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    idleDays = Int32(try p.number("idle_days", default: 45))
    coveredDays = Int32(try p.number("covered_days", default: 30))
    preparing = facts.set(try p.list("preparing_facts", default: []))
    preparedSpan = try p.minutes("prepared_minutes", default: 1440)
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.isNews, moment.time != Timestamp.none, !moment.event.flags.contains(.echo) else { return }
    cover(moment, &judgement)
    if moment.event.facts.intersects(preparing), moment.tookPlace, moment.event.target.isPresent,
      prepared.count < 100_000
    {
      prepared[moment.event.target] = (moment.time, moment.row)
    }
    let subject = moment.subject
    guard subject.kind.isMachine, subject.kind != .agent, subject.name.isPresent, !moment.isServiceMade,
      !moment.event.flags.contains(.systemActor)
    else { return }
    let slot = Int(moment.event.subject)
    if slot < days.count, days[slot] == moment.day { return }
    if slot >= days.count {
      days.append(contentsOf: repeatElement(Int32.min, count: max(256, slot + 1 - days.count)))
    }
    days[slot] = moment.day
    if !judgement.profile(moment).isHuman { startDay(moment, &judgement) }
  }

  /// The log was read on this day.
  private mutating func cover(_ moment: Moment, _ judgement: inout Judgement) {
    let log = Survey.log(moment)
    if logs[log] == moment.day { return }
    logs[log] = moment.day
    judgement.memory.remember(logKey(moment, judgement), on: moment.day)
  }

  private mutating func startDay(_ moment: Moment, _ judgement: inout Judgement) {
    let name = judgement.bytes(moment.subject.name)
    let used = judgement.memory.key([Array("identity used".utf8), judgement.bytes(moment.operation.tenant), name])
    let place = judgement.memory.key([
      Array("identity at".utf8), name, Array("\(judgement.provider(moment))".utf8),
    ])
    defer {
      judgement.memory.remember(used, on: moment.day)
      judgement.memory.remember(place, on: moment.day)
      if lastRows.count < 200_000 { lastRows[moment.subject.name] = moment.row }
    }
    guard let last = judgement.memory.lastDay(used, before: moment.day) else { return }
    let gap = moment.day - last
    guard gap >= Dormant.leastBreak else { return }
    let isUsual = isUsual(gap, name, moment.day, judgement)
    judgement.memory.remember(breakKey(Dormant.step(gap), name, judgement), on: moment.day)
    let log = logKey(moment, judgement)
    guard gap >= idleDays, !isUsual, judgement.memory.firstDay(log, before: last + 1) != nil,
      judgement.memory.count(log, from: moment.day - idleDays, before: moment.day) >= Int(coveredDays)
    else { return }
    let once = judgement.memory.firstDay(used, before: moment.day) == last
    let elsewhere = judgement.memory.lastDay(place, before: moment.day) == nil
    report(moment, gap, last, once: once, elsewhere: elsewhere, &judgement)
  }

  /// It had a break of two thirds of this one, or a longer one, before: a job of the season.
  private func isUsual(_ gap: Int32, _ name: [UInt8], _ day: Int32, _ judgement: borrowing Judgement) -> Bool {
    let least = Dormant.step(gap * 2 / 3)
    return (least..<(least + 16)).contains {
      judgement.memory.lastDay(breakKey($0, name, judgement), before: day) != nil
    }
  }

  /// Breaks of 30, 36, 43, … days; 0 for shorter ones.
  private static func step(_ gap: Int32) -> Int {
    var (step, days) = (0, leastBreak)
    while days <= gap {
      step += 1
      days = days * 6 / 5
    }
    return step
  }

  private func breakKey(_ step: Int, _ name: [UInt8], _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("break".utf8), name, [UInt8(clamping: step)]])
  }

  private func logKey(_ moment: Moment, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([
      Array("log read".utf8), Array(judgement.sourceNames[Int(moment.operation.source)].utf8),
      judgement.bytes(moment.operation.tenant),
    ])
  }

  private func report(
    _ moment: Moment, _ gap: Int32, _ last: Int32, once: Bool, elsewhere: Bool, _ judgement: inout Judgement
  ) {
    let earlier = prepared[moment.subject.name].flatMap { moment.time - $0.time <= preparedSpan ? $0.row : nil }
    var severity: Severity = once ? .low : .medium
    if earlier != nil || elsewhere, !once || earlier != nil { severity = severity.raised(by: 1) }
    if !moment.tookPlace { severity = severity.raised(by: -1) }
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name), cause: Array("revived".utf8), severity: severity,
      baseline: lastRows[moment.subject.name].map { [$0] } ?? [],
      cite: earlier.map { [(role: Finding.Citation.Role.parent, row: $0)] } ?? []
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      draft.title = "\(who): \(j.definitions[number].title) after \(gap) days"
      draft.summary =
        "\(who) was last used on \(Wording.date(last)) and called \(j.text(moment.operation.action)) at "
        + "\(j.words(moment.time)) from \(j.words(moment.origin))."
      draft.explanation.expected = "breaks shorter than \(idleDays) days, or than one and a half of its longest so far"
      draft.explanation.seen =
        "\(gap) days" + (elsewhere ? ", now from a network where it never was" : "")
        + (earlier != nil ? ", hours after a key was made for it or its trust changed" : "")
      draft.explanation.threshold =
        "\(idleDays) days without use, while its log was read on at least \(coveredDays) of the last \(idleDays)"
      draft.explanation.state = [("last_used", Wording.date(last)), ("seen_on_one_day_only", once ? "yes" : "no")]
    }
  }
}

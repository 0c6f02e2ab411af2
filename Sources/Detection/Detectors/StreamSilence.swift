import EventModel
import EventWindow

/// LS1: a log falls silent while others go on, and its own weeks before say that it should not.
///
/// Expected is the least that each silent hour had on its weekday, in hours in which another log was alive. Fewer than one
/// chance in a million to see nothing is told, where the log never had a gap of half as long. And a heartbeat (a canary that calls every hour by name) that is missed twice.
/// Absence waits: hours count once another log is past them by the lateness of logs; the end of the data proves nothing.
///
/// State: 40 B for each heartbeat, and ``StreamRates`` of the judgement.
struct StreamSilence: Detector {
  static let kind = "stream-silence"

  private struct Beat: Sendable {
    var operation: UInt32
    var last: Int64
    var row: Row
    var count = 0
    var told: Int64 = Int64.min
  }

  /// A gap counts from so many times the longest one of the weeks before, which is rounded down by up to a half.
  private static let surprise: Int64 = 4

  private let number: Int
  /// −ln of the chance: events expected, none seen.
  private let enough: Int
  private let least, lateness, beatSpan: Int64
  private let canaries: [Glob]
  private var told: [Int64] = []  // by stream: the last event before the silence that was told
  private var beats: [Symbol: Beat] = [:]
  private var canary: [UInt8] = []  // by subject id: 0 not asked, 1 no, 2 a canary
  private var hour = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    enough = try p.number("expected_events", default: 14)
    least = try p.minutes("silent_minutes", default: 120)
    lateness = try p.minutes("late_minutes", default: 120)
    beatSpan = try p.minutes("heartbeat_minutes", default: 60)
    canaries = try p.list("heartbeat_names").map { Glob($0) }
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard let (at, before, _) = judgement.pulse else { return }
    beat(moment, &judgement)
    // It speaks again: the gap is closed, and as long as it will ever be.
    if moment.time - before >= least { weigh(at, since: before, until: moment.time, moment, &judgement) }
    if moment.time - before >= Timestamp.hour, told.count <= at || told[at] != before,
      Timestamp.utcDay(before) == moment.day
    {
      judgement.rememberGap(at, moment.time - before, on: moment.day)
    }
    let now = moment.time / Timestamp.hour
    if now == hour { return }
    hour = now
    let streams = judgement.rates.streams
    for other in streams.indices where other != at && moment.time - streams[other].last >= least + lateness {
      weigh(other, since: streams[other].last, until: moment.time - lateness, moment, &judgement)
    }
    for (name, beat) in beats.sorted(by: { $0.value.last < $1.value.last })
    where beat.count >= 3 && beat.told < beat.last && moment.time - lateness - beat.last >= 2 * beatSpan + beatSpan / 6
    {
      missed(name, beat, until: moment.time, moment, &judgement)
    }
  }

  // MARK: silence

  private mutating func weigh(
    _ at: Int, since: Int64, until: Int64, _ moment: Moment, _ judgement: inout Judgement
  ) {
    while told.count <= at { told.append(Int64.min) }
    guard told[at] < since else { return }
    // Whole hours only, among those that are still counted.
    let first = max(since / Timestamp.hour + 1, until / Timestamp.hour - StreamRates.hours + 1)
    var expected = 0
    var alive: Set<Int> = []
    for hour in stride(from: first, to: until / Timestamp.hour, by: 1) {
      guard
        let other = judgement.rates.streams.indices.first(where: { $0 != at && judgement.rates.count($0, hour) > 0 })
      else {
        continue
      }
      alive.insert(other)
      expected += judgement.expected(at, hour)
      if expected >= enough { break }
    }
    guard expected >= enough, let other = alive.min(),
      until - since >= StreamSilence.surprise * judgement.longestGap(at, before: Timestamp.utcDay(since))
    else { return }
    told[at] = since
    report(at, since, until, expected, other, moment, &judgement)
  }

  private func report(
    _ at: Int, _ since: Int64, _ until: Int64, _ expected: Int, _ other: Int, _ moment: Moment,
    _ judgement: inout Judgement
  ) {
    let stream = judgement.rates.streams[at]
    let event = judgement.ofLog(moment, operation: stream.operation, time: since)
    let ended = moment.time == until
    let witness = judgement.logName(other)
    judgement.report(
      number, event, key: judgement.logName(at), cause: Array("silence".utf8), severity: .high,
      baseline: ended ? [] : [stream.lastRow], tenant: stream.tenant
    ) { draft, j in
      let name = String(decoding: j.logName(at), as: UTF8.self)
      draft.title = "\(name): the log fell silent for \(Wording.span(until - since))"
      draft.summary =
        "After \(j.words(since)) \(name) has no event \(ended ? "until" : "and had none by") \(j.words(until)), while "
        + "\(String(decoding: witness, as: UTF8.self)) went on. In the same hours of the weeks before it never had fewer than \(expected)."
      draft.explanation.expected = "at least \(expected) events in the silent hours"
      draft.explanation.seen = "none"
      draft.explanation.threshold =
        "\(self.enough) expected events and none seen (less than one chance in a million), at least \(Wording.span(self.least)), another log alive"
      draft.explanation.state = [("last_event", j.words(since)), ("still_silent", ended ? "no" : "yes")]
    }
  }

  // MARK: heartbeat

  private mutating func beat(_ moment: Moment, _ judgement: inout Judgement) {
    let subject = Int(moment.event.subject)
    if subject >= canary.count {
      canary.append(contentsOf: repeatElement(0, count: max(256, subject + 1 - canary.count)))
    }
    if canary[subject] == 0 { canary[subject] = isCanary(moment.subject, judgement) ? 2 : 1 }
    guard canary[subject] == 2 else { return }
    let key = moment.operation.tenant
    var beat = beats[key] ?? Beat(operation: moment.event.operation, last: moment.time, row: moment.row)
    if moment.time - beat.last >= 2 * beatSpan + beatSpan / 6, beat.count >= 3, beat.told < beat.last {
      missed(key, beat, until: moment.time, moment, &judgement)
    }
    if beat.count == 0 || moment.time - beat.last >= beatSpan / 2 { beat.count += 1 }
    beat.last = moment.time
    beat.row = moment.row
    if beats.count < StreamRates.limit || beats[key] != nil { beats[key] = beat }
  }

  private func isCanary(_ subject: Subject, _ judgement: borrowing Judgement) -> Bool {
    [subject.name, subject.session, subject.actor].contains { symbol in
      symbol.isPresent
        && judgement.dictionaries.symbols.withBytes(symbol) { name in canaries.contains { $0.matches(name) } }
    }
  }

  private mutating func missed(
    _ tenant: Symbol, _ beat: Beat, until: Int64, _ moment: Moment, _ judgement: inout Judgement
  ) {
    beats[tenant]?.told = beat.last
    let event = judgement.ofLog(moment, operation: beat.operation, time: beat.last)
    judgement.report(
      number, event, key: Array("heartbeat ".utf8) + judgement.bytes(tenant), cause: Array("heartbeat".utf8),
      severity: .high, baseline: judgement.window.isHeld(beat.row) ? [beat.row] : [], tenant: tenant
    ) { draft, j in
      let name = tenant.isPresent ? j.text(tenant) : "the log"
      draft.title = "\(name): the heartbeat was missed twice"
      draft.summary =
        "The canary of \(name) called last at \(j.words(beat.last)), after \(beat.count) calls every "
        + "\(Wording.span(self.beatSpan)); at \(j.words(until)) two calls are missing."
      draft.explanation.expected = "a call every \(Wording.span(self.beatSpan))"
      draft.explanation.seen = "none after \(j.words(beat.last))"
      draft.explanation.threshold = "two calls missing, once the logs are settled"
      draft.explanation.state = [("calls_before", "\(beat.count)")]
    }
  }
}

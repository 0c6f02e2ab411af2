import EventModel
import EventWindow

/// LS5: a log has almost nothing left of its usual volume for hours, while sessions that were issued in it go on elsewhere.
///
/// State: ``StreamRates`` of the judgement, and for each log when one of its sessions was last used in another.
struct RateCollapse: Detector {
  static let kind = "rate-collapse"

  private let number: Int
  private let span: Int64
  private let usual, share: Int
  private let lateness: Int64
  private let base: Severity
  /// By subject id: the log that issued its credential; -1 its own or unknown, -2 not asked.
  private var issuers: [Int32] = []
  private var dependants: [UInt64: (last: Int64, row: Row)] = [:]
  private var told: [Int: Int64] = [:]
  private var logs: [UInt64: Int] = [:]
  private var hour = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    base = definition.severity
    var p = definition.parameters
    span = Int64(try p.number("hours", default: 6))
    usual = try p.number("usual_events", default: 60)
    share = try p.number("left_percent", default: 5)
    lateness = try p.minutes("late_minutes", default: 120)
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard let pulse = judgement.pulse else { return }
    if moment.isNews { logs[Survey.log(moment)] = pulse.stream }
    depend(moment, judgement)
    let now = moment.time / Timestamp.hour
    if now == hour { return }
    hour = now
    let end = (moment.time - lateness) / Timestamp.hour
    for log in judgement.rates.streams.indices { weigh(log, end, moment, &judgement) }
  }

  private mutating func depend(_ moment: Moment, _ judgement: borrowing Judgement) {
    let subject = Int(moment.event.subject)
    if subject >= issuers.count {
      issuers.append(contentsOf: repeatElement(-2, count: max(256, subject + 1 - issuers.count)))
    }
    if issuers[subject] == -2 {
      issuers[subject] = -1
      if let node = judgement.lineage.find(moment.subject.credential) {
        for at in judgement.lineage.path(from: node) {
          guard let row = judgement.lineage[at].mintRow, judgement.window.isHeld(row) else { continue }
          let minting = judgement.dictionaries.operation(judgement.window[row])
          let log = UInt64(minting.source) << 32 | UInt64(minting.tenant.raw)
          if log != Survey.log(moment), let issuer = logs[log] { issuers[subject] = Int32(issuer) }
        }
      }
    }
    if issuers[subject] >= 0 { dependants[UInt64(issuers[subject])] = (moment.time, moment.row) }
  }

  private mutating func weigh(_ at: Int, _ end: Int64, _ moment: Moment, _ judgement: inout Judgement) {
    guard let dependant = dependants[UInt64(at)], dependant.last / Timestamp.hour >= end - 1 else { return }
    var seen = 0
    var expected = 0
    for hour in (end - span)..<end {
      let least = judgement.expected(at, hour)
      if least == 0 { return }
      expected += least
      seen += judgement.rates.count(at, hour)
    }
    let start = (end - span) * Timestamp.hour
    guard expected >= usual, seen > 0, seen * 100 < expected * share, told[at] ?? Int64.min < start else { return }
    told[at] = end * Timestamp.hour
    let stream = judgement.rates.streams[at]
    let event = judgement.ofLog(moment, operation: stream.operation, time: start)
    judgement.report(
      number, event, key: judgement.logName(at), cause: Array("collapse".utf8), severity: base,
      baseline: [stream.lastRow], cite: [(.followUp, dependant.row)], tenant: stream.tenant
    ) { draft, j in
      let name = String(decoding: j.logName(at), as: UTF8.self)
      draft.title = "\(name): almost nothing left of the log for \(self.span) hours"
      draft.summary =
        "From \(j.words(start)) on \(name) had \(seen) events in \(self.span) hours; in the same hours of the weeks before it "
        + "never had fewer than \(expected). Sessions that were issued in it are used elsewhere as before."
      draft.explanation.expected = "at least \(expected) events"
      draft.explanation.seen = "\(seen)"
      draft.explanation.threshold =
        "less than \(self.share) % for \(self.span) hours, while sessions issued in it go on"
    }
  }
}

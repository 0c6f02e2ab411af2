import EventModel
import EventWindow

/// LS4: an act that is always followed by a second one in another log has none.
///
/// A pair is two facts, joined by what the credential is issued to, by the trace, or by the target; or by what the pair names
/// (`first then second by child`, `by trace+resource`). It is told where the pair was complete on seven earlier days, and only
/// once the second log is past the first act by the lateness of logs.
///
/// State: 40 B for each act that waits, at most ``limit``; counts of the day for each pair and tenant.
struct PairMissing: Detector {
  static let kind = "pair-missing"

  /// What two records have in common.
  private enum Joint: String { case child, attestor, trace, target, resource }
  private struct Pair: Sendable {
    var name: [UInt8]
    var first: FactSet
    var second: FactSet
    /// All of them together; empty: the first of attestor, trace and target that is there.
    var joints: [Joint]
  }
  private struct Key: Hashable, Sendable {
    var pair: Int
    var joint: Symbol
    var other: Symbol
  }
  private struct Waiting: Sendable {
    var time: Int64
    var row: Row
    var tenant: Symbol
  }
  private struct Day: Sendable {
    var day = Int32.min
    var opened = 0
    var closed = 0
    var isTrusted = false
  }
  private struct Tenancy: Hashable, Sendable {
    var pair: Int
    var tenant: Symbol
  }

  static let limit = 200_000
  private let number: Int
  private let base: Severity
  private let pairs: [Pair]
  private let concerned: FactSet
  private let wait: Int64
  private let days, acts: Int
  private var waiting: [Key: Waiting] = [:]
  /// Those that wait, by pair, in order of time.
  private var order: [[Key]]
  private var next: [Int]
  /// Seconds that came before their firsts: order within a minute is nobody's.
  private var early: [Key: Int64] = [:]
  private var today: [Tenancy: Day] = [:]
  /// When the log of a pair's second act spoke last; -1 the log is not known yet. Where both acts come through one source only
  /// second acts tell that their log is alive.
  private var seconds: [(source: Int, time: Int64)]
  private var firsts: [Int]
  /// Bit n: source n (63 for all above) is a second log.
  private var secondLogs: UInt64 = 0

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    base = definition.severity
    var p = definition.parameters
    var pairs: [Pair] = []
    for text in try p.list("pairs") {
      pairs.append(try PairMissing.pair(text, facts))
    }
    self.pairs = pairs
    concerned = pairs.reduce(FactSet.none) { $0.union($1.first).union($1.second) }
    seconds = Array(repeating: (-1, Int64.min), count: pairs.count)
    firsts = Array(repeating: -1, count: pairs.count)
    order = Array(repeating: [], count: pairs.count)
    next = Array(repeating: 0, count: pairs.count)
    wait = try p.minutes("wait_minutes", default: 120)
    days = try p.number("complete_days", default: 7)
    acts = try p.number("acts_a_day", default: 20)
    try p.checkAllRead()
  }

  private static func pair(_ text: String, _ facts: FactVocabulary) throws(DetectionError) -> Pair {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 3 || words.count == 5 && words[3] == "by", words[1] == "then" else {
      throw DetectionError("pairs: '\(text)' is not 'fact then fact' or 'fact then fact by joint'")
    }
    var joints: [Joint] = []
    for word in words.dropFirst(4).joined().split(separator: "+") {
      guard let joint = Joint(rawValue: String(word)), joints.count < 2 else {
        throw DetectionError("pairs: '\(word)' is no joint: child, attestor, trace, target, resource, or two of them")
      }
      joints.append(joint)
    }
    // The name is what the long memory knows the pair by: the facts alone.
    return Pair(
      name: Array(words.prefix(3).joined(separator: " ").utf8), first: facts.set([words[0]]),
      second: facts.set([words[2]]), joints: joints)
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.time != Timestamp.none, !moment.event.flags.contains(.future) else { return }
    let source = Int(moment.operation.source)
    if secondLogs & PairMissing.bit(source) != 0 {
      for n in pairs.indices where seconds[n].source == source && firsts[n] != source {
        seconds[n].time = max(seconds[n].time, moment.time)
      }
    }
    if moment.event.facts.intersects(concerned), moment.tookPlace, !moment.event.flags.contains(.echo) {
      for n in pairs.indices { note(n, moment, &judgement) }
    }
    if waiting.isEmpty { return }
    for n in pairs.indices where next[n] < order[n].count { expire(n, &judgement) }
  }

  private static func bit(_ source: Int) -> UInt64 { 1 << UInt64(min(source, 63)) }

  private mutating func note(_ n: Int, _ moment: Moment, _ judgement: inout Judgement) {
    let isFirst = moment.event.facts.intersects(pairs[n].first)
    guard isFirst || moment.event.facts.intersects(pairs[n].second), let key = key(n, moment, judgement) else {
      return
    }
    if isFirst {
      firsts[n] = Int(moment.operation.source)
      let tenancy = Tenancy(pair: n, tenant: moment.operation.tenant)
      if today[tenancy]?.day != moment.day { begin(tenancy, moment, &judgement) }
      today[tenancy]?.opened += 1
      if let came = early.removeValue(forKey: key), moment.time - came <= Timestamp.minute {
        today[tenancy]?.closed += 1
      } else if waiting[key] == nil, waiting.count < PairMissing.limit {
        waiting[key] = Waiting(time: moment.time, row: moment.row, tenant: moment.operation.tenant)
        order[n].append(key)
      } else if waiting[key] != nil {
        today[tenancy]?.opened -= 1
      }
    } else {
      seconds[n] = (Int(moment.operation.source), max(seconds[n].time, moment.time))
      secondLogs |= PairMissing.bit(Int(moment.operation.source))
      if let first = waiting.removeValue(forKey: key) {
        today[Tenancy(pair: n, tenant: first.tenant)]?.closed += 1
      } else {
        if early.count > 4096 { early = early.filter { moment.time - $0.value <= Timestamp.minute } }
        early[key] = moment.time
      }
    }
  }

  /// What joins the two records; nil where a part of it is missing.
  private func key(_ n: Int, _ moment: Moment, _ judgement: borrowing Judgement) -> Key? {
    let joints = pairs[n].joints
    if joints.isEmpty {
      for joint in [Joint.attestor, .trace, .target] {
        let value = value(joint, moment, judgement)
        if value.isPresent { return Key(pair: n, joint: value, other: .none) }
      }
      return nil
    }
    let first = value(joints[0], moment, judgement)
    let second = joints.count > 1 ? value(joints[1], moment, judgement) : Symbol.none
    guard first.isPresent, joints.count == 1 || second.isPresent else { return nil }
    return Key(pair: n, joint: first, other: second)
  }

  private func value(_ joint: Joint, _ moment: Moment, _ judgement: borrowing Judgement) -> Symbol {
    switch joint {
    case .child: judgement.window.mint(moment.event, at: moment.row)?.child ?? .none
    case .attestor: judgement.window.mint(moment.event, at: moment.row)?.attestor ?? .none
    case .trace: moment.event.trace
    case .target: moment.event.target
    case .resource: moment.event.resource
    }
  }

  /// Yesterday is remembered as complete or not, and the days before tell whether today's absences say anything.
  private mutating func begin(_ tenancy: Tenancy, _ moment: Moment, _ judgement: inout Judgement) {
    if let past = today[tenancy], past.opened >= acts {
      let complete = past.closed * 100 >= past.opened * 99
      judgement.memory.remember(memoryKey(complete ? "pair-complete" : "pair-broken", tenancy, judgement), on: past.day)
    }
    let complete = judgement.memory.days(memoryKey("pair-complete", tenancy, judgement), before: moment.day, within: 30)
    let broken = judgement.memory.days(memoryKey("pair-broken", tenancy, judgement), before: moment.day, within: 7)
    if today.count > 4096 { today = today.filter { $0.value.day >= moment.day - 1 } }
    today[tenancy] = Day(day: moment.day, isTrusted: complete >= days && broken == 0)
  }

  private func memoryKey(_ what: String, _ tenancy: Tenancy, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array(what.utf8), pairs[tenancy.pair].name, judgement.bytes(tenancy.tenant)])
  }

  private mutating func expire(_ n: Int, _ judgement: inout Judgement) {
    while next[n] < order[n].count {
      let key = order[n][next[n]]
      guard let act = waiting[key] else {
        next[n] += 1
        continue
      }
      if Timestamp.gap(seconds[n].time, act.time) < wait || seconds[n].time < act.time { break }
      next[n] += 1
      waiting[key] = nil
      if today[Tenancy(pair: n, tenant: act.tenant)]?.isTrusted == true, judgement.window.isHeld(act.row) {
        report(key, act, &judgement)
      }
    }
    if next[n] > 4096 {
      order[n].removeFirst(next[n])
      next[n] = 0
    }
  }

  private func report(_ key: Key, _ act: Waiting, _ judgement: inout Judgement) {
    let moment = Moment(judgement.window[act.row], act.row, judgement.window)
    let pair = pairs[key.pair]
    judgement.report(
      number, moment, key: judgement.bytes(act.tenant) + [0x20] + pair.name, cause: pair.name, severity: base,
      baseline: judgement.firstSeen(Reach.identity(moment.subject), besides: act.row)
    ) { draft, j in
      let who = j.shortName(Reach.identity(moment.subject))
      draft.title = "\(who): \(j.text(moment.operation.action)) without its second record"
      draft.summary =
        "\(who) called \(j.text(moment.operation.action)) for \(j.text(key.joint)) at \(j.words(act.time)). On "
        + "\(self.days) days before, nearly every such call had its counterpart (\(String(decoding: pair.name, as: UTF8.self))) in the other log; "
        + "this one has none \(Wording.span(self.wait)) later."
      draft.explanation.expected = "a counterpart for \(j.text(key.joint))"
      draft.explanation.seen = "none"
      draft.explanation.threshold =
        "99 % complete on \(self.days) days with \(self.acts) pairs or more, and the other log is \(Wording.span(self.wait)) past it"
    }
  }
}

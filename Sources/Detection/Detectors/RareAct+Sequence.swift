import EventModel
import EventWindow

/// What came before an act, and what a later one adds to it.
extension RareAct {
  mutating func remember(_ moment: Moment) {
    let facts = moment.event.facts
    guard moment.tookPlace else { return }
    if facts.intersects(rules.making), moment.event.target.isPresent {
      trim(&made, moment.time)
      made[moment.event.target] = RareActMemory(moment)
    }
    if facts.intersects(rules.preparing) {
      trim(&prepared, moment.time)
      prepared[moment.subject.name] = RareActMemory(moment)
    }
  }

  /// A key for an identity that was just given power: the earlier finding weighs more.
  func raiseEarlier(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.event.facts.intersects(rules.following), moment.tookPlace, !moment.isServiceMade,
      let earlier = told[moment.event.target], moment.event.target.isPresent,
      Timestamp.gap(moment.time, earlier.time) <= rules.madeSpan
    else { return }
    judgement.raise(earlier.draft, to: earlier.severity.raised(by: 1), followUp: moment.row)
  }

  /// Somebody became what had just been opened: the one who opened it, or one from outside.
  func raiseUsed(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.event.target.isPresent, moment.tookPlace, let earlier = told[moment.event.target],
      Timestamp.gap(moment.time, earlier.time) <= rules.madeSpan, earlier.time != moment.time,
      moment.event.flags.contains(.crossTenant) || earlier.name == moment.subject.name
    else { return }
    judgement.raise(earlier.draft, to: earlier.severity.raised(by: 1), followUp: moment.row)
  }

  func trim(_ memory: inout [Symbol: RareActMemory], _ now: Int64) {
    guard memory.count >= RareAct.limit else { return }
    memory = memory.filter { Timestamp.gap(now, $0.value.time) <= rules.madeSpan }
    if memory.count >= RareAct.limit { memory.removeAll() }
  }

  func trim(_ memory: inout [Symbol: Told], _ now: Int64) {
    guard memory.count >= RareAct.limit else { return }
    memory = memory.filter { Timestamp.gap(now, $0.value.time) <= rules.madeSpan }
    if memory.count >= RareAct.limit { memory.removeAll() }
  }
}

/// An act that matters to a later one.
struct RareActMemory: Sendable {
  var time: Int64
  var row: Row
  var name: Symbol
  var credential: Symbol

  init(_ moment: Moment) {
    time = moment.time
    row = moment.row
    name = moment.subject.name
    credential = moment.subject.credential
  }

  /// The same identity, or the same credential under another name.
  func isSame(_ moment: Moment, _ profile: Judgement.Profile) -> Bool {
    name == moment.subject.name || credential.isPresent && credential == moment.subject.credential
  }
}

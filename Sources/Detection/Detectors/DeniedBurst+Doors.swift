import EventModel
import EventWindow

/// (v) Doors: somebody without the right to any of it tries to stay, to rise or to blind, one way after another.
///
/// Counted are distinct grave operations (grants, trust, log control, credentials and identities that last) that were refused
/// within minutes. Not counted: what the identity was ever allowed to do, and what was refused it on an earlier day, which is a
/// job without its rights. State: 40 B for each such refusal of the last minutes; in the long memory one entry for each
/// operation of an identity.
extension DeniedBurst {
  struct Door: Sendable {
    var time: Int64
    var action: Symbol
    /// It would have made what lasts, or closed a log: nobody's ordinary work needs it.
    var lasts: Bool
    var row: Row
  }

  /// A few compares.
  func isGrave(_ moment: Moment) -> Bool {
    graveVerbs & 1 << UInt32(moment.operation.verb.rawValue) != 0 || moment.event.facts.intersects(lasting)
  }

  /// The identity may do this.
  func notePermitted(_ moment: Moment, _ judgement: inout Judgement) {
    let name = judgement.bytes(Reach.identity(moment.subject))
    judgement.memory.remember(door("may", name, moment.operation.action, judgement), on: moment.day)
    judgement.memory.remember(rights(name, judgement), on: moment.day)
  }

  func doors(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement) {
    let action = moment.operation.action
    let name = judgement.bytes(Reach.identity(moment.subject))
    let tried = door("refused", name, action, judgement)
    let isOld = judgement.memory.recall(tried, before: moment.day).firstDay != nil
    judgement.memory.remember(tried, on: moment.day)
    if isOld || judgement.memory.recall(door("may", name, action, judgement), on: moment.day).firstDay != nil { return }
    probe.doors.removeAll { moment.time - $0.time > doorSpan || $0.action == action }
    if probe.doors.count >= 32 { probe.doors.removeFirst() }
    let lasts = moment.operation.verb == .logcfg || moment.event.facts.intersects(lasting)
    probe.doors.append(Door(time: moment.time, action: action, lasts: lasts, row: moment.row))
    let count = Set(probe.doors.map(\.action)).count
    guard count >= (probe.doors.contains(where: \.lasts) ? doorActs : grantActs) else { return }
    // An administrator who meets a boundary.
    let days = judgement.memory.recall(rights(name, judgement), before: moment.day).days
    var severity = days >= 3 ? min(severity, .low) : severity
    let client = judgement.text(moment.origin.family).lowercased()
    if deployers.contains(where: { client.hasPrefix($0) }) { severity = severity.raised(by: -1) }
    probe.told = moment.day
    let names = probe.doors.map { judgement.text($0.action) }.joined(separator: ", ")
    let minutes = doorSpan / Timestamp.minute
    let refused = probe.recent.filter { refusal in refusal.denied && probe.doors.contains { $0.row == refusal.row } }
    report(
      "doors", moment, Array(refused.reversed()), probe, severity,
      seen: "refused \(count) ways to stay, to rise or to close a log within \(minutes) minutes: \(names)",
      threshold:
        "\(doorActs) distinct grave operations refused, one of which makes what lasts or closes a log, or \(grantActs), "
        + "within \(minutes) minutes; none of them ever allowed to it",
      &judgement)
  }

  private func door(_ what: String, _ name: [UInt8], _ action: Symbol, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("door".utf8), Array(what.utf8), name, judgement.bytes(action)])
  }

  private func rights(_ name: [UInt8], _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("rights".utf8), name])
  }
}

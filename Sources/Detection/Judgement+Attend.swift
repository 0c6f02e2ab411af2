import EventModel
import EventWindow

extension Judgement {
  /// Takes note of who is at work and where, before the detectors judge the event.
  mutating func attend(_ moment: Moment) {
    visit = nil
    (isHoldersFirst, isIdentitysFirst) = (false, false)
    tenure.note(moment, &memory, window)
    hear(moment)
    guard moment.subject.kind.isMachine, !moment.isServiceMade, !moment.event.flags.contains(.echo) else { return }
    let profile = profile(moment)
    if profile.isHuman { return }
    let holder = holder(moment, profile)
    visit = whereabouts.note(moment, holder, place(moment), provider: provider(moment))
    guard moment.isNews, moment.time != Timestamp.none, moment.event.flags.isDisjoint(with: Judgement.unmarked) else {
      return
    }
    let outcome: UInt64 = moment.tookPlace ? 0 : moment.event.outcome == .denied ? 1 : 2
    var act = UInt64(moment.event.operation) << 2 | outcome
    // A harmless one does not hide what the same operation is done for later.
    if !moment.event.facts.isEmpty { act = moment.event.facts.mixed(into: act) }
    isHoldersFirst = holdersMarks.isFirst(UInt64(holder.raw) << 32 ^ act, on: moment.day)
    // Most holders are identities by name.
    let name = Reach.identity(moment.subject)
    isIdentitysFirst =
      name == holder ? isHoldersFirst : identitysMarks.isFirst(UInt64(name.raw) << 32 ^ act, on: moment.day)
  }

  /// What says nothing of what an identity does.
  static let unmarked: EventFlags = [.echo, .serviceMade, .systemActor, .sharedCopy, .future]

  /// Who works at a place: a workload by what attests it, everybody else by name.
  func holder(_ moment: Moment, _ profile: Profile) -> Symbol {
    let attestor = attestor(moment, profile)
    return attestor.isPresent ? attestor : Reach.identity(moment.subject)
  }
}

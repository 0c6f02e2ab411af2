import EventModel
import EventWindow

extension Judgement {
  /// Takes note of who is at work and where, before the detectors judge the event.
  mutating func attend(_ moment: Moment) {
    visit = nil
    tenure.note(moment, &memory, window)
    guard moment.subject.kind.isMachine, !moment.isServiceMade, !moment.event.flags.contains(.echo) else { return }
    let profile = profile(moment)
    if profile.isHuman { return }
    visit = whereabouts.note(
      moment, holder(moment, profile), place(moment), provider: provider(moment))
  }

  /// Who works at a place: a workload by what attests it, everybody else by name.
  func holder(_ moment: Moment, _ profile: Profile) -> Symbol {
    let attestor = attestor(moment, profile)
    return attestor.isPresent ? attestor : Reach.identity(moment.subject)
  }
}

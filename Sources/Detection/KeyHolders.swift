import EventModel

/// Remembers which machines work with keys, for detections that ask it of a target (HI3), whichever others are on.
///
/// State: 8 B for each long-lived credential.
struct KeyHolders: Sendable {
  private var days: [Symbol: Int32] = [:]

  /// Call for every moment, in the order of time.
  mutating func note(_ moment: Moment, _ judgement: inout Judgement) {
    let subject = moment.subject
    guard subject.credentialKind.isLongLived, subject.credentialKind != .password, subject.kind.isMachine,
      subject.credential.isPresent, moment.tookPlace, !moment.isServiceMade, moment.time != Timestamp.none,
      !moment.event.flags.contains(.echo), days[subject.credential] != moment.day, !judgement.profile(moment).isHuman
    else { return }
    days[subject.credential] = moment.day
    judgement.memory.remember(KeyHolders.key(of: subject.name, judgement), on: moment.day)
  }

  /// The name was seen to work with a key before, or earlier in this run.
  static func holdsKeys(_ name: Symbol, on day: Int32, _ judgement: borrowing Judgement) -> Bool {
    name.isPresent && judgement.memory.recall(key(of: name, judgement), on: day).isKnown
  }

  private static func key(of name: Symbol, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("holds keys".utf8), judgement.bytes(name)])
  }
}

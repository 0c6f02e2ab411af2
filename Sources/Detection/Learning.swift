/// How far an identity is learned: whether detections of history compare it with itself, or else from which day on.
public struct Learning: Sendable, Equatable {
  /// Active days among the 30 before.
  public var activeDays = 0
  /// Events of those days, at least.
  public var events = 0
  public var isMature = false
  /// The first day (since 1970) on which it is mature if it works every day until then; nil where it is mature.
  public var until: Int32?

  public static let daysNeeded = Tenure.days
  public static let eventsNeeded = Tenure.events
  /// The kinds of detections that are silent about an identity until it is mature.
  public static let kinds: Set<String> = [ProfileBreak.kind, PeerRarity.kind, NewGeography.kind]
}

extension LongMemory {
  /// What the memory knows of an identity (its name, else its id) from the days before `day`. A few look-ups.
  public func learning(of name: [UInt8], before day: Int32) -> Learning {
    let standing = Tenure.standing(name, before: day, self)
    var learning = Learning(activeDays: standing.days, events: standing.events, isMature: standing.isMature)
    if !standing.isMature {
      let seen = daysSeen(Tenure.keys(name, self)[0], before: day, within: 30)
      learning.until = (0...Int32(Tenure.days)).first { ahead in
        let then = (seen << UInt64(ahead) | (1 << UInt64(ahead) - 1)) & (1 << 30 - 1)
        return then.nonzeroBitCount >= Tenure.days
      }.map { day + $0 }
    }
    return learning
  }

  /// The keys that ``learning(of:before:)`` looks at.
  public func learningKeys(of name: [UInt8]) -> [UInt64] { Tenure.keys(name, self) }
}

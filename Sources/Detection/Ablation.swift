import EventModel

/// What the engine is made to do without, to measure what each part is worth. Never set where logs are watched.
public struct Ablation: OptionSet, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let none: Ablation = []
  /// Sessions are locked by their key, not by what the provider calls the session.
  public static let sessionLocks = Ablation(rawValue: 1)
  /// Nobody knows which credential minted which.
  public static let lineage = Ablation(rawValue: 2)
  /// What is learned of egress, address changes, retries, rotation and runs of infrastructure as code excuses nothing.
  public static let guards = Ablation(rawValue: 4)
}

extension Event {
  var withoutMint: Event {
    var event = self
    event.mint = 0
    return event
  }
}

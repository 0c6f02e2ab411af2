import EventModel

public enum FindingStatus: String, Sendable, CaseIterable {
  case open, acknowledged, muted
}

/// What a person said about a finding.
public struct FindingState: Sendable, Equatable {
  public var status: FindingStatus
  public var owner: String
  public var reason: String
  /// Nanoseconds since 1970; a mute ends there by itself. nil: never.
  public var expires: Int64?
  /// Nanoseconds since 1970, wall clock.
  public var at: Int64
  public init(status: FindingStatus, owner: String, reason: String, expires: Int64? = nil, at: Int64) {
    self.status = status
    self.owner = owner
    self.reason = reason
    self.expires = expires
    self.at = at
  }
}

/// A finding as the store holds it. Citations carry `input` 0: input numbers belong to one run.
public struct StoredFinding: Sendable, Equatable {
  public var finding: Finding
  public var status: FindingStatus
  /// The last word of a person, if there was one.
  public var state: FindingState?

  public init(finding: Finding, status: FindingStatus = .open, state: FindingState? = nil) {
    self.finding = finding
    self.status = status
    self.state = state
  }

  /// `status`, but open once a mute has run out.
  public func status(at now: Int64) -> FindingStatus {
    guard status == .muted, let end = state?.expires, end <= now else { return status }
    return .open
  }
}

/// A finding that was taken back.
public struct RetractedFinding: Sendable, Equatable {
  public var findingID: String
  /// The finding's NDJSON line as it was, without LF.
  public var finding: String
  public var reason: String
  public var at: Int64?
}

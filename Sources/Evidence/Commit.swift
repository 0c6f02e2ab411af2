import EventModel

/// Everything that one transaction makes true. Empty arrays change nothing.
public struct Commit: Sendable {
  /// A finding and what to do if its id is known.
  public struct FindingEntry: Sendable {
    public enum Mode: Sendable {
      /// A known id changes nothing (a scan).
      case once
      /// A known finding's count, times, severity and evidence are raised; what people said of it stays (a watch).
      case standing
    }
    public var finding: Finding
    public var mode: Mode
    public init(_ finding: Finding, _ mode: Mode = .once) {
      self.finding = finding
      self.mode = mode
    }
  }

  /// Takes a finding back, with the reason. Unknown ids are ignored.
  public struct Retraction: Sendable {
    public var findingID: String
    public var reason: String
    /// Nanoseconds since 1970.
    public var at: Int64?
    public init(findingID: String, reason: String, at: Int64?) {
      self.findingID = findingID
      self.reason = reason
      self.at = at
    }
  }

  /// Another rank among the graded findings of its day. Unknown ids are ignored.
  public struct Rank: Sendable {
    public var findingID: String
    /// Why it is low; nil: it keeps medium.
    public var heldBack: String?
    public init(findingID: String, heldBack: String?) {
      self.findingID = findingID
      self.heldBack = heldBack
    }
  }

  public var findings: [FindingEntry] = []
  /// After the findings.
  public var ranks: [Rank] = []
  /// After the findings.
  public var retractions: [Retraction] = []
  public var credentials: LazyRows<CredentialRow> = []
  public var edges: LazyRows<LineageEdgeRow> = []
  public var identities: LazyRows<IdentityRow> = []
  public var sources: [SourceRow] = []
  public var rejects: [RejectRow] = []
  public var gaps: [GapRow] = []
  public var custody: [CustodyAction] = []
  public var memory: LazyRows<MemoryRow> = []
  /// Memory that was last seen on this day or earlier is let go, after ``memory`` was merged.
  public var memoryForgottenTo: Int32?
  /// All rows of one identity in each element.
  public var scope: LazyRows<[ScopeRow]> = []
  public var windowBatches: [WindowBatchRow] = []
  /// Sequence numbers that are no longer needed.
  public var droppedWindowBatches: [Int64] = []
  public var meta: [String: String] = [:]
  /// Names that hold no longer.
  public var droppedMeta: [String] = []
  public init() {}
}

/// What a commit did. Arrays are in the order of the commit.
public struct CommitReceipt: Sendable, Equatable {
  /// Added by this commit: print these, now that they are stored.
  public var newFindingIDs: [String] = []
  /// Known before.
  public var knownFindingIDs: [String] = []
  /// Known ones that a `.standing` entry raised.
  public var raisedFindingIDs: [String] = []
  public var retractedFindingIDs: [String] = []
  public init() {}
}

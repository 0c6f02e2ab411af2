/// What a detection says: one row of the `finding` table and one NDJSON line (product.md).
public struct Finding: Sendable, Equatable {
  public struct Identity: Sendable, Equatable {
    public var id = ""
    public var name = ""
    public var kind = ""
    public var source = ""
    public var tenant = ""
    public var owner: String?
    public init() {}
  }

  public struct Credential: Sendable, Equatable {
    public var id = ""
    public var kind = ""
    /// Nanoseconds since 1970.
    public var issuedAt: Int64?
    public var expiresAt: Int64?
    public init() {}
  }

  /// One event that a finding rests on.
  public struct Citation: Sendable, Equatable {
    public enum Role: String, Sendable, CaseIterable, Comparable {
      case trigger, baseline, mint, parent, exec, followUp = "follow_up"
      public static func < (a: Role, b: Role) -> Bool {
        allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
      }
    }
    public var role: Role
    public var source = ""
    /// Filled when the raw record is fetched; until then the dedup id in hex.
    public var eventID = ""
    public var time: Int64
    public var action = ""
    public var outcome = ""
    public var origin = ""
    /// Where the raw record lies: (input number, offset and length in the decompressed stream, index in its document).
    public var input: UInt32
    public var file = ""
    public var offset: UInt64
    public var length: UInt32
    public var index: UInt32
    /// The window's batch that holds the row: for the runtime, not part of the finding.
    public var batch: UInt32 = 0
    /// Hex SHA-256 of the original bytes; empty if they could not be fetched.
    public var sha256 = ""
    /// Redacted record bytes; empty if they could not be fetched, with the reason in `missing`.
    public var raw: [UInt8] = []
    public var missing: String?
    /// What ``eventID`` is until the record is fetched: the first half of the event's dedup id.
    public static func dedupID(_ high: UInt64) -> String { String(high, radix: 16) }

    public init(role: Role, time: Int64, input: UInt32, offset: UInt64, length: UInt32, index: UInt32) {
      self.role = role
      self.time = time
      self.input = input
      self.offset = offset
      self.length = length
      self.index = index
    }
  }

  /// One hop of the credential's lineage.
  public struct Edge: Sendable, Equatable {
    public var from: String
    public var to: String
    public var mechanism: String
    public var grade: Grade
    public var joinedOn: [String]
    public init(from: String, to: String, mechanism: String, grade: Grade, joinedOn: [String]) {
      self.from = from
      self.to = to
      self.mechanism = mechanism
      self.grade = grade
      self.joinedOn = joinedOn
    }
  }

  public struct Explanation: Sendable, Equatable {
    public var expected = ""
    public var seen = ""
    public var threshold = ""
    /// Names and values of the state that fired, in a fixed order.
    public var state: [(name: String, value: String)] = []
    /// Guards that were weighed and why they did not excuse the act.
    public var guards: [String] = []
    public init() {}
    public static func == (a: Explanation, b: Explanation) -> Bool {
      a.expected == b.expected && a.seen == b.seen && a.threshold == b.threshold && a.guards == b.guards
        && a.state.count == b.state.count && zip(a.state, b.state).allSatisfy { $0 == $1 }
    }
  }

  /// Lower-case hex SHA-256 (semantics.md 6).
  public var id = ""
  public var detection = ""
  public var name = ""
  public var family = Family.outOfScope
  public var severity = Severity.medium
  public var confidence = Grade.exact
  public var title = ""
  public var summary = ""
  public var identity = Identity()
  public var credential = Credential()
  public var tenant = ""
  public var firstSeen: Int64 = Timestamp.none
  public var lastSeen: Int64 = Timestamp.none
  public var count = 1
  public var attack: [String] = []
  public var incident = ""
  public var evidence: [Citation] = []
  public var lineage: [Edge] = []
  public var explanation = Explanation()
  public init() {}
}

extension Finding {
  /// The name under which a finding's explanation tells that a daily budget holds it back.
  public static let heldBackState = "held back"

  /// It is graded, and others of its day were ranked before it: it is low for that.
  public var isHeldBack: Bool { explanation.state.contains { $0.name == Finding.heldBackState } }

  public mutating func holdBack(_ why: String) {
    severity = min(severity, .low)
    explanation.state.append((Finding.heldBackState, why))
  }

  /// It is ranked within its budget now.
  public mutating func liftRank() {
    severity = max(severity, .medium)
    explanation.state.removeAll { $0.name == Finding.heldBackState }
  }
}

extension Grade {
  /// The word of a finding's `confidence`.
  public var confidence: String { self == .none ? "candidate" : name }
}

import EventModel

/// One credential: who holds it, what minted it, how it was used. Times are nanoseconds since 1970.
///
/// Merges with a known row: the surer grade's parent, the earliest issue and first use, the latest expiry and last use,
/// the higher counts (also verb by verb), the union of the lists, the latest act; a root, once set, stays.
public struct CredentialRow: Sendable, Equatable {
  public var id: String
  public var kind = ""
  public var holder = ""
  public var parent = ""
  public var root = ""
  public var depth: Int64 = 0
  public var grade = Grade.none
  public var mechanism = ""
  public var issuedAt: Int64?
  public var expiresAt: Int64?
  public var firstUsed: Int64?
  public var lastUsed: Int64?
  public var uses: Int64 = 0
  public var denied: Int64 = 0
  public var attestor = ""
  public var tenant = ""
  /// How often each verb was tried with it.
  public var verbs: [String: Int64] = [:]
  /// Places it was used from and logs that show it; at most ``kept`` after a merge, sorted by their bytes.
  public var origins: [String] = []
  public var logs: [String] = []
  /// The last act that took place (`lastUsed` counts refused ones too) and what it was.
  public var lastActed: Int64?
  public var lastAction = ""
  public static let kept = 16
  public init(id: String) { self.id = id }
}

/// `parent` minted `child`. Merges: the surer grade and its join, the earliest time.
public struct LineageEdgeRow: Sendable, Equatable {
  public var child: String
  public var parent: String
  public var mechanism: String
  public var grade: Grade
  public var joinedOn: [String]
  /// Nanoseconds since 1970 of the event that shows it.
  public var time: Int64?
  public var source: String
  public init(
    child: String, parent: String, mechanism: String, grade: Grade, joinedOn: [String] = [], time: Int64? = nil,
    source: String = ""
  ) {
    self.child = child
    self.parent = parent
    self.mechanism = mechanism
    self.grade = grade
    self.joinedOn = joinedOn
    self.time = time
    self.source = source
  }
}

/// One machine identity. Key: (id, source, tenant). Merges: min and max of times, max of counts, union of the lists.
public struct IdentityRow: Sendable, Equatable {
  public var id: String
  public var name = ""
  public var kind = ""
  public var source = ""
  public var tenant = ""
  public var owner: String?
  public var firstUsed: Int64?
  public var lastUsed: Int64?
  public var events: Int64 = 0
  public var denied: Int64 = 0
  /// Sorted by their bytes after a merge.
  public var services: [String] = []
  public var origins: [String] = []
  /// How often each verb was tried.
  public var verbs: [String: Int64] = [:]
  /// Kinds of the credentials that it used.
  public var credentialKinds: [String] = []
  /// One of its sessions was attested.
  public var isAttested = false
  /// It signed in, or worked, as a person would: console, browser or password login.
  public var isInteractive = false
  /// The last grant, launch, exec or change of logging that took place.
  public var lastPrivileged: Int64?
  public init(id: String) { self.id = id }
}

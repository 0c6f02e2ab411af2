/// What an export takes from the store.
public enum EvidenceSelection: Sendable, Equatable {
  case all
  /// A finding's full id.
  case finding(String)
  case incident(String)
  /// An identity's id or name.
  case identity(String)
  /// Findings last seen in [since, until), nanoseconds since 1970.
  case range(since: Int64?, until: Int64?)

  /// What finds its findings in the store.
  public var filter: FindingFilter {
    var filter = FindingFilter()
    filter.order = .incident
    switch self {
    case .all: break
    case .finding(let id): filter.ids = [id]
    case .incident(let incident): filter.incident = incident
    case .identity(let identity): filter.identity = identity
    case .range(let since, let until): (filter.since, filter.until) = (since, until)
    }
    return filter
  }
}

/// Everything of a selection, from one read transaction: an ingest that goes on meanwhile does not show.
public struct EvidenceSnapshot: Sendable {
  /// Sorted by id, with evidence.
  public var findings: [StoredFinding] = []
  /// Only for `.all`.
  public var retracted: [RetractedFinding] = []
  /// Credentials and edges of the findings and everything above them; the findings' identities.
  public var credentials: [CredentialRow] = []
  public var edges: [LineageEdgeRow] = []
  public var identities: [IdentityRow] = []
  /// The whole ledger, whatever is selected: it says what the findings rest on.
  public var sources: [SourceRow] = []
  public var rejects: [RejectRow] = []
  public var gaps: [GapRow] = []
  public var custody: [CustodyEntry] = []
  public var meta: [String: String] = [:]
}

/// A source map as its author wrote it: texts of expressions, not yet compiled. One `pipelines/sources/<name>/source.yml`.
public struct SourceDefinition: Sendable {
  /// One alternative for a column: the first whose condition holds and whose value is not empty counts.
  public struct Clause: Sendable {
    /// An expression (see ``ExpressionParser``); `=text` is a constant.
    public var value: String
    public var when: Condition
    /// Translates the value; a key may be a glob, `*` is the default. Empty: no translation.
    public var table: [(key: String, value: String)]
    public init(value: String, when: Condition = Condition(), table: [(key: String, value: String)] = []) {
      self.value = value
      self.when = when
      self.table = table
    }
  }

  /// Alternatives of conjunctions of tests. No alternative at all: always true.
  public struct Condition: Sendable {
    public struct Test: Sendable {
      public var expression: String
      /// Globs, any of which fits; `!x` must not fit; an empty text: the value is there and empty, which else counts for
      /// none; empty list: the value must be absent.
      public var patterns: [String]
      public init(expression: String, patterns: [String]) {
        self.expression = expression
        self.patterns = patterns
      }
    }
    public var anyOf: [[Test]]
    public init(anyOf: [[Test]] = []) { self.anyOf = anyOf }
  }

  /// What holds for some actions only.
  public struct Act: Sendable {
    public var actions: [String] = []
    public var when = Condition()
    /// Details that earlier acts of the map have collected on this event: name and patterns, all of which must hold.
    public var having: [(name: String, patterns: [String])] = []
    public var verb: String?
    public var facts: [String] = []
    public var flags: [String] = []
    public var target: [Clause] = []
    public var resource: [Clause] = []
    public var details: [(name: String, clauses: [Clause])] = []
    public var mint: Mint?
    /// By ``Join``: what other logs' mints and this one's may be matched on.
    public var joins: [(join: Join, clauses: [Clause])] = []
    public init() {}
  }

  /// How a log takes part in matching a mint with who asked for it, where no identifier stands in both logs.
  /// The values travel as details of the event.
  public enum Join: String, Sendable, CaseIterable {
    /// What was minted here (or the ``anchor``) is alive from now on and may stand behind a claim of this value.
    case offers
    /// The same, but only for mints of the same few seconds.
    case offersNow = "offers_now"
    /// An offer of the value together with the mint's holder: a session's name within its role.
    case offersOfHolder = "offers_of_holder"
    /// The value is an identifier of the anchor itself: a claim of it is exact.
    case names
    /// What is offered, where the event mints nothing: a run, a conversation.
    case anchor
    /// Whoever offers this value stands behind what was minted here; strong if it is one.
    case claims
    /// The other half of a claim that ``offersOfHolder`` answers: ``claims`` names the holder.
    case claimsOf = "claims_of"
    /// The same, but the value says too little to be sure even of one.
    case guesses
    /// An offer's anchor or attestor that lives no longer.
    case ends
    /// Two values that mean the same, in pairs: a claim of the first is one of the second.
    case alias
    case aliasFor = "alias_for"

    /// The name of the detail that carries it.
    public var detail: String { "join." + rawValue }
  }

  public struct Mint: Sendable {
    public var child: [Clause] = []
    public var parent: [Clause] = []
    public var holder: [Clause] = []
    public var session: [Clause] = []
    public var attestor: [Clause] = []
    public var expires: [Clause] = []
    public var kind: [Clause] = []
    public var mechanism: [Clause] = []
    public var grade: String = "exact"
    public init() {}
  }

  /// Words that the source states about records, e.g. `outcome`: `subject.actor`, `origin.address`, `time`.
  public enum ColumnName: String, Sendable, CaseIterable {
    case time, id, outcome, error, resource, target, trace
    /// The id that evidence shows; `id` where it is not given.
    case eventID = "event_id"
    case actor = "subject.actor"
    case actorName = "subject.name"
    case actorKind = "subject.kind"
    case session = "subject.session"
    case credential = "subject.credential"
    case credentialKind = "subject.credential_kind"
    case issuedAt = "subject.issued_at"
    case expiresAt = "subject.expires_at"
    case issuer = "subject.issuer"
    case onBehalf = "subject.on_behalf"
    case home = "subject.home"
    case attestor = "subject.attestor"
    case node = "subject.node"
    case subjectNamespace = "subject.namespace"
    case address = "origin.address"
    case agent = "origin.agent"
    case endpoint = "origin.endpoint"
    case tls = "origin.tls"
    case tenant = "operation.tenant"
    case action = "operation.action"
    case service = "operation.service"
    case region = "operation.region"
    case namespace = "operation.namespace"
    case resourceKind = "operation.resource_kind"
    case verb = "operation.verb"
  }

  public var name = ""
  public var title = ""
  /// AWS, Kubernetes…: sources of one plane share identities.
  public var plane = ""
  public var envelopes: [String] = []
  public var unwrap: [String] = []
  /// An array of which every element is an event of its own, with all that stands around the array; `beside` is a key of
  /// the same object before it, by which such a record is told from a document that carries records under the same key.
  public var split: (array: String, beside: String)?
  public var foldCase = false
  /// Values with a name, for expressions that stand in several places (`$name`); a later one may use an earlier one.
  public var values: [(name: String, clauses: [Clause])] = []
  public var recognise = Condition()
  /// Asked only about records that no source recognises, wrapped or not: a few words are enough then.
  public var otherwise = Condition()
  public var columns: [ColumnName: [Clause]] = [:]
  /// Flags of the subject and of the row.
  public var subjectFlags: [(flag: String, when: Condition)] = []
  public var flags: [(flag: String, when: Condition)] = []
  public var acts: [Act] = []
  /// Paths whose values are secrets.
  public var redact: [String] = []
  /// Private addresses are one origin (AWS); elsewhere each is its own.
  public var privateAddressesAreOne = false
  /// The log's lateness: a settled watermark lies this far behind (seconds).
  public var lateness = 7200

  public init() {}
}

/// Why a map does not compile; becomes an error of the content with file and field.
public struct MapError: Error, Sendable {
  public var field: String
  public var reason: String
}

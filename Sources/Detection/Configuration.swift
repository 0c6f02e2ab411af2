import EventModel

/// What an operator declares: networks, accounts, identities. Read from `bittern.yml` and `identities.yml`.
public struct DetectionConfiguration: Sendable {
  /// A named network: NAT pool, VPC, cluster egress, CI, office.
  public struct Zone: Sendable {
    public var name: String
    public var networks: [Network]
    public init(name: String, networks: [Network]) {
      self.name = name
      self.networks = networks
    }
  }

  public var zones: [Zone] = []
  /// Accounts of the own organization: trust between them is not trust of an outsider.
  public var accounts: Set<String> = []
  public var identities: [IdentityDeclaration] = []
  /// Published ranges of cloud providers (presets).
  public var cloudRanges: [CloudRange] = []
  /// What to do without, to measure its worth.
  public var ablation = Ablation.none

  /// A block of public addresses and whose it is.
  public struct CloudRange: Sendable {
    public var provider: String
    public var network: Network
    public init(provider: String, network: Network) {
      self.provider = provider
      self.network = network
    }
  }

  public init() {}
}

/// What an identity is declared to be and to do.
public struct IdentityDeclaration: Sendable {
  /// A deviation that somebody answers for.
  public struct Exception: Sendable {
    public var detection: String
    public var owner: String
    public var reason: String
    /// Nanoseconds since 1970; after it the exception does not hold.
    public var expires: Int64
    public init(detection: String, owner: String, reason: String, expires: Int64) {
      self.detection = detection
      self.owner = owner
      self.reason = reason
      self.expires = expires
    }
  }

  /// What it may call; an empty list allows everything of its kind.
  public struct Scope: Sendable {
    public var actions: [Glob] = []
    public var services: [Glob] = []
    public var regions: [Glob] = []
    public var accounts: [Glob] = []
    public var resources: [Glob] = []
    public var zones: [Glob] = []
    public var tools: [Glob] = []
    /// Hours of the day, UTC; empty: all.
    public var hours: Set<Int> = []
    public init() {}
  }

  public var id = ""
  public var matches: [Glob] = []
  public var kind: String?
  public var owner: String?
  public var purpose: String?
  public var status = "active"
  public var scope: Scope?
  public var duties: Set<String> = []
  /// What may attest its credentials; empty: anything.
  public var attestedBy: [Glob] = []
  public var attestedByTexts: [String] = []
  public var exceptions: [Exception] = []

  public init() {}

  public static let knownDuties = [
    "rotator", "secret-manager", "scanner", "backup", "break-glass", "deployer", "broker",
  ]
}

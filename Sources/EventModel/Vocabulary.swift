// The closed vocabularies of a normalized event. Raw values are stored: append, never renumber.

/// A closed vocabulary: a small number and a word for each case. O(1), no reflection.
public protocol Worded: RawRepresentable, CaseIterable, Sendable where RawValue == UInt8 {
  /// By raw value.
  static var words: [String] { get }
}

extension Worded {
  public var name: String { Self.words[Int(rawValue)] }
  public init?(name: String) {
    guard let n = Self.words.firstIndex(of: name) else { return nil }
    self.init(rawValue: UInt8(n))
  }
}

/// What kind of principal acts.
public enum ActorKind: UInt8, Worded {
  case unknown, human, role, serviceAccount, workload, agent, service, root, anonymous, longLivedUser

  /// Acts without a person at the keyboard.
  public var isMachine: Bool {
    switch self {
    case .role, .serviceAccount, .workload, .agent, .longLivedUser: true
    case .unknown, .human, .service, .root, .anonymous: false
    }
  }

  public static let words = [
    "unknown", "human", "role", "service_account", "workload", "agent", "service", "root", "anonymous", "user",
  ]
}

/// What kind of credential was presented or minted.
public enum CredentialKind: UInt8, Worded {
  case none, longLivedKey, stsSession, boundJWT, legacyJWT, x509, vaultToken, oauthAccess, oauthRefresh, pat
  case appInstallation, apiKey, password, cookie, agentSession

  /// Valid until somebody revokes it.
  public var isLongLived: Bool {
    switch self {
    case .longLivedKey, .legacyJWT, .pat, .apiKey, .password: true
    default: false
    }
  }

  public static let words = [
    "none", "long_lived_key", "sts_session", "bound_jwt", "legacy_jwt", "x509", "vault_token", "oauth_access",
    "oauth_refresh", "pat", "app_installation", "api_key", "password", "cookie", "agent_session",
  ]
}

/// What an action does (events.md 1.2), and how much it may do.
public enum Verb: UInt8, Worded {
  case other, read, list, write, delete, secretRead, mint, authn, exec, launch, grant, logcfg, config, data, tool

  /// 0 read, 1 write in the own namespace, 2 secret read, 3 mint, grant, exec or launch, 4 log control.
  public var privilege: Int {
    switch self {
    case .other, .read, .list, .authn, .data: 0
    case .write, .delete, .config, .tool: 1
    case .secretRead: 2
    case .mint, .exec, .launch, .grant: 3
    case .logcfg: 4
    }
  }

  public static let words = [
    "other", "read", "list", "write", "delete", "secret_read", "mint", "authn", "exec", "launch", "grant", "logcfg",
    "config", "data", "tool",
  ]
}

public enum Outcome: UInt8, Worded {
  case unknown, success, denied, error, throttled, dryRun

  public static let words = ["unknown", "success", "denied", "error", "throttled", "dry_run"]
  /// The act took place, as far as the log tells.
  public var tookPlace: Bool { self == .success || self == .unknown }
}

public enum AddressKind: UInt8, Worded {
  case none, `public`, `private`, cgnat, service, `internal`, loopback, malformed
  public static let words = ["none", "public", "private", "cgnat", "service", "internal", "loopback", "malformed"]
}

public enum ClientOS: UInt8, Worded {
  case none, linux, windows, darwin, browser
  public static let words = ["none", "linux", "windows", "darwin", "browser"]
}

public enum TimePrecision: UInt8, Sendable {
  case seconds, milliseconds, microseconds, nanoseconds
  /// Two events closer than this are concurrent, never "before".
  public var uncertainty: Int64 {
    switch self {
    case .seconds: 1_000_000_000
    case .milliseconds: 1_000_000
    case .microseconds: 1000
    case .nanoseconds: 1
    }
  }
}

/// How sure a lineage edge is (lineage.md 3.1). Ordered: a path is as good as its weakest edge.
public enum Grade: UInt8, Worded, Comparable {
  case none, candidate, strong, asserted, exact
  public static func < (a: Grade, b: Grade) -> Bool { a.rawValue < b.rawValue }
  public static let words = ["none", "candidate", "strong", "asserted", "exact"]
}

public enum Severity: UInt8, Worded, Comparable {
  case informational, low, medium, high, critical
  public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
  public static let words = ["informational", "low", "medium", "high", "critical"]
  public func raised(by steps: Int) -> Severity {
    Severity(rawValue: UInt8(max(0, min(4, Int(rawValue) + steps))))!
  }
}

/// The eight families a finding belongs to (product.md).
public enum Family: String, Sendable, CaseIterable {
  case tokenReuse = "token-reuse"
  case lateralMovement = "lateral-movement"
  case outOfScope = "out-of-scope"
  case longLivedSecret = "long-lived-secret"
  case interactiveUse = "interactive-use"
  case attestationMismatch = "attestation-mismatch"
  case lifecycle = "lifecycle"
  case logIntegrity = "log-integrity"
}

/// Bits about an event or its subject (events.md 1.4).
public struct EventFlags: OptionSet, Sendable, Hashable {
  public var rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  public static let serviceMade = EventFlags(rawValue: 1 << 0)
  public static let console = EventFlags(rawValue: 1 << 1)
  public static let interactiveLogin = EventFlags(rawValue: 1 << 2)
  public static let mfa = EventFlags(rawValue: 1 << 3)
  public static let crossTenant = EventFlags(rawValue: 1 << 4)
  public static let delegated = EventFlags(rawValue: 1 << 5)
  public static let impersonated = EventFlags(rawValue: 1 << 6)
  public static let chained = EventFlags(rawValue: 1 << 7)
  public static let readOnly = EventFlags(rawValue: 1 << 8)
  public static let attested = EventFlags(rawValue: 1 << 9)
  public static let addressSpoofable = EventFlags(rawValue: 1 << 10)
  public static let redactedSecret = EventFlags(rawValue: 1 << 11)
  public static let sharedCopy = EventFlags(rawValue: 1 << 12)
  public static let addendum = EventFlags(rawValue: 1 << 13)
  public static let truncated = EventFlags(rawValue: 1 << 14)
  public static let noTime = EventFlags(rawValue: 1 << 15)
  public static let future = EventFlags(rawValue: 1 << 16)
  public static let deliveredV1 = EventFlags(rawValue: 1 << 17)
  public static let deliveredV2 = EventFlags(rawValue: 1 << 18)
  /// A record that repeats an act told by another one (a stage, a request without its response).
  public static let echo = EventFlags(rawValue: 1 << 19)
  public static let staleToken = EventFlags(rawValue: 1 << 20)
  public static let noNewline = EventFlags(rawValue: 1 << 21)
  public static let systemActor = EventFlags(rawValue: 1 << 22)
  /// Another record has the same id and other content: one of them was forged or damaged. Set by the window.
  public static let idConflict = EventFlags(rawValue: 1 << 23)

  public static let names: [(String, EventFlags)] = [
    ("service_made", .serviceMade), ("console", .console), ("interactive_login", .interactiveLogin), ("mfa", .mfa),
    ("cross_tenant", .crossTenant), ("delegated", .delegated), ("impersonated", .impersonated), ("chained", .chained),
    ("read_only", .readOnly), ("attested", .attested), ("address_spoofable", .addressSpoofable),
    ("redacted_secret", .redactedSecret), ("shared_copy", .sharedCopy), ("addendum", .addendum),
    ("truncated", .truncated), ("no_time", .noTime), ("future", .future), ("delivered_v1", .deliveredV1),
    ("delivered_v2", .deliveredV2), ("echo", .echo), ("stale_token", .staleToken), ("no_newline", .noNewline),
    ("system_actor", .systemActor),
  ]
}

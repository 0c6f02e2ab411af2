import EventModel

/// How a session came to be: decides what it is locked to (detections.md 4.3).
public enum SessionClass: UInt8, Sendable {
  case other, instance, task, podIdentity, federatedPod, function, pipeline, certificate, leased, longLivedKey
  case serviceLinked, clusterToken, vaultToken, accessToken, agent, roleSession, human

  /// Runs where an attested workload runs: a second place is theft until explained.
  public var isAttested: Bool {
    switch self {
    case .instance, .task, .podIdentity, .federatedPod, .pipeline, .certificate, .clusterToken: true
    default: false
    }
  }

  /// Locked to its first origin (TR1).
  public var isLockable: Bool {
    switch self {
    case .instance, .task, .podIdentity, .federatedPod, .pipeline, .certificate, .leased: true
    default: false
    }
  }

  /// One bearer token: any second origin is one too many (TR2).
  public var isSingleToken: Bool {
    switch self {
    case .clusterToken, .vaultToken, .accessToken: true
    default: false
    }
  }

  public var words: String {
    switch self {
    case .other: "credential"
    case .instance: "instance session"
    case .task: "task session"
    case .podIdentity: "Pod Identity session"
    case .federatedPod: "pod's web-identity session"
    case .function: "function session"
    case .pipeline: "pipeline session"
    case .certificate: "certificate session"
    case .leased: "leased credential"
    case .longLivedKey: "long-lived key"
    case .serviceLinked: "service-linked session"
    case .clusterToken: "service-account token"
    case .vaultToken: "Vault token"
    case .accessToken: "access token"
    case .agent: "agent session"
    case .roleSession: "role session"
    case .human: "person's session"
    }
  }
}

import Normalization

/// What the keys of logs are called, by the column they fill: phrases of lower-case words, and how much each says.
enum ColumnPhrases {
  typealias Column = SourceDefinition.ColumnName

  /// In the order in which columns choose their fields.
  static let order: [Column] = [
    .time, .address, .agent, .id, .expiresAt, .issuedAt, .credential, .session, .outcome, .action, .actor, .actorName,
    .tenant, .region, .service, .resource, .error, .onBehalf, .issuer, .attestor, .trace,
  ]

  static let phrases: [Column: [(String, Int)]] = [
    .time: [
      ("timestamp", 10), ("event time", 12), ("time", 10), ("ts", 9), ("datetime", 10), ("date time", 10), ("date", 6),
      ("occurred at", 11), ("created at", 8), ("logged at", 7), ("start time", 8), ("created", 6), ("when", 7),
      ("at", 4),
    ],
    .address: [
      ("source ip", 10), ("client ip", 10), ("remote ip", 10), ("caller ip", 10), ("remote addr", 10),
      ("remote address", 10), ("ip address", 8), ("ip", 7), ("src", 6), ("source", 4), ("client", 4), ("peer", 5),
    ],
    .agent: [("user agent", 10), ("useragent", 10), ("ua", 8), ("http user agent", 10)],
    .id: [
      ("event id", 11), ("audit id", 11), ("log id", 10), ("insert id", 10), ("record id", 9), ("uuid", 9), ("guid", 8),
      ("id", 8), ("request id", 7), ("message id", 7), ("eid", 6),
    ],
    .expiresAt: [
      ("expires at", 10), ("expires", 9), ("exp", 9), ("expiry", 9), ("expiration", 9), ("not after", 9),
      ("valid until", 9),
    ],
    .issuedAt: [("issued at", 10), ("iat", 10), ("auth time", 8), ("token created", 8), ("login time", 6)],
    .credential: [
      ("token id", 10), ("access key id", 11), ("access key", 8), ("key id", 9), ("credential id", 10), ("jti", 10),
      ("credential", 7), ("api key id", 11), ("fingerprint", 7), ("serial number", 6), ("accessor", 8), ("kid", 5),
      ("token hash", 10),
    ],
    .session: [("session id", 10), ("session", 8), ("conversation id", 9), ("sid", 7), ("run id", 6), ("job id", 5)],
    .outcome: [
      ("outcome", 10), ("result", 9), ("status", 8), ("success", 9), ("allowed", 9), ("decision", 9), ("authorized", 8),
      ("granted", 8), ("status code", 9), ("response code", 9), ("http status", 8), ("ok", 7), ("code", 5),
      ("denied", 7), ("response", 4), ("state", 3),
    ],
    .action: [
      ("action", 10), ("event name", 10), ("event type", 9), ("operation", 9), ("event action", 10),
      ("operation name", 10),
      ("activity", 7), ("verb", 8), ("method", 7), ("event", 7), ("op", 7), ("api", 6), ("rpc", 7), ("command", 6),
      ("procedure", 6), ("type", 3), ("name", 2), ("what", 5),
    ],
    .actor: [
      ("principal id", 11), ("actor id", 11), ("user id", 10), ("service account id", 11), ("client id", 8),
      ("principal", 9), ("actor", 9), ("user", 8), ("username", 8), ("user name", 8), ("identity", 9),
      ("service account", 9), ("caller", 9), ("subject", 7), ("sub", 7), ("requester", 8), ("login", 5), ("email", 6),
      ("app id", 6), ("performed by", 9), ("initiated by", 9), ("who", 7), ("account", 4), ("by", 4),
    ],
    .actorName: [
      ("actor name", 11), ("principal name", 11), ("service account", 10), ("user name", 9), ("username", 9),
      ("display name", 9), ("principal", 8), ("actor", 8), ("user", 8), ("email", 8), ("login", 7), ("client name", 8),
      ("app name", 7), ("identity", 8), ("caller", 8), ("subject", 6),
    ],
    .tenant: [
      ("tenant id", 11), ("tenant", 10), ("organization id", 10), ("organization", 9), ("org id", 10), ("org", 9),
      ("account id", 9), ("workspace", 7), ("project id", 8), ("project", 7), ("cluster", 7), ("customer", 5),
      ("account", 5), ("environment", 3),
    ],
    .region: [("region", 10), ("location", 5), ("zone", 5), ("datacenter", 6)],
    .service: [
      ("service name", 11), ("service", 9), ("event source", 10), ("component", 7), ("application", 6), ("product", 6),
      ("api group", 6), ("app", 4), ("module", 5),
    ],
    .resource: [
      ("resource name", 11), ("resource id", 11), ("resource", 10), ("target", 8), ("object", 8), ("object name", 9),
      ("path", 8), ("uri", 8), ("url", 8), ("request path", 9), ("bucket", 6), ("secret name", 8), ("repository", 8),
      ("repo", 8), ("file", 6), ("table", 5), ("entity", 5), ("item", 4),
    ],
    .error: [
      ("error message", 11), ("error", 9), ("error code", 9), ("failure reason", 11), ("denial reason", 11),
      ("reason", 8),
      ("exception", 7),
    ],
    .onBehalf: [
      ("on behalf of", 11), ("on behalf", 10), ("impersonator", 9), ("impersonated by", 9), ("requested for", 7),
    ],
    .issuer: [("issuer", 9), ("iss", 9), ("idp", 7), ("identity provider", 9), ("auth method", 7)],
    .attestor: [("pod uid", 11), ("instance id", 9)],
    .trace: [("trace id", 11), ("correlation id", 10), ("trace", 6), ("request id", 6)],
  ]

  /// A key with one of these words is something else.
  static let avoided: [Column: Set<String>] = [
    .time: [
      "expires", "expiry", "expiration", "exp", "until", "end", "issued", "iat", "nbf", "after", "updated", "modified",
      "expire", "last",
    ],
    .address: ["dst", "dest", "destination", "server", "target", "listen", "local", "upstream"],
    .id: [
      "user", "actor", "principal", "tenant", "org", "organization", "project", "session", "parent", "client", "key",
      "token", "resource", "account", "instance", "pod", "trace", "credential", "jti",
    ],
    .actor: [
      "agent", "target", "type", "kind", "ip", "address", "behalf", "role", "host", "region", "token", "key", "session",
      "uid", "time", "method", "owner",
    ],
    .actorName: [
      "agent", "target", "type", "kind", "ip", "address", "behalf", "host", "region", "token", "key", "session", "uid",
      "id", "method", "resource", "service_name", "event", "bucket",
    ],
    .action: [
      "id", "ip", "actor", "user", "principal", "resource", "error", "status", "agent", "response", "credential",
    ],
    .outcome: ["id", "message", "time", "reason", "size", "bytes"],
    .resource: ["type", "kind", "agent", "actor", "user", "ip", "method", "time", "region"],
    .service: ["account", "ip", "version", "id"],
    .session: ["type", "time", "start"],
    .credential: ["type", "kind", "secret", "issued", "expires", "created"],
    .tenant: ["name", "service", "type"],
    .error: ["count"],
  ]
}

/// How logs say how a call ended.
enum OutcomeWords {
  private static let words: [(String, Set<String>)] = [
    (
      "success",
      [
        "success", "succeeded", "successful", "ok", "okay", "allow", "allowed", "grant", "granted", "permit",
        "permitted",
        "completed", "complete", "pass", "passed", "accepted", "approved", "done",
      ]
    ),
    (
      "denied",
      [
        "deny", "denied", "forbidden", "unauthorized", "unauthorised", "unauthenticated", "refused", "blocked",
        "rejected",
        "accessdenied", "permissiondenied", "notallowed", "disallowed",
      ]
    ),
    (
      "error",
      [
        "fail", "failed", "failure", "error", "errored", "timeout", "cancelled", "canceled", "aborted", "notfound",
        "exception",
      ]
    ),
    ("throttled", ["throttled", "ratelimited", "throttle"]),
  ]

  /// The outcome that a value means; nil if none. Booleans and status codes by what their key is called.
  static func word(_ value: String, key: String) -> String? {
    let text = String(
      decoding: value.lowercased().utf8.filter { $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self)
    if text == "true" || text == "false" {
      let inverted = ["denied", "blocked", "failed", "error", "failure"].contains { key.contains($0) }
      let good = (text == "true") != inverted
      let decides = ["allow", "authoriz", "granted", "denied", "permit", "blocked"].contains { key.contains($0) }
      return good ? "success" : decides ? "denied" : "error"
    }
    if let code = Int(text), text.utf8.count == 3 { return status(code) }
    return words.first { $0.1.contains(text) }?.0
  }

  private static func status(_ code: Int) -> String? {
    switch code {
    case 401, 403, 407: "denied"
    case 429: "throttled"
    case 100..<400: "success"
    case 400..<600: "error"
    default: nil
    }
  }

  static let statusTable = [
    ("2*", "success"), ("3*", "success"), ("401", "denied"), ("403", "denied"), ("429", "throttled"), ("4*", "error"),
    ("5*", "error"),
  ]
}

/// What an action does, from the words of its name.
enum VerbWords {
  private static let words: [(String, Set<String>)] = [
    ("logcfg", ["audit", "logging", "trail"]),
    ("grant", ["grant", "attach", "assign", "authorize", "permission", "permissions", "policy", "acl"]),
    ("mint", ["mint", "issue", "assume", "exchange", "impersonate", "rotate"]),
    ("authn", ["login", "logon", "signin", "logout", "authenticate", "auth", "authentication", "sso", "mfa"]),
    ("exec", ["exec", "execute", "shell", "ssh", "attachshell"]),
    ("launch", ["launch", "deploy", "start", "spawn", "schedule"]),
    ("delete", ["delete", "remove", "destroy", "purge", "drop", "revoke", "terminate"]),
    ("list", ["list", "search", "query", "find", "scan", "enumerate", "index"]),
    (
      "write",
      ["create", "put", "update", "write", "set", "add", "upload", "patch", "modify", "insert", "post", "edit", "push"]
    ),
    (
      "read",
      ["get", "read", "describe", "fetch", "view", "download", "show", "head", "pull", "open", "lookup", "access"]
    ),
    ("tool", ["tool", "invoke", "call"]),
  ]

  /// The verb of an action; nil where its name does not say.
  static func verb(_ action: String) -> String? {
    let said = FieldProfile.words(action)
    let all = Set(said)
    let isSecret = !all.isDisjoint(with: ["secret", "secrets", "password", "credential", "credentials"])
    let reads = !all.isDisjoint(with: ["get", "read", "access", "fetch", "view", "reveal", "retrieve", "download"])
    if isSecret, reads { return "secret_read" }
    let makes = !all.isDisjoint(with: ["create", "issue", "generate", "new", "add", "mint", "refresh"])
    if makes, !all.isDisjoint(with: ["token", "key", "credential", "session", "accesskey", "certificate"]) {
      return "mint"
    }
    return words.first { !$0.1.isDisjoint(with: all) }?.0
  }
}

/// What kind of principal a type field says.
enum KindWords {
  static func kind(_ value: String) -> String? {
    let all = Set(FieldProfile.words(value))
    func has(_ words: String...) -> Bool { !all.isDisjoint(with: words) }
    if has("agent", "assistant") { return "agent" }
    if has("service", "machine", "robot", "bot", "app", "application", "sa", "serviceaccount", "api", "integration") {
      return "service_account"
    }
    if has("workload", "pod", "instance", "job", "node", "ci") { return "workload" }
    if has("role") { return "role" }
    if has("system", "internal", "platform") { return "service" }
    if has("user", "human", "person", "member", "employee", "admin", "customer") { return "human" }
    return has("anonymous", "guest") ? "anonymous" : nil
  }
}

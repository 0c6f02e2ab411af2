/// Words about Kubernetes RBAC rules (a `rules` array): what the role lets its holder do.
///
/// `wildcard-resources`, `wildcard-verbs`, `escalate`, `bind`, `impersonate`, `pods-exec`, `pods-create`, `token-create`,
/// `secrets-read`, `secrets-write`, `nodes-proxy`, `csr-approve`, `write` (any changing verb), `read` (only reading ones).
/// The dangerous list is that of Kubernetes' RBAC good practices.
enum RoleReader {
  private static let changing: Set<String> = ["create", "update", "patch", "delete", "deletecollection", "*"]
  private static let reading: Set<String> = ["get", "list", "watch", "*"]

  static func words(_ text: Span<UInt8>) -> [[UInt8]] {
    guard let rules = JSONTree.parse(text) else { return [] }
    var words: Set<String> = []
    for rule in rules.list {
      let resources = rule["resources"]?.strings ?? []
      let verbs = Set(rule["verbs"]?.strings ?? [])
      let writes = !verbs.isDisjoint(with: changing)
      let reads = !verbs.isDisjoint(with: reading)
      if resources.contains("*") || resources.contains("*/*") { words.insert("wildcard-resources") }
      if verbs.contains("*"), !resources.isEmpty { words.insert("wildcard-verbs") }
      for verb in ["escalate", "bind", "impersonate"] where verbs.contains(verb) { words.insert(verb) }
      let urls = rule["nonResourceURLs"]?.strings ?? []
      if !resources.isEmpty || !urls.isEmpty { words.insert(writes ? "write" : "read") }
      for resource in resources {
        switch resource {
        case "pods/exec", "pods/attach": words.insert("pods-exec")
        case "pods" where writes: words.insert("pods-create")
        case "serviceaccounts/token" where writes: words.insert("token-create")
        case "secrets":
          if reads { words.insert("secrets-read") }
          if writes { words.insert("secrets-write") }
        case "nodes/proxy", "nodes/*": words.insert("nodes-proxy")
        case "certificatesigningrequests/approval" where writes: words.insert("csr-approve")
        default: break
        }
      }
    }
    return words.sorted().map { Array($0.utf8) }
  }
}

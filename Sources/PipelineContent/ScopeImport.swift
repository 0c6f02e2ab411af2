import EventModel
import Yams

/// Scopes from what people already have: AWS IAM policy documents and Kubernetes roles with their bindings.
public struct ScopeImport: Sendable {
  public struct Entry: Sendable {
    public var identity: String
    public var kind: String
    public var services: Set<String> = []
    public var actions: Set<String> = []
    public var regions: Set<String> = []
    public var resources: Set<String> = []
  }

  public private(set) var entries: [Entry] = []
  /// What the documents say and a scope cannot.
  public private(set) var notes: [String] = []

  /// - Parameter identity: whom an IAM policy is for; a policy does not say.
  /// - Throws: what is wrong, with its place.
  public init(_ text: String, file: String, identity: String?) throws(ContentError) {
    var documents: [YAMLField] = []
    for node in try ScopeImport.nodes(text, file) { documents.append(YAMLField(node: node, file: file, name: "")) }
    var items: [YAMLField] = []
    for document in documents {
      let members = try ScopeImport.members(document)
      items += members["kind"] != nil ? members["items"]?.list() ?? [document] : [document]
    }
    var isKubernetes = false
    for item in items { if try ScopeImport.members(item)["kind"] != nil { isKubernetes = true } }
    if isKubernetes {
      try roles(items)
    } else {
      for item in items { try policy(item, identity) }
    }
    if entries.isEmpty {
      throw ContentError(
        file: file, reason: "holds no IAM policy and no Kubernetes role that is bound to a service account")
    }
  }

  private static func nodes(_ text: String, _ file: String) throws(ContentError) -> [Node] {
    do { return try Array(Yams.compose_all(yaml: text)) } catch {
      throw ContentError(file: file, reason: "is neither JSON nor YAML")
    }
  }

  private static func members(_ field: YAMLField) throws(ContentError) -> [String: YAMLField] {
    var all: [String: YAMLField] = [:]
    for member in try field.members() { all[member.key] = member.value }
    return all
  }

  // MARK: AWS

  private mutating func policy(_ document: YAMLField, _ identity: String?) throws(ContentError) {
    var members = try ScopeImport.members(document)
    // What `aws iam get-role-policy` and `get-policy-version` print.
    for wrapper in ["PolicyVersion", "PolicyDocument", "Document"] {
      if let inner = members[wrapper], inner.isMapping { members = try ScopeImport.members(inner) }
    }
    guard let statements = members["Statement"] else { throw document.fail("is no IAM policy: it has no 'Statement'") }
    guard let identity else { throw document.fail("an IAM policy does not say whom it is for; --identity ARN does") }
    var entry = Entry(identity: identity, kind: "role")
    var isUnbounded = false
    for statement in statements.list() {
      let said = try ScopeImport.members(statement)
      guard try said["Effect"]?.text() == "Allow" else {
        notes.append("a Deny statement is left out: a scope says what is allowed")
        continue
      }
      if said["NotAction"] != nil {
        notes.append("NotAction cannot be said in a scope: actions are left open")
        isUnbounded = true
      }
      for action in try said["Action"]?.texts() ?? [] { take(action, &entry) }
      for resource in try said["Resource"]?.texts() ?? [] { entry.resources.insert(resource) }
      for condition in try said["Condition"]?.members() ?? [] where condition.key.hasPrefix("String") {
        let value = condition.value
        if let regions = try ScopeImport.members(value)["aws:RequestedRegion"] {
          entry.regions.formUnion(try regions.texts())
        }
      }
    }
    if isUnbounded || entry.actions.contains("*") { (entry.actions, entry.services) = ([], []) }
    // Logs name resources in other ways than policies do: bound by action, and let people add what they know.
    if !entry.resources.isEmpty, entry.resources != ["*"] {
      notes.append(
        "resources are left out (\(entry.resources.sorted().prefix(3).joined(separator: ", "))): add those that your logs name"
      )
    }
    entry.resources = []
    entries.append(entry)
  }

  private mutating func take(_ action: String, _ entry: inout Entry) {
    guard let colon = action.firstIndex(of: ":") else {
      entry.actions.insert(action)
      return
    }
    let service = ScopeImport.logged[String(action[..<colon]).lowercased()] ?? String(action[..<colon]).lowercased()
    entry.services.insert(service)
    for name in ScopeImport.calls["\(service):\(action[action.index(after: colon)...])"] ?? [
      String(action[action.index(after: colon)...])
    ] {
      entry.actions.insert("\(service):\(name)")
    }
  }

  /// Services whose name in a policy is not the one of their event source.
  private static let logged = [
    "cloudwatch": "monitoring", "ses": "email", "states": "states", "execute-api": "apigateway",
    "elasticfilesystem": "elasticfilesystem",
  ]

  /// Permissions that are not the name of a call.
  private static let calls: [String: [String]] = [
    "s3:ListBucket": ["ListObjects", "ListObjectsV2", "HeadBucket"], "s3:GetObject": ["GetObject", "HeadObject"],
    "s3:PutObject": ["PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "CopyObject"],
    "s3:DeleteObject": ["DeleteObject", "DeleteObjects"], "s3:ListAllMyBuckets": ["ListBuckets"],
    "lambda:InvokeFunction": ["Invoke", "InvokeFunction"],
  ]

  // MARK: Kubernetes

  private mutating func roles(_ items: [YAMLField]) throws(ContentError) {
    var rules: [String: [YAMLField]] = [:]
    for item in items {
      let members = try ScopeImport.members(item)
      guard let kind = try members["kind"]?.text(), kind == "Role" || kind == "ClusterRole" else { continue }
      let meta = try members["metadata"].map { m throws(ContentError) in try ScopeImport.members(m) } ?? [:]
      rules["\(kind)/\(try meta["name"]?.text() ?? "")"] = members["rules"]?.list() ?? []
    }
    for item in items {
      let members = try ScopeImport.members(item)
      guard let kind = try members["kind"]?.text(), kind == "RoleBinding" || kind == "ClusterRoleBinding" else {
        continue
      }
      let reference = try members["roleRef"].map { r throws(ContentError) in try ScopeImport.members(r) } ?? [:]
      let name = "\(try reference["kind"]?.text() ?? "")/\(try reference["name"]?.text() ?? "")"
      guard let bound = rules[name] else {
        notes.append("\(name) is bound and not in the file: its rules are missing")
        continue
      }
      for subject in members["subjects"]?.list() ?? [] {
        let said = try ScopeImport.members(subject)
        guard try said["kind"]?.text() == "ServiceAccount" else { continue }
        let account =
          "system:serviceaccount:\(try said["namespace"]?.text() ?? "default"):\(try said["name"]?.text() ?? "")"
        let at = entries.firstIndex { $0.identity == account } ?? entries.count
        if at == entries.count { entries.append(Entry(identity: account, kind: "service_account")) }
        for rule in bound { try take(rule, &entries[at]) }
      }
    }
    if entries.isEmpty, !rules.isEmpty {
      notes.append("roles without a binding say nothing of an identity: add the RoleBinding to the file")
    }
  }

  private func take(_ rule: YAMLField, _ entry: inout Entry) throws(ContentError) {
    let said = try ScopeImport.members(rule)
    let verbs = try said["verbs"]?.texts() ?? []
    for group in try said["apiGroups"]?.texts() ?? [] { entry.services.insert(group.isEmpty ? "core" : group) }
    for verb in verbs {
      for resource in try said["resources"]?.texts() ?? [] { entry.actions.insert("\(verb) \(resource)") }
      for url in try said["nonResourceURLs"]?.texts() ?? [] {
        entry.actions.insert("\(verb) \(url)")
        entry.services.insert("core")
      }
    }
  }

  // MARK: Text

  /// A part of `identities.yml`, sorted.
  public var text: String {
    var out = "identities:\n"
    for entry in entries.sorted(by: { $0.identity < $1.identity }) {
      out += "  - id: \(YAMLText.quoted(entry.identity))\n    match: \(YAMLText.list([Glob.escaped(entry.identity)]))\n"
      out += "    kind: \(entry.kind)\n    owner: \"\"  # who answers for it\n    purpose: \"\"  # what it is for\n"
      let parts = [("services", entry.services), ("actions", entry.actions), ("regions", entry.regions)].filter {
        !$0.1.isEmpty
      }
      if parts.isEmpty {
        out += "    # everything is allowed: there is nothing to declare\n"
        continue
      }
      out += "    scope:\n"
      for (name, values) in parts {
        out += "      \(name):\n"
        for value in values.sorted() { out += "        - \(YAMLText.quoted(value))\n" }
      }
    }
    return out
  }
}

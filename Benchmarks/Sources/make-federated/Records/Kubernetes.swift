import Synthesis

/// Who calls a Kubernetes API server.
struct ClusterCaller {
  var cluster: String
  var user: JSON
  var name: String
  var address: String
  var agent: String

  /// A kubelet, by its certificate.
  static func node(_ cluster: String, _ node: String, fingerprint: String, address: String) -> ClusterCaller {
    let name = "system:node:\(node)"
    return ClusterCaller(
      cluster: cluster,
      user: [
        "username": .string(name), "groups": ["system:nodes", "system:authenticated"],
        "extra": ["authentication.kubernetes.io/credential-id": [.string("X509SHA256=\(fingerprint)")]],
      ], name: name, address: address, agent: "kubelet/v1.31.4 (linux/amd64) kubernetes/a78aa47")
  }

  /// A service account's token; bound to a pod where one is named.
  static func account(
    _ cluster: String, _ namespace: String, _ name: String, token: String,
    pod: (name: String, uid: String, node: String)? = nil,
    address: String, agent: String = "client-go/v0.31.0 (linux/amd64)"
  ) -> ClusterCaller {
    var extra: [(String, JSON)] = [("authentication.kubernetes.io/credential-id", [.string("JTI=\(token)")])]
    if let pod {
      extra += [
        ("authentication.kubernetes.io/pod-name", [.string(pod.name)]),
        ("authentication.kubernetes.io/pod-uid", [.string(pod.uid)]),
        ("authentication.kubernetes.io/node-name", [.string(pod.node)]),
      ]
    }
    let user = "system:serviceaccount:\(namespace):\(name)"
    return ClusterCaller(
      cluster: cluster,
      user: [
        "username": .string(user), "uid": .string(SeededRandom.uuid(of: cluster + user)),
        "groups": ["system:serviceaccounts", .string("system:serviceaccounts:\(namespace)"), "system:authenticated"],
        "extra": .object(extra),
      ], name: user, address: address, agent: agent)
  }

  /// An AWS session, as EKS maps it.
  static func aws(_ cluster: String, _ session: AWSSession, address: String, agent: String) -> ClusterCaller {
    ClusterCaller(
      cluster: cluster,
      user: [
        "username": .string("arn:aws:sts::\(session.account):assumed-role/\(session.role)/\(session.name)"),
        "uid": .string("aws-iam-authenticator:\(session.account):\(session.roleID)"),
        "groups": ["deployers", "system:authenticated"],
        "extra": [
          "accessKeyId": [.string(session.key)], "sessionName": [.string(session.name)],
          "arn": [.string("arn:aws:sts::\(session.account):assumed-role/\(session.role)/\(session.name)")],
          "canonicalArn": [.string(World.role(session.account, session.role))],
          "principalId": [.string(session.roleID)],
        ],
      ], name: World.role(session.account, session.role), address: address, agent: agent)
  }
}

extension SeededRandom {
  /// The same id for the same name.
  static func uuid(of name: String) -> String {
    var random = SeededRandom(seed: 7, stream: name)
    return random.uuid()
  }
}

extension Corpus {
  /// Writes one audit record of a cluster; gives its id.
  @discardableResult func kubernetes(
    _ time: Double, _ caller: ClusterCaller, _ verb: String, _ resource: String, _ sub: String? = nil,
    namespace: String? = nil, name: String? = nil, uid: String? = nil, code: Int = 200, request: JSON? = nil,
    annotations: [(String, JSON)] = [], query: String = "", group: String? = nil, extra: [(String, JSON)] = []
  ) -> String {
    let id = uuid()
    var object: [(String, JSON)] = [("resource", .string(resource))]
    if let namespace { object.append(("namespace", .string(namespace))) }
    if let name { object.append(("name", .string(name))) }
    if let uid { object.append(("uid", .string(uid))) }
    if let group { object.append(("apiGroup", .string(group))) }
    object.append(("apiVersion", "v1"))
    if let sub { object.append(("subresource", .string(sub))) }
    let path =
      "/api/v1" + (namespace.map { "/namespaces/\($0)" } ?? "") + "/\(resource)" + (name.map { "/\($0)" } ?? "")
      + (sub.map { "/\($0)" } ?? "")
    let decision: [(String, JSON)] = [
      ("authorization.k8s.io/decision", .string(code == 403 ? "forbid" : "allow")), ("authorization.k8s.io/reason", ""),
    ]
    let record: JSON = [
      "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": request == nil ? "Metadata" : "Request",
      "auditID": .string(id), "stage": "ResponseComplete", "requestURI": .string(path + query), "verb": .string(verb),
      "user": caller.user, "sourceIPs": [.string(caller.address)], "userAgent": .string(caller.agent),
      "objectRef": .object(object),
      "responseStatus": ["metadata": .object([]), "code": .int(code)],
      "requestReceivedTimestamp": .string(day.iso(time, digits: 6)),
      "stageTimestamp": .string(day.iso(time + 0.004, digits: 6)),
      "annotations": .object(decision + annotations), "cluster": .string(caller.cluster),
    ]
    add(.kubernetes, time, record.with(("requestObject", request)).merging(extra))
    return id
  }

  /// A kubelet asks for its pod's token; gives the token's id.
  @discardableResult func token(
    _ time: Double, _ node: ClusterCaller, _ namespace: String, _ account: String, pod: (name: String, uid: String)?,
    audience: String, seconds: Int = 86_400
  ) -> (token: String, event: String) {
    let token = uuid()
    var spec: [(String, JSON)] = [
      ("audiences", [.string(audience)]), ("expirationSeconds", .int(seconds)),
    ]
    if let pod {
      spec.append(
        (
          "boundObjectRef",
          ["kind": "Pod", "apiVersion": "v1", "name": .string(pod.name), "uid": .string(pod.uid)]
        ))
    }
    let event = kubernetes(
      time, node, "create", "serviceaccounts", "token", namespace: namespace, name: account, code: 201,
      request: [
        "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "spec": .object(spec),
      ], annotations: [("authentication.kubernetes.io/issued-credential-id", .string("JTI=\(token)"))])
    return (token, event)
  }
}

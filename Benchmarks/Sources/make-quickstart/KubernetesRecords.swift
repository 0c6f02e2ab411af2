import Synthesis

/// Who calls the API server: the `user` object, the address and the client.
struct KubernetesCaller {
  let user: JSON
  let address: String
  let agent: String
  var reason = ""
}

/// One request to the API server.
struct KubernetesCall {
  var verb, uri: String
  var object: JSON?
  var code = 200
  var level = "Metadata"
  var request: JSON?
  var annotations: [(String, JSON)] = []
  /// Seconds between receipt and completion; a watch lasts minutes and logs its start as well.
  var duration = 0.0
  var stages = ["ResponseComplete"]

  /// A namespaced or cluster-wide resource request.
  static func on(
    _ resource: String, _ verb: String, group: String = "", in namespace: String? = nil, name: String? = nil,
    sub: String? = nil, query: String = ""
  ) -> KubernetesCall {
    let root = group.isEmpty ? "/api/v1" : "/apis/\(group)/v1"
    let place = namespace.map { "/namespaces/\($0)" } ?? ""
    let tail = (name.map { "/\($0)" } ?? "") + (sub.map { "/\($0)" } ?? "") + query
    let base: JSON = ["resource": .string(resource)]
    let object = base.with(
      ("namespace", namespace.map { .string($0) }), ("name", name.map { .string($0) }),
      ("apiGroup", group.isEmpty ? nil : .string(group)), ("apiVersion", "v1"), ("subresource", sub.map { .string($0) })
    )
    return KubernetesCall(verb: verb, uri: "\(root)\(place)/\(resource)\(tail)", object: object)
  }
}

extension World {
  /// Records a request, one line per stage, and returns its auditID.
  @discardableResult
  func kubernetes(_ time: Double, _ call: KubernetesCall, by caller: KubernetesCaller) -> String {
    let id = ids.uuid()
    let duration = call.duration > 0 ? call.duration : 0.002 + ids.unit() * 0.03
    for stage in call.stages {
      let moment = stage == "RequestReceived" ? time : stage == "ResponseStarted" ? time + 0.004 : time + duration
      let done = stage != "RequestReceived"
      var annotations = call.annotations
      if done {
        annotations.append(("authorization.k8s.io/decision", "allow"))
        annotations.append(("authorization.k8s.io/reason", .string(caller.reason)))
      }
      let status: JSON = ["metadata": [:], "code": .int(call.code)]
      let record: JSON = [
        "kind": "Event", "apiVersion": "audit.k8s.io/v1", "level": .string(call.level), "auditID": .string(id),
        "stage": .string(stage), "requestURI": .string(call.uri), "verb": .string(call.verb), "user": caller.user,
        "sourceIPs": [.string(caller.address)], "userAgent": .string(caller.agent),
      ]
      let full = record.with(
        ("objectRef", call.object), ("responseStatus", done ? status : nil),
        ("requestObject", done ? call.request : nil),
        ("requestReceivedTimestamp", .string(day.iso(time, digits: 6))),
        ("stageTimestamp", .string(day.iso(moment, digits: 6))), ("annotations", done ? .object(annotations) : nil))
      kubernetes.append((moment, full))
    }
    return id
  }

  /// A pod's calls: with the token it holds at that time, from its own address.
  func caller(_ pod: Pod, at time: Double, node: Instance, agent: String) -> KubernetesCaller {
    let prefix = "authentication.kubernetes.io/"
    let user: JSON = [
      "username": .string(pod.username), "uid": .string(pod.accountUID),
      "groups": ["system:serviceaccounts", .string("system:serviceaccounts:\(pod.namespace)"), "system:authenticated"],
      "extra": [
        prefix + "credential-id": [.string("JTI=" + pod.token(at: time))],
        prefix + "node-name": [.string(node.hostname)], prefix + "node-uid": [.string(stableUUID(node.hostname))],
        prefix + "pod-name": [.string(pod.name)], prefix + "pod-uid": [.string(pod.uid)],
      ],
    ]
    return KubernetesCaller(
      user: user, address: pod.address, agent: agent, reason: Self.bound(pod.account, pod.username))
  }

  static func bound(_ role: String, _ username: String) -> String {
    let parts = username.split(separator: ":")
    let subject = parts.count == 4 ? "ServiceAccount \"\(parts[3])/\(parts[2])\"" : "User \"\(username)\""
    return "RBAC: allowed by ClusterRoleBinding \"\(role)\" of ClusterRole \"\(role)\" to \(subject)"
  }

  /// A kubelet: it authenticates with its instance's role session, whose key the audit log shows.
  func kubelet(_ node: Instance, at time: Double) -> KubernetesCaller {
    let session = node.session(at: time, key: 1, agent: "")
    let user: JSON = [
      "username": .string("system:node:\(node.hostname)"),
      "uid": .string("aws-iam-authenticator:\(node.account):\(session.roleID)"),
      "groups": ["system:bootstrappers", "system:nodes", "system:authenticated"],
      "extra": [
        "accessKeyId": [.string(session.key)], "arn": [.string(session.arn)],
        "canonicalArn": [.string(session.roleARN)],
        "principalId": [.string(session.roleID)], "sessionName": [.string(node.id)],
      ],
    ]
    return KubernetesCaller(
      user: user, address: node.privateAddress, agent: "kubelet/v1.33.3 (linux/amd64) kubernetes/80779bd")
  }

  /// A component of the control plane.
  func component(_ name: String) -> KubernetesCaller {
    KubernetesCaller(
      user: ["username": .string("system:" + name), "groups": ["system:authenticated"]], address: Cluster.controlPlane,
      agent: "\(name)/v1.33.3 (linux/amd64) kubernetes/80779bd", reason: Self.bound("system:" + name, "system:" + name))
  }
}

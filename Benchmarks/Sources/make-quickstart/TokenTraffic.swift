import Synthesis

extension World {
  /// The kubelets' token requests, and the AWS sessions that Pod Identity mints from them.
  func issueTokens(_ cluster: inout Cluster) {
    for index in cluster.pods.indices {
      let pod = cluster.pods[index]
      let node = cluster.nodes[pod.node]
      var random = random("tokens/" + pod.name)
      var tokens: [(time: Double, id: String)] = []
      var time = pod.start > 0 ? pod.start + 1.2 : -random.between(0, 2700)
      while time < pod.end {
        let id = ids.uuid()
        if time > 0 { tokenRequest(time, pod, node, token: id, audience: "https://kubernetes.default.svc", life: 3607) }
        tokens.append((time, id))
        time += random.between(2880, 3000)
      }
      cluster.pods[index].tokens = tokens
      if pod.role != nil { cluster.pods[index].sessions = podSessions(pod, node) }
    }
  }

  private func tokenRequest(_ time: Double, _ pod: Pod, _ node: Instance, token: String, audience: String, life: Int) {
    var call = KubernetesCall.on("serviceaccounts", "create", in: pod.namespace, name: pod.account, sub: "token")
    call.level = "Request"
    call.code = 201
    call.request = [
      "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "metadata": ["creationTimestamp": .null],
      "spec": [
        "audiences": [.string(audience)], "expirationSeconds": .int(life),
        "boundObjectRef": ["kind": "Pod", "apiVersion": "v1", "name": .string(pod.name), "uid": .string(pod.uid)],
      ],
    ]
    call.annotations = [("authentication.kubernetes.io/issued-credential-id", .string("JTI=" + token))]
    kubernetes(time, call, by: kubelet(node, at: time))
  }

  /// Six-hour sessions, renewed a good hour early. The projected token for Pod Identity lives a day.
  private func podSessions(_ pod: Pod, _ node: Instance) -> [Session] {
    var random = random("sessions/" + pod.name)
    var sessions: [Session] = []
    let early = pod.start > 0
    tokenRequest(
      early ? pod.start + 1.4 : random.between(2000, 20_000), pod, node, token: ids.uuid(),
      audience: "pods.eks.amazonaws.com", life: 86_400)
    var time = early ? pod.start + 7 : -random.between(600, 15_000)
    while time < min(pod.end, 86_000) {
      let whole = time.rounded(.down)
      let session = Session(
        account: Account.shop, role: pod.role!, name: "eks-\(Cluster.name)-\(pod.name.prefix(13))-\(ids.uuid())",
        key: keyID("ASIA"), created: whole, until: whole + 21_600, address: Place.eksEgress, agent: pod.agent)
      if whole >= 0 { podMint(session, pod, node) }
      sessions.append(session)
      time += random.between(17_400, 18_000)
    }
    return sessions
  }

  /// The pair in CloudTrail: the node's agent asks, EKS mints; the tags name the pod.
  private func podMint(_ session: Session, _ pod: Pod, _ node: Instance) {
    let request: JSON = ["clusterName": .string(Cluster.name), "token": "HIDDEN_DUE_TO_SECURITY_REASONS"]
    let agent = "eks-pod-identity-agent/0.1.32 aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.24.6"
    aws(
      session.created, in: Account.shop, Call(service: "eks-auth", name: "AssumeRoleForPodIdentity", request: request),
      by: node.session(at: session.created, key: 1, agent: agent).caller(self))
    let tags = podTags(pod)
    let keys = JSON.strings(tags.map { $0.0 })
    let list = JSON.array(tags.map { ["key": .string($0.0), "value": .string($0.1)] })
    serviceMint(
      session, by: "pods.eks.amazonaws.com",
      request: [("durationSeconds", 21_600), ("tags", list), ("transitiveTagKeys", keys)])
  }

  /// The session tags of Pod Identity.
  func podTags(_ pod: Pod) -> [(String, String)] {
    [
      ("eks-cluster-arn", Cluster.arn), ("eks-cluster-name", Cluster.name), ("kubernetes-namespace", pod.namespace),
      ("kubernetes-service-account", pod.account), ("kubernetes-pod-name", pod.name), ("kubernetes-pod-uid", pod.uid),
    ]
  }
}

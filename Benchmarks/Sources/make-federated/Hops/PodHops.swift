import Synthesis

// Hops 4 to 8: between clusters and AWS.

extension Corpus {
  func nodeCaller(_ cluster: String, _ n: Int) -> ClusterCaller {
    let name = "ip-10-\(cluster == World.shopCluster ? 40 : 41)-0-\(10 + n).eu-west-1.compute.internal"
    return .node(
      cluster, name, fingerprint: Stable.fingerprint(name),
      address: "10.\(cluster == World.shopCluster ? 40 : 41).0.\(10 + n)")
  }

  func podHops(_ start: Double) {
    let node = nodeCaller(World.shopCluster, 1)
    let nodeCredential = "X509:" + Stable.fingerprint(String(node.name.dropFirst("system:node:".count)))

    // 4: a pipeline's session calls the cluster: the same key stands in the cluster's log.
    let t4 = start + 30_000
    let starter = keyUser(World.platform, "release-bot", address: World.platformEgress)
    let deployer = session(World.shop, "cluster-deployer", "release", at: t4, address: World.platformEgress)
    assume(t4, starter, deployer)
    let kubectl = ClusterCaller.aws(
      World.shopCluster, deployer, address: World.platformEgress,
      agent: "kubectl/v1.31.1 (linux/amd64) kubernetes/948afe5")
    for n in 0..<3 {
      kubernetes(
        t4 + 20 + Double(n), kubectl, "patch", "deployments", namespace: "shop", name: "cart", request: [:],
        group: "apps")
    }
    truth.hop(4, child: "AKID:\(deployer.key)", parents: ["AKID:\(starter.key)"], "sts:AssumeRole", .exact)

    // 5: the kubelet asks for a pod's token, the pod uses it.
    let t5 = start + 1000
    let reporter = pod("shop", "reporter", at: t5, node: node, audience: "https://kubernetes.default.svc")
    let inside = ClusterCaller.account(
      World.shopCluster, "shop", "reporter", token: reporter.token,
      pod: (reporter.name, reporter.uid, String(node.name.dropFirst("system:node:".count))), address: "10.40.7.21")
    for n in 0..<4 { kubernetes(t5 + 60 + Double(n) * 900, inside, "list", "configmaps", namespace: "shop") }
    truth.hop(5, child: "K8SJTI:JTI=\(reporter.token)", parents: [nodeCredential], "k8s:TokenRequest", .exact)

    podIdentity(start + 2000, node)
    webIdentity(start + 4000, node, replicas: 1, account: "mailer")
    webIdentity(start + 6000, node, replicas: 3, account: "worker")
  }

  struct Pod {
    var name, uid, token: String
  }

  /// A pod starts: its kubelet asks for its token.
  func pod(_ namespace: String, _ account: String, at time: Double, node: ClusterCaller, audience: String) -> Pod {
    let uid = uuid()
    let name = "\(account)-\(ids.hex(9))-\(ids.letters(5, of: "bcdfghjklmnpqrstvwxz2456789"))"
    let token = token(time, node, namespace, account, pod: (name, uid), audience: audience).token
    return Pod(name: name, uid: uid, token: token)
  }

  /// The node's final word that a pod is gone.
  func endPod(_ time: Double, _ node: ClusterCaller, _ namespace: String, _ pod: Pod) {
    kubernetes(
      time, node, "delete", "pods", namespace: namespace, name: pod.name, uid: pod.uid,
      request: ["gracePeriodSeconds": 0, "preconditions": ["uid": .string(pod.uid)]])
  }

  // 6: EKS Pod Identity: the pod's uid stands in both logs; role chaining keeps it.
  private func podIdentity(_ time: Double, _ node: ClusterCaller) {
    let cart = pod("shop", "cart", at: time, node: node, audience: "pods.eks.amazonaws.com")
    let live = session(
      World.shop, "shop-cart", "eks-shop-prod-cart-\(uuid())", at: time + 2, address: World.shopEgress,
      agent: World.goSDK)
    let eks = AWSCaller.service(World.shop, "pods.eks.amazonaws.com")
    func tags(_ pod: Pod) -> JSON {
      func tag(_ key: String, _ value: String) -> JSON { ["key": .string(key), "value": .string(value)] }
      return [
        tag("kubernetes-namespace", "shop"), tag("kubernetes-service-account", "cart"),
        tag("kubernetes-pod-name", pod.name), tag("kubernetes-pod-uid", pod.uid),
      ]
    }
    let host = session(
      World.shop, "eks-node", "i-0c0ffee0c0ffee0c0", at: time - 600, address: World.shopEgress,
      extra: [("ec2RoleDelivery", "2.0")])
    aws(
      time + 2, host.caller, "eks-auth", "AssumeRoleForPodIdentity",
      request: ["clusterName": .string(World.shopCluster), "token": "HIDDEN_DUE_TO_SECURITY_REASONS"])
    assume(time + 2, eks, live, hours: 6, tags: [("tags", tags(cart))])
    work(live.caller, from: time + 30, calls: 4)
    truth.hop(6, child: "AKID:\(live.key)", parents: ["POD:\(cart.uid)"], "sts:AssumeRole", .exact)
    let chained = session(
      World.data, "orders-reader", "cart", at: time + 600, address: World.shopEgress, agent: World.goSDK)
    assume(
      time + 600, live.caller, chained,
      tags: [("incomingTransitiveTags", ["kubernetes-pod-uid": .string(cart.uid)])])
    work(chained.caller, from: time + 620, calls: 3)
    truth.hop(6, child: "AKID:\(chained.key)", parents: ["AKID:\(live.key)"], "sts:AssumeRole", .exact)
    endPod(time + 20_000, node, "shop", cart)
  }

  // 7 and 8: IRSA: no token id on the AWS side; sure where one pod of the account lives.
  private func webIdentity(_ time: Double, _ node: ClusterCaller, replicas: Int, account: String) {
    let pods = (0..<replicas).map { n in
      pod("shop", account, at: time + Double(n) * 5, node: node, audience: "sts.amazonaws.com")
    }
    let exchange = time + 60
    let live = session(
      World.shop, "irsa-\(account)", "botocore-session-\(Int(exchange))", at: exchange, address: World.shopEgress,
      extra: [
        (
          "webIdFederationData",
          [
            "federatedProvider": .string("arn:aws:iam::\(World.shop):oidc-provider/\(World.eksIssuer)"),
            "attributes": .object([]),
          ]
        )
      ])
    webIdentityExchange(
      exchange, live, subject: "system:serviceaccount:shop:\(account)", provider: World.eksIssuer, agent: World.linuxSDK
    )
    work(live.caller, from: exchange + 20, calls: 4)
    let parents = pods.map { "K8SJTI:JTI=\($0.token)" }
    truth.hop(
      7, child: "AKID:\(live.key)", parents: parents, "sts:AssumeRoleWithWebIdentity",
      replicas == 1 ? .strong : .candidate)
    let next = session(World.data, "\(account)-target", "\(account)", at: exchange + 900, address: World.shopEgress)
    assume(exchange + 900, live.caller, next)
    work(next.caller, from: exchange + 930, calls: 2)
    truth.hop(8, child: "AKID:\(next.key)", parents: ["AKID:\(live.key)"], "sts:AssumeRole", .exact)
    for pod in pods { endPod(time + 30_000, node, "shop", pod) }
  }

  /// sts:AssumeRoleWithWebIdentity; gives the event's id.
  @discardableResult func webIdentityExchange(
    _ time: Double, _ live: AWSSession, subject: String, provider: String, agent: String,
    audience: String = "sts.amazonaws.com"
  ) -> String {
    let arn = "arn:aws:iam::\(live.account):oidc-provider/\(provider)"
    let caller = AWSCaller(
      account: live.account,
      identity: [
        "type": "WebIdentityUser", "principalId": .string("\(arn):\(audience):\(subject)"),
        "userName": .string(subject),
        "identityProvider": .string(arn),
      ], name: subject, address: live.caller.address, agent: agent)
    return aws(
      time, caller, "sts", "AssumeRoleWithWebIdentity",
      request: [
        "roleArn": .string(World.role(live.account, live.role)), "roleSessionName": .string(live.name),
        "durationSeconds": 3600,
      ],
      response: live.issued(self).with(
        ("subjectFromWebIdentityToken", .string(subject)), ("provider", .string(arn)), ("audience", .string(audience))),
      recipient: live.account)
  }
}

import Synthesis

/// A pod with its service account, and the tokens and AWS sessions it holds through its life.
struct Pod {
  let namespace, account, name, uid: String
  let node: Int
  let address: String
  let start, end: Double
  /// The role of its Pod Identity association, its client, and how it logs in to Vault, if it does.
  var role: String?
  var agent = Agent.goSDK
  /// (issued at, token id), renewed by the kubelet at 80 % of an hour.
  var tokens: [(time: Double, id: String)] = []
  var sessions: [Session] = []

  var username: String { "system:serviceaccount:\(namespace):\(account)" }
  var accountUID: String { stableUUID("sa/\(namespace)/\(account)") }

  func token(at time: Double) -> String { (tokens.last { $0.time + 0.4 <= time } ?? tokens[0]).id }
  func session(at time: Double) -> Session { sessions.last { $0.created + 5 <= time } ?? sessions[0] }
}

/// A UUID that depends on nothing but the name.
func stableUUID(_ name: String) -> String {
  var random = SeededRandom(seed: 2, stream: name)
  return random.uuid()
}

/// The EKS cluster of the shop account.
struct Cluster {
  static let name = "shop-prod"
  static let arn = "arn:aws:eks:\(home):\(Account.shop):cluster/\(name)"
  /// The control plane's own address, as its controllers show it.
  static let controlPlane = "172.16.60.5"
  /// When the new version of the cart goes live.
  static let rollout = 9.0 * 3600 + 12 * 60

  var nodes: [Instance] = []
  var pods: [Pod] = []

  func find(_ name: String, at time: Double = 43_200) -> Pod {
    pods.first { $0.name.hasPrefix(name) && $0.start <= time && time < $0.end }!
  }

  func all(_ name: String) -> [Pod] { pods.filter { $0.name.hasPrefix(name) } }
}

extension World {
  /// The nodes with their keys, and every pod of the day.
  func makeCluster() -> Cluster {
    var cluster = Cluster()
    for number in 0..<3 {
      let address = "10.20.\(number + 1).\(11 + number * 17)"
      let host = "ip-\(address.replacing(".", with: "-")).\(home).compute.internal"
      let node = Instance(
        id: "i-0" + stableUUID("node\(number)").replacing("-", with: "").prefix(16), account: Account.shop,
        role: "shop-prod-node", hostname: host, privateAddress: address, egress: Place.eksEgress)
      cluster.nodes.append(start(node))
    }
    let wanted: [(String, String, String, Int, String?, String)] = [
      ("shop", "checkout", "checkout-5b8d7f9c6-", 2, "shop-checkout", Agent.javaSDK),
      ("shop", "order-worker", "order-worker-7c6d9b5f4-", 2, "shop-order-worker", Agent.boto),
      ("shop", "web", "web-66f7c8d9b-", 2, nil, ""),
      ("billing", "invoice-bot", "invoice-bot-84d5c7b6f-", 1, "invoice-bot", Agent.nodeSDK),
      ("analytics", "report-loader", "report-loader-59c4d8b7f-", 1, nil, ""),
      ("external-secrets", "external-secrets", "external-secrets-6d9f5b8c7-", 1, "external-secrets", Agent.goSDK),
      ("vault", "vault", "vault-0", 1, "vault-server", Agent.vault),
      ("kube-system", "cluster-autoscaler", "cluster-autoscaler-5f6c7d8b9-", 1, "cluster-autoscaler", Agent.goSDK),
      ("kube-system", "coredns", "coredns-7d8c9b6f5-", 2, nil, ""),
      ("kube-system", "metrics-server", "metrics-server-6b7c8d9f5-", 1, nil, ""),
      ("argocd", "argocd-application-controller", "argocd-application-controller-0", 1, nil, ""),
      ("monitoring", "prometheus", "prometheus-0", 1, nil, ""),
      ("ingress-nginx", "ingress-nginx", "ingress-nginx-controller-7f8d9c6b5-", 1, nil, ""),
      ("ops", "kube-janitor", "kube-janitor-6c8f9d7b5-", 1, nil, ""),
    ]
    for (namespace, account, name, count, role, agent) in wanted {
      for _ in 0..<count { cluster.pods.append(pod(cluster, namespace, account, name, role: role, agent: agent)) }
    }
    for number in 0..<2 {
      let gone = Cluster.rollout + 21 + Double(number) * 14
      let came = Cluster.rollout + 3 + Double(number) * 14
      cluster.pods.append(
        pod(cluster, "shop", "cart", "cart-6f7b8c9d5-", until: gone, role: "shop-cart", agent: Agent.codeSDK))
      cluster.pods.append(
        pod(cluster, "shop", "cart", "cart-7d9c6b8f4-", from: came, role: "shop-cart", agent: Agent.codeSDK))
    }
    return cluster
  }

  private func pod(
    _ cluster: Cluster, _ namespace: String, _ account: String, _ name: String, from start: Double = 0,
    until end: Double = 86_400, role: String?, agent: String
  ) -> Pod {
    let number = cluster.pods.count
    let node = number % 3
    let suffix = name.hasSuffix("-") ? ids.letters(5, of: "bcdfghjklmnpqrstvwxz2456789") : ""
    return Pod(
      namespace: namespace, account: account, name: name + suffix, uid: ids.uuid(), node: node,
      address: "10.20.\(node + 1).\(100 + number)", start: start, end: end, role: role, agent: agent)
  }
}

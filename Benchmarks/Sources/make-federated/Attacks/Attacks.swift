import Synthesis

/// All planted attacks: each is an act of its own on a day of its own, told to the truth as it is written.
enum Attacks {
  typealias Act = @Sendable (Corpus, Double) -> Void
  static let all: [Act] = tokenReuse + lateral + scope + secrets + interactive + attestation + lifecycle + logs

  /// Spread over the days after the first two, each at its own minute of the working day.
  static func plant(in corpus: Corpus) {
    let days = Double(max(1, corpus.options.days - 4))
    for (n, act) in all.enumerated() {
      let day = (2 + Double(n) * days / Double(all.count)).rounded(.down)
      act(corpus, day * 86_400 + 28_000 + Double(n * 401 % 30_000))
    }
  }
}

extension Corpus {
  /// An ordinary role's session that works for a while before something is done with it.
  func settled(
    _ account: String, _ role: String, _ name: String, before time: Double, address: String,
    agent: String = World.linuxSDK,
    extra: [(String, JSON)] = []
  ) -> AWSSession {
    let live = session(account, role, name, at: time - 1800, address: address, agent: agent, extra: extra)
    assume(time - 1800, keyUser(account, role + "-starter", address: address), live)
    work(live.caller, from: time - 1700, calls: 4, every: 300)
    return live
  }

  /// An instance's session, with its mint and some work.
  func instanceSession(_ role: String, before time: Double, instance: String) -> AWSSession {
    let live = session(
      World.shop, role, instance, at: time - 3600, address: World.shopEgress, extra: [("ec2RoleDelivery", "2.0")])
    aws(
      time - 3600, AWSCaller.service(World.shop, "ec2.amazonaws.com"), "sts", "AssumeRole",
      request: ["roleArn": .string(World.role(World.shop, role)), "roleSessionName": .string(instance)],
      response: ["credentials": ["accessKeyId": .string(live.key), "expiration": .string(day.spoken(time + 18_000))]])
    work(live.caller, from: time - 3500, calls: 5, every: 500)
    return live
  }

  /// A pod's session by EKS Pod Identity.
  func podSession(_ account: String, before time: Double) -> (session: AWSSession, pod: Pod) {
    let node = nodeCaller(World.shopCluster, 4)
    let pod = pod("shop", account, at: time - 3700, node: node, audience: "pods.eks.amazonaws.com")
    let live = session(
      World.shop, "pod-\(account)", "eks-shop-prod-\(account)-\(uuid())", at: time - 3600, address: World.shopEgress,
      agent: World.goSDK)
    assume(
      time - 3600, AWSCaller.service(World.shop, "pods.eks.amazonaws.com"), live, hours: 6,
      tags: [
        (
          "tags",
          [
            ["key": "kubernetes-namespace", "value": "shop"],
            ["key": "kubernetes-service-account", "value": .string(account)],
            ["key": "kubernetes-pod-uid", "value": .string(pod.uid)],
          ]
        )
      ])
    work(live.caller, from: time - 3500, calls: 5, every: 500)
    return (live, pod)
  }

  /// One act of a settled role's session.
  func deed(
    _ time: Double, _ detection: String, _ family: String, role: String, _ service: String, _ name: String,
    _ request: JSON, response: JSON = .null, error: String? = nil, extra: [(String, JSON)] = [], what: String
  ) {
    let live = settled(World.shop, role, role + "-1", before: time, address: World.shopEgress)
    let id = aws(
      time, live.caller, service, name, request: request, response: response, error: error, readOnly: false,
      extra: extra)
    truth.attack(detection, family, identity: live.caller.name, events: [id], what: what)
  }
}

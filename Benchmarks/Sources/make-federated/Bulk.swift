import Synthesis

/// Ordinary workloads in any number: each works for an hour with a credential of its own.
struct Bulk {
  let corpus: Corpus
  private var random: SeededRandom
  private let identities: Int
  /// Truth of the first ones only: a corpus of millions does not need all.
  private var told = 0

  init(_ corpus: Corpus) {
    self.corpus = corpus
    random = corpus.random("bulk")
    identities = max(2000, min(200_000, corpus.options.events / 50))
  }

  /// Adds about so many events to an hour.
  mutating func fill(hour: Int, events: Int) {
    let end = corpus.count + events
    while corpus.count < end {
      // Few identities do most of the work.
      let unit = random.unit()
      let identity = Int(unit * unit * Double(identities))
      let time = Double(hour) * 3600 + random.between(0, 1800)
      switch identity % 10 {
      case 0...3: role(identity, time)
      case 4, 5: pod(identity, time)
      case 6: instance(identity, time)
      case 7: secrets(identity, time)
      case 8: google(identity, time)
      default: directory(identity, time)
      }
    }
  }

  private func calls() -> Int { corpus.options.events > 50_000 ? 12 : 4 }
  private func address(_ identity: Int) -> String { "198.18.\(identity / 250 % 256).\(1 + identity % 250)" }
  private func account(_ identity: Int) -> String { [World.shop, World.data, World.platform][identity / 10 % 3] }

  private mutating func tell(
    _ hop: Int, _ child: String, _ parent: String, _ mechanism: String, _ grade: Truth.Grade = .exact
  ) {
    if told >= 20_000 { return }
    told += 1
    corpus.truth.hop(hop, child: child, parents: [parent], mechanism, grade)
  }

  private mutating func role(_ n: Int, _ time: Double) {
    let key = corpus.keyUser(account(n), "job-\(n)", address: address(n))
    let live = corpus.session(account(n), "job-role-\(n)", "run", at: time, address: address(n))
    corpus.assume(time, key, live)
    corpus.work(live.caller, from: time + 5, calls: calls(), every: 100)
    tell(1, "AKID:\(live.key)", "AKID:\(key.key)", "sts:AssumeRole")
  }

  private mutating func pod(_ n: Int, _ time: Double) {
    let node = corpus.nodeCaller(n % 20 == 4 ? World.shopCluster : World.dataCluster, 20 + n % 60)
    let pod = corpus.pod("team-\(n % 40)", "svc-\(n)", at: time, node: node, audience: "https://kubernetes.default.svc")
    let host = String(node.name.dropFirst("system:node:".count))
    let inside = ClusterCaller.account(
      node.cluster, "team-\(n % 40)", "svc-\(n)", token: pod.token, pod: (pod.name, pod.uid, host),
      address: "10.60.\(n / 250 % 250).\(1 + n % 250)")
    for k in 0..<calls() {
      corpus.kubernetes(
        time + 5 + Double(k) * 60, inside, k % 3 == 0 ? "list" : "get", "configmaps", namespace: "team-\(n % 40)",
        name: k % 3 == 0 ? nil : "settings")
    }
    tell(5, "K8SJTI:JTI=\(pod.token)", "X509:" + Stable.fingerprint(host), "k8s:TokenRequest")
  }

  private mutating func instance(_ n: Int, _ time: Double) {
    var stable = SeededRandom(seed: 3, stream: "instance-\(n)")
    let name = "i-0" + stable.hex(16)
    let live = corpus.session(
      account(n), "node-\(n)", name, at: time, address: address(n), extra: [("ec2RoleDelivery", "2.0")])
    corpus.aws(
      time, AWSCaller.service(account(n), "ec2.amazonaws.com"), "sts", "AssumeRole",
      request: ["roleArn": .string(live.caller.name), "roleSessionName": .string(name)],
      response: [
        "credentials": ["accessKeyId": .string(live.key), "expiration": .string(corpus.day.spoken(time + 22_000))]
      ])
    corpus.work(live.caller, from: time + 5, calls: calls(), every: 100)
    tell(3, "AKID:\(live.key)", "INST:\(name)", "sts:AssumeRole")
  }

  private mutating func secrets(_ n: Int, _ time: Double) {
    let uid = SeededRandom.uuid(of: "vault-sa-\(n)")
    let token = corpus.vaultToken(
      "kubernetes-svc-\(n)", policies: ["svc-\(n)"],
      metadata: [
        ("service_account_name", .string("svc-\(n)")), ("service_account_namespace", "apps"),
        ("service_account_uid", .string(uid)),
      ],
      address: "10.61.\(n / 250 % 250).\(1 + n % 250)", at: time)
    corpus.login(time, token, mount: "kubernetes", kind: "kubernetes", role: "svc-\(n)")
    for k in 0..<max(1, calls() / 4) {
      corpus.vault(time + 5 + Double(k) * 200, token, "read", "kv/data/svc-\(n)/main", mount: "kv/", kind: "kv")
    }
    tell(19, "VACC:\(token.accessor)", "SA:\(uid)", "vault:login")
  }

  private mutating func google(_ n: Int, _ time: Double) {
    let email = corpus.accountEmail("svc-\(n)")
    for k in 0..<calls() {
      corpus.google(
        time + Double(k) * 60, [("principalEmail", .string(email))], "storage",
        k % 2 == 0 ? "storage.objects.get" : "storage.objects.list",
        resource: "projects/_/buckets/acme-\(n)/objects/a", permission: "storage.objects.get",
        address: "gce-internal-ip", agent: "gcloud-python/2.14")
    }
  }

  private mutating func directory(_ n: Int, _ time: Double) {
    let app = EntraApp(name: "app-\(n)", address: address(n))
    let key = SeededRandom.uuid(of: "entra-key-\(n)")
    let token = corpus.signIn(time, app, key: key, means: "certificate")
    for k in 0..<max(1, calls() / 3) {
      corpus.graph(time + 5 + Double(k) * 100, app, token: token.token, "GET", "users/\(corpus.uuid())", issued: time)
    }
    tell(24, "UTI:\(token.token)", "ENTRAKEY:\(key)", "entra:sign-in")
  }
}

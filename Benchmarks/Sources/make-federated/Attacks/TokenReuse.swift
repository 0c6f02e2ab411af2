import Synthesis

extension Attacks {
  private static let family = "token-reuse"

  static let tokenReuse: [Act] = [
    { c, t in
      let live = c.instanceSession("web-node", before: t, instance: c.instance())
      let ids = [("sts", "GetCallerIdentity"), ("ec2", "DescribeInstances"), ("s3", "ListBuckets")].enumerated().map {
        n, call in
        c.aws(t + Double(n) * 20, live.caller, call.0, call.1, address: World.outside(1))
      }
      c.work(live.caller, from: t + 30, calls: 2)
      c.truth.attack(
        "TR1", family, identity: live.caller.name, events: ids, what: "an instance's session from a second address")
    },
    { c, t in
      let (live, _) = c.podSession("checkout", before: t)
      let ids = (0..<3).map {
        c.aws(
          t + Double($0) * 15, live.caller, "secretsmanager", "GetSecretValue", request: ["secretId": "shop/db"],
          address: World.outside(2))
      }
      c.truth.attack(
        "TR1", family, identity: live.caller.name, events: ids, what: "a pod's session reads a secret from outside")
    },
    { c, t in
      let live = c.session(World.shop, "ship-deploy", "GitHubActions", at: t - 300, address: World.runner(9))
      c.webIdentityExchange(
        t - 300, live, subject: "repo:acme/ship:ref:refs/heads/main", provider: "token.actions.githubusercontent.com",
        agent: "aws-sdk-js/3.400.0 os/linux lang/js")
      c.work(live.caller, from: t - 280, calls: 3, every: 60)
      let id = c.aws(t, live.caller, "s3", "ListBuckets", address: World.outside(3))
      c.truth.attack("TR1", family, identity: live.caller.name, events: [id], what: "a job's session from outside")
    },
    { c, t in
      let node = c.nodeCaller(World.shopCluster, 1)
      let pod = c.pod("shop", "indexer", at: t - 3000, node: node, audience: "https://kubernetes.default.svc")
      func call(_ address: String) -> ClusterCaller {
        .account(
          World.shopCluster, "shop", "indexer", token: pod.token,
          pod: (pod.name, pod.uid, String(node.name.dropFirst(12))), address: address)
      }
      for n in 0..<4 {
        c.kubernetes(t - 2900 + Double(n) * 600, call("10.40.8.4"), "list", "configmaps", namespace: "shop")
      }
      let ids = (0..<2).map {
        c.kubernetes(t + Double($0) * 30, call("10.40.9.77"), "list", "secrets", namespace: "shop")
      }
      c.truth.attack(
        "TR2", family, identity: "system:serviceaccount:shop:indexer", events: ids,
        what: "a pod's token at a second address")
    },
    { c, t in
      // The session's next key: where each key is a lock of its own, it is at home where the thief is.
      let instance = c.instance()
      let live = c.instanceSession("index-node", before: t, instance: instance)
      let next = AWSSession(
        c, World.shop, "index-node", roleID: live.roleID, name: instance, created: (t - 60).rounded(.down),
        address: "198.18.200.9", extra: [("ec2RoleDelivery", "2.0")])
      c.aws(
        t - 60, AWSCaller.service(World.shop, "ec2.amazonaws.com"), "sts", "AssumeRole",
        request: ["roleArn": .string(World.role(World.shop, "index-node")), "roleSessionName": .string(instance)],
        response: ["credentials": ["accessKeyId": .string(next.key), "expiration": .string(c.day.spoken(t + 18_000))]])
      let ids = (0..<3).map { c.aws(t + Double($0) * 20, next.caller, "s3", "GetObject") }
      c.work(live.caller, from: t + 30, calls: 2)
      c.truth.attack(
        "TR1", family, identity: live.caller.name, events: ids,
        what: "the next key of an instance's session, used from another host of the organization")
    },
    { c, t in
      let token = c.vaultToken(
        "approle-ledger", policies: ["ledger"], metadata: [("role_name", "ledger")], address: "10.40.7.61", at: t - 1200
      )
      c.login(t - 1200, token, mount: "approle", kind: "approle", role: "ledger")
      for n in 0..<3 {
        c.vault(t - 1100 + Double(n) * 300, token, "read", "kv/data/ledger/db", mount: "kv/", kind: "kv")
      }
      let id = c.vault(t, token, "read", "kv/data/ledger/db", mount: "kv/", kind: "kv", address: "10.44.3.9")
      c.truth.attack("TR2", family, identity: "approle-ledger", events: [id], what: "a Vault token at a second address")
    },
    { c, t in
      let app = EntraApp(name: "payroll-sync", address: World.datacenter)
      let token = c.signIn(t - 900, app, key: SeededRandom.uuid(of: "payroll"), means: "certificate")
      for n in 0..<3 {
        c.graph(t - 800 + Double(n) * 200, app, token: token.token, "GET", "users/\(c.uuid())", issued: t - 900)
      }
      let ids = (0..<2).map {
        c.graph(
          t + Double($0) * 20, app, token: token.token, "GET", "users", address: World.outside(6), issued: t - 900)
      }
      c.truth.attack(
        "TR2", family, identity: app.principal, events: ids, what: "one access token from a second network")
    },
    { c, t in
      let key = c.keyUser(World.data, "sales-feed", address: World.dataEgress)
      var ids: [String] = []
      for n in 0..<6 {
        let id = c.aws(
          t + Double(n) * 200, key, "s3", "GetObject", request: ["bucketName": "acme-sales", "key": "x"],
          address: n % 2 == 0 ? World.dataEgress : World.outside(7))
        if n % 2 == 1 { ids.append(id) }
      }
      c.truth.attack(
        "TR2", family, identity: key.name, events: ids, what: "a key goes back and forth between two networks")
    },
    { c, t in
      let live = c.instanceSession("report-node", before: t, instance: c.instance())
      let id = c.aws(t, live.caller, "s3", "ListBuckets", agent: World.macCLI)
      c.truth.attack(
        "TR4", family, identity: live.caller.name, events: [id],
        what: "a Mac's client on an instance's session, through the instance")
    },
    { c, t in
      let instance = c.instance()
      let live = c.instanceSession("feed-node", before: t, instance: instance)
      let old = AWSSession(
        c, World.shop, "feed-node", roleID: live.roleID, name: instance, created: live.created,
        address: World.shopEgress, key: live.key, extra: [("ec2RoleDelivery", "1.0")])
      let id = c.aws(t, old.caller, "sts", "GetCallerIdentity")
      c.truth.attack(
        "TR4", family, identity: live.caller.name, events: [id],
        what: "the first metadata version where all else uses the second")
    },
    { c, t in
      let live = c.settled(World.shop, "mail-worker", "mail-1", before: t, address: World.shopEgress)
      let id = c.aws(
        t, live.caller, "iam", "ListUsers", agent: "Boto3/1.34.2 Python/3.11.8 Linux/6.6.9-kali1-amd64 Botocore/1.34.2")
      c.truth.attack(
        "TR4", family, identity: live.caller.name, events: [id], what: "a client of an attacker's distribution")
    },
    { c, t in
      var root = AWSCaller(
        account: World.shop,
        identity: [
          "type": "Root", "principalId": .string(World.shop), "arn": .string("arn:aws:iam::\(World.shop):root"),
          "accountId": .string(World.shop), "invokedBy": "AWS Internal",
        ], name: "root")
      root.address = "AWS Internal"
      root.agent = "AWS Internal"
      let id = c.aws(
        t, root, "iam", "AttachUserPolicy",
        request: ["userName": "etl-loader", "policyArn": "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"],
        readOnly: false)
      c.truth.attack(
        "TR5", family, identity: World.user(World.shop, "etl-loader"), events: [id],
        what: "the provider quarantines a key")
    },
    { c, t in
      let id = c.okta(
        t, actor: ("0oa1bot", "PublicClientApp", "inventory-bot"), "app.oauth2.as.token.detect_reuse",
        target: [
          ["id": "0oa1bot", "type": "PublicClientApp", "displayName": "inventory-bot", "alternateId": "inventory-bot"]
        ],
        address: World.outside(12), result: "FAILURE")
      c.truth.attack(
        "TR5", family, identity: "inventory-bot", events: [id], what: "a refresh token comes a second time")
    },
    { c, t in
      let id = c.teleport(
        t, "cert.generation_mismatch", "TJ003W", [("user", "bot-ci"), ("bot_name", "ci"), ("success", false)])
      c.truth.attack("TR5", family, identity: "bot-ci", events: [id], what: "two copies of one bot")
    },
    { c, t in
      let first = c.instanceSession("cache-node", before: t, instance: c.instance())
      let second = c.instanceSession("queue-node", before: t, instance: c.instance())
      let ids = [
        c.aws(t, first.caller, "s3", "ListBuckets", address: World.outside(14)),
        c.aws(t + 60, second.caller, "s3", "ListBuckets", address: World.outside(14)),
      ]
      c.truth.attack(
        "TR3", family, identity: first.caller.name, events: ids, what: "one new origin drives two unrelated instances")
    },
  ]
}

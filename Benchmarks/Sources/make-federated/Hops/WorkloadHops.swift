import Synthesis

// Hops 21, 22 and 24 to 28: certificates, Entra, Teleport, meshes and agents.

extension Corpus {
  func workloadHops(_ start: Double, day number: Int) {
    certificate(start + 14_000)
    entra(start + 18_000, number)

    // 26: a pod's bot joins Teleport.
    let t26 = start + 22_000
    let node = nodeCaller(World.dataCluster, 2)
    let pod = pod("ops", "tbot", at: t26, node: node, audience: "teleport.acme.example")
    let bot = uuid()
    teleport(
      t26 + 10, "bot.join", "TJ001I",
      [
        ("bot_name", "ops"), ("bot_instance_id", .string(bot)), ("method", "kubernetes"), ("token_name", "ops-k8s"),
        ("user_name", "bot-ops"), ("addr.remote", .string(World.dataEgress + ":51000")),
        (
          "attributes",
          [
            "raw": [
              "sub": "system:serviceaccount:ops:tbot",
              "kubernetes.io": [
                "namespace": "ops", "pod": ["name": .string(pod.name), "uid": .string(pod.uid)],
                "serviceaccount": ["name": "tbot", "uid": .string(SeededRandom.uuid(of: "tbot"))],
              ],
            ]
          ]
        ),
      ])
    botWork(t26 + 30, bot: bot, user: "bot-ops", address: World.dataEgress)
    truth.hop(26, child: "BOT:\(bot)", parents: ["POD:\(pod.uid)"], "teleport:bot.join", .exact)

    agents(start + 26_000)
  }

  // 21 and 22: a certificate's serial stands in SPIRE's debug line, in Envoy, and as the session's name in AWS.
  private func certificate(_ time: Double) {
    let identity = "spiffe://\(World.trust)/ns/edge/sa/courier"
    let number = UInt64(ids.next() >> 2) | 1 << 60
    let serial = String(number, radix: 16)
    let agent = "spiffe://\(World.trust)/spire/agent/k8s_psat/shop/\(SeededRandom.uuid(of: "spire-agent"))"
    spire(
      time, caller: agent, "BatchNewX509SVID",
      [
        ("spiffe_id", .string(identity)), ("registration/entry_id", .string(SeededRandom.uuid(of: identity))),
        ("expires_at", .int(day.epoch + Int(time) + 3600)),
      ])
    add(
      .spire, time + 0.1,
      [
        "level": "debug", "msg": "Signed X509 SVID", "time": .string(day.iso(time)), "subsystem_name": "ca",
        "spiffe_id": .string(identity), "serial_num": .string(String(number)),
        "expiration": .string(day.iso(time + 3600)),
      ])
    truth.hop(21, child: "SERIAL:\(serial)", parents: ["SPIFFE:\(identity)"], "spire:svid", .exact)
    envoy(time + 60, peer: identity, serial: serial, host: "orders.internal", path: "/v1/orders", trace: ids.hex(32))
    let live = session(World.shop, "courier", serial, at: time + 90, address: World.datacenter)
    let caller = AWSCaller(
      account: World.shop, identity: ["type": "Unknown", "accountId": .string(World.shop), "principalId": ""],
      name: "rolesanywhere", address: World.datacenter, agent: "CredHelper/1.1.1 (go1.22; linux; amd64)")
    aws(
      time + 90, caller, "rolesanywhere", "CreateSession",
      request: [
        "cert": "HIDDEN", "durationSeconds": 3600,
        "profileArn": .string("arn:aws:rolesanywhere:eu-west-1:\(World.shop):profile/0a"),
        "roleArn": .string(World.role(World.shop, "courier")),
        "trustAnchorArn": .string("arn:aws:rolesanywhere:eu-west-1:\(World.shop):trust-anchor/0b"),
      ],
      response: [
        "subjectArn": .string(
          "arn:aws:rolesanywhere:eu-west-1:\(World.shop):subject/\(SeededRandom.uuid(of: identity))"),
        "sourceIdentity": "CN=courier",
        "credentialSet": [
          [
            "assumedRoleUser": [
              "arn": .string("arn:aws:sts::\(World.shop):assumed-role/courier/\(serial)"),
              "assumedRoleId": .string("\(live.roleID):\(serial)"),
            ],
            "credentials": [
              "accessKeyId": .string(live.key), "sessionToken": "HIDDEN", "expiration": .string(day.iso(time + 3690)),
            ],
            "roleArn": .string(World.role(World.shop, "courier")),
          ]
        ],
      ])
    work(live.caller, from: time + 100, calls: 4)
    truth.hop(21, child: "AKID:\(live.key)", parents: ["SERIAL:\(serial)"], "rolesanywhere:CreateSession", .exact)
    let chained = session(World.data, "courier-target", "courier", at: time + 600, address: World.datacenter)
    assume(time + 600, live.caller, chained)
    work(chained.caller, from: time + 610, calls: 2)
    truth.hop(22, child: "AKID:\(chained.key)", parents: ["AKID:\(live.key)"], "sts:AssumeRole", .exact)
  }

  // 24: one access token, signed in for and used. 25: a cluster's account signs in; the token's pod is not named.
  private func entra(_ time: Double, _ number: Int) {
    let app = EntraApp(name: "hr-sync", address: World.datacenter)
    let key = SeededRandom.uuid(of: "hr-sync-key")
    let token = signIn(time, app, key: key, means: "certificate")
    for n in 0..<4 {
      graph(time + 20 + Double(n) * 60, app, token: token.token, "GET", "users/\(uuid())", issued: time)
    }
    truth.hop(24, child: "UTI:\(token.token)", parents: ["ENTRAKEY:\(key)"], "entra:sign-in", .exact)

    let node = nodeCaller(World.dataCluster, 3)
    let mailbox = pod("office", "mailbox", at: time + 900, node: node, audience: "api://AzureADTokenExchange")
    let reader = EntraApp(name: "mailbox-reader", address: World.dataEgress)
    let other = signIn(
      time + 960, reader, means: "federatedIdentityCredential", federated: SeededRandom.uuid(of: "fic/mailbox"))
    for n in 0..<3 {
      graph(
        time + 980 + Double(n) * 60, reader, token: other.token, "GET", "users/\(uuid())/messages", issued: time + 960)
    }
    truth.hop(25, child: "UTI:\(other.token)", parents: ["K8SJTI:JTI=\(mailbox.token)"], "entra:sign-in", .strong)
    endPod(time + 9000, node, "office", mailbox)
  }

  // 27: the mesh knows the peer, the gateway the trace. 28: an agent's conversation, up to the gateway; and into AWS where
  // the agent says who it is.
  private func agents(_ time: Double) {
    let peer = "spiffe://\(World.trust)/ns/agents/sa/order-care"
    let conversation = "conv-\(ids.hex(12))"
    for n in 0..<4 {
      let trace = ids.hex(32)
      let at = time + Double(n) * 120
      tool(
        at, agent: "order-care", conversation: conversation, "lookup_order", ["order_id": .string("A-\(1000 + n)")],
        trace: trace)
      ztunnel(at + 0.01, from: peer, to: "spiffe://\(World.trust)/ns/agents/sa/gateway")
      gateway(at + 0.02, peer: peer, "lookup_order", session: conversation, trace: trace)
    }
    truth.hop(27, child: "CONV:\(conversation)", parents: ["SPIFFE:\(peer)"], "agent:call", .asserted)
    let job = keyUser(World.shop, "agent-runner", address: World.shopEgress)
    let live = session(
      World.shop, "agent-tools", "order-care", at: time + 500, address: World.shopEgress,
      extra: [("sourceIdentity", .string(conversation))])
    assume(time + 500, job, live, tags: [("sourceIdentity", .string(conversation))])
    work(live.caller, from: time + 520, calls: 3)
    truth.hop(28, child: "AKID:\(live.key)", parents: ["CONV:\(conversation)"], "sts:AssumeRole", .exact)
  }
}

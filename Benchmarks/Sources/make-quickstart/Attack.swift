import Synthesis

extension World {
  /// The one thing that should alarm in the logs of the cloud: a pod's session is stolen and leads into the data account.
  func attack(_ cluster: Cluster) {
    let start = 13.0 * 3600 + 42 * 60 + 7.318
    let cart = cluster.all("cart-7d9c6b8f4")[0]
    let janitor = cluster.find("kube-janitor")
    let exec = steal(start, cart, by: janitor, cluster)
    plant(
      "LM4", "lateral-movement", identity: janitor.username, events: [exec],
      what:
        "kube-janitor, which only ever listed and removed finished jobs in ops, runs a command in pod shop/\(cart.name) that reads its projected Pod Identity token and fetches its AWS credentials."
    )

    var stolen = cart.session(at: start)
    stolen.address = Place.attacker
    stolen.agent = Agent.thiefCLI
    let whoAmI = aws(
      start + 324, in: Account.shop, Call(service: "sts", name: "GetCallerIdentity"), by: stolen.caller(self))
    let seen = lookAround(start + 351, stolen)
    plant(
      "TR1", "token-reuse", identity: stolen.roleARN, events: [whoAmI] + seen,
      what:
        "The AWS session of pod shop/\(cart.name) (key \(stolen.key)), used only from the cluster's egress until then, is used from \(Place.attacker) while the pod goes on using it."
    )
    plant(
      "TR4", "token-reuse", identity: stolen.roleARN, events: [whoAmI] + seen,
      what: "A Linux pod's session suddenly speaks with the AWS CLI on Darwin.")
    plant(
      "LM4", "lateral-movement", identity: stolen.roleARN, events: [whoAmI] + seen,
      what:
        "Right after kube-janitor ran a command in the pod, the pod's session is used from a place where it never was: what the command fetched."
    )

    let tags = JSON.object(podTags(cart).map { ($0.0, .string($0.1)) })
    let (chained, hops) = chain(
      start + 785, from: stolen, to: "data-maintenance", in: Account.data, name: "maintenance", incoming: tags)
    plant(
      "LM1", "lateral-movement", identity: stolen.roleARN, events: hops,
      what:
        "The stolen session takes role data-maintenance of the data account, an edge never seen from the cart (both accounts' copies of the one event; new key \(chained.key))."
    )

    let swept = sweep(start + 836, chained)
    let minted = mintKey(start + 973, chained)
    plant(
      "TR4", "token-reuse", identity: chained.roleARN, events: swept + [minted],
      what: "The session of data-maintenance, chained from the pod's, speaks with the AWS CLI on Darwin, too.")
    plant(
      "OS7", "out-of-scope", identity: chained.roleARN, events: swept,
      what: "With the chained session, the secrets of the data account are listed and 15 of them read within a minute.")
    plant(
      "LL2", "long-lived-secret", identity: chained.roleARN, events: [minted],
      what: "The chained session makes a long-lived access key for another identity, the IAM user etl-partner.")
  }

  private func steal(_ time: Double, _ cart: Pod, by janitor: Pod, _ cluster: Cluster) -> String {
    let token = "%2Fvar%2Frun%2Fsecrets%2Fpods.eks.amazonaws.com%2Fserviceaccount%2Feks-pod-identity-token"
    let command =
      "curl+-s+-H+%22Authorization%3A+%24%28cat+\(token)%29%22+http%3A%2F%2F169.254.170.23%2Fv1%2Fcredentials"
    let query = "?command=sh&command=-c&command=\(command)&container=cart&stderr=true&stdout=true"
    var exec = KubernetesCall.on("pods", "create", in: "shop", name: cart.name, sub: "exec", query: query)
    exec.code = 101
    exec.duration = 1.9
    exec.stages = ["RequestReceived", "ResponseStarted", "ResponseComplete"]
    return kubernetes(
      time, exec,
      by: caller(
        janitor, at: time, node: cluster.nodes[janitor.node], agent: "kube-janitor/23.7.0 python-requests/2.32"))
  }

  private func lookAround(_ time: Double, _ stolen: Session) -> [String] {
    let denied =
      "User: \(stolen.arn) is not authorized to perform: secretsmanager:ListSecrets because no identity-based policy allows the secretsmanager:ListSecrets action"
    let calls = [
      Call(service: "dynamodb", name: "ListTables"),
      Call(service: "s3", name: "ListBuckets", request: ["Host": "s3.eu-west-1.amazonaws.com"]),
      Call(service: "secretsmanager", name: "ListSecrets", error: ("AccessDenied", denied)),
    ]
    return calls.enumerated().map { index, call in
      aws(time + Double(index) * 23, in: Account.shop, call, by: stolen.caller(self))
    }
  }

  private func sweep(_ time: Double, _ session: Session) -> [String] {
    let list = Call(service: "secretsmanager", name: "ListSecrets", request: ["maxResults": 100])
    let names = [
      "warehouse/admin", "warehouse/loader", "lake/reader", "crm/api", "crm/export", "partner/sftp", "partner/pgp",
      "ledger/db",
      "ledger/replica", "bi/service", "bi/embed", "mail/bulk", "maps/api", "geo/api", "ml/registry",
    ]
    return [aws(time, in: Account.data, list, by: session.caller(self))]
      + names.enumerated().map { index, name in
        readSecret(time + 6 + Double(index) * 3, "data/" + name, in: Account.data, by: session, decrypts: false)
      }
  }

  private func mintKey(_ time: Double, _ session: Session) -> String {
    let request: JSON = ["userName": "etl-partner"]
    let key: JSON = [
      "accessKeyId": .string(keyID("AKIA")), "status": "Active", "userName": "etl-partner",
      "createDate": .string(day.spoken(time)),
    ]
    let call = Call(service: "iam", name: "CreateAccessKey", request: request, response: ["accessKey": key])
    return aws(time, in: Account.data, call, by: session.caller(self))
  }

  /// The second act, in the agents' log: the support agent leaves its charter and reads a credential file.
  func agentAttack() {
    let start = 15.0 * 3600 + 21 * 60 + 40
    let session = "sup-" + ids.hex(12)
    tool(
      start - 31, "support-bot", session, 0, user: "agent-desk-2", "customer.lookup",
      ["reference": .string("A-\(ids.digits(6))")])
    tool(
      start - 24, "support-bot", session, 1, user: "agent-desk-2", "kb.search",
      ["query": "export order history", "limit": 5])
    let id = tool(
      start, "support-bot", session, 2, user: "agent-desk-2", "shell.run", ["command": "cat /home/svc/.aws/credentials"]
    )
    plant(
      "OS6", "out-of-scope", identity: "support-bot", events: [id],
      what: "The support agent, chartered for knowledge base, tickets and customer look-up, runs a shell.")
    plant(
      "OS16", "out-of-scope", identity: "support-bot", events: [id],
      what: "The argument of that tool call names a credential file, and the call succeeds.")
  }
}

import Synthesis

// What resembles an attack in clusters, Vault, Google Cloud, GitHub and Okta, and is none.

extension Corpus {
  func otherLookalikes(_ start: Double, day: Int) {
    cluster(start + 15_000, day)
    vaults(start + 16_500, day)
    platforms(start + 17_500, day)
    agentRuns(start + 18_500, day)
  }

  private func system(
    _ name: String, address: String = "10.40.0.10", agent: String = "kube-controller-manager/v1.31.4 (linux/amd64)"
  ) -> ClusterCaller {
    ClusterCaller(
      cluster: World.shopCluster, user: ["username": .string(name), "groups": ["system:authenticated"]], name: name,
      address: address, agent: agent)
  }

  private func cluster(_ t: Double, _ day: Int) {
    let node = nodeCaller(World.shopCluster, 7)
    // Probes without a credential; controllers that make tokens; an operator that looks into its own pods.
    for n in 0..<3 {
      kubernetes(
        t + Double(n) * 60, system("system:anonymous", address: "10.40.0.2", agent: "ELB-HealthChecker/2.0"), "get", "",
        name: nil, extra: [("requestURI", "/healthz"), ("objectRef", .null)])
    }
    token(
      t + 10, system("system:kube-controller-manager"), "kube-system", "replicaset-controller", pod: nil,
      audience: "https://kubernetes.default.svc", seconds: 3600)
    let operatorPod = pod("db", "postgres-operator", at: t, node: node, audience: "https://kubernetes.default.svc")
    let op = ClusterCaller.account(
      World.shopCluster, "db", "postgres-operator", token: operatorPod.token,
      pod: (operatorPod.name, operatorPod.uid, String(node.name.dropFirst(12))), address: "10.40.9.5",
      agent: "operator/1.11 (linux/amd64)")
    for n in 0..<4 {
      kubernetes(
        t + 100 + Double(n) * 30, op, "create", "pods", "exec", namespace: "db", name: "db-\(n % 2)", code: 101,
        query: "?command=pg_isready&container=db&stdout=true")
    }
    for n in 0..<3 {
      kubernetes(t + 300 + Double(n) * 40, op, "update", "secrets", namespace: "db", name: "db-credentials")
    }
    // The network add-on's pods have what they need of the host; controllers make them.
    if day % 9 == 2 {
      kubernetes(
        t + 500, system("system:serviceaccount:kube-system:daemon-set-controller"), "create", "pods",
        namespace: "kube-system", name: "cilium-\(day)", code: 201,
        request: [
          "metadata": [
            "name": "cilium", "namespace": "kube-system",
            "ownerReferences": [["kind": "DaemonSet", "name": "cilium", "controller": true]],
          ],
          "spec": [
            "hostNetwork": true, "volumes": [["name": "run", "hostPath": ["path": "/var/run/cilium"]]],
            "containers": [["name": "agent", "image": "cilium", "securityContext": ["privileged": true]]],
          ],
        ])
      kubernetes(
        t + 520, node, "create", "certificatesigningrequests", name: "csr-\(day)", code: 201,
        request: ["spec": ["signerName": "kubernetes.io/kubelet-serving", "usages": ["server auth"]]],
        group: "certificates.k8s.io")
    }
    // An old client keeps its token past the hour: the whole workload does.
    for n in 0..<2 {
      kubernetes(
        t + 900 + Double(n) * 60, op, "list", "pods", namespace: "db",
        annotations: [
          (
            "authentication.k8s.io/stale-token",
            "subject: system:serviceaccount:db:postgres-operator, seconds after warning threshold: 120"
          )
        ])
    }
    endPod(t + 40_000, node, "db", operatorPod)
  }

  private func vaults(_ t: Double, _ day: Int) {
    // An agent renews, reads what it always reads, and is refused once.
    let token = vaultToken(
      "approle-web", policies: ["web"], metadata: [("role_name", "web")], address: "10.40.7.50", at: t)
    login(t, token, mount: "approle", kind: "approle", role: "web")
    for name in ["db", "smtp", "search", "db"] {
      vault(t + 10 + ids.between(0, 400), token, "read", "kv/data/web/\(name)", mount: "kv/", kind: "kv")
    }
    vault(t + 600, token, "update", "auth/token/renew-self", mount: "auth/token/", kind: "token")
    if day % 8 == 5 {
      vault(
        t + 700, token, "read", "kv/data/other/x", mount: "kv/", kind: "kv",
        error: "1 error occurred:\n\t* permission denied\n\n")
    }
    // A person.
    let person = vaultToken(
      "oidc-alice", policies: ["reader"], metadata: [("email", "alice@acme.example")], address: World.office(11),
      at: t + 900)
    vault(
      t + 900, nil, "update", "auth/oidc/oidc/callback", mount: "auth/oidc/", kind: "oidc", issues: person,
      address: World.office(11))
    vault(t + 950, person, "read", "kv/data/web/smtp", mount: "kv/", kind: "kv")
  }

  private func platforms(_ t: Double, _ day: Int) {
    let agent = "service-551122334455@container-engine-robot.iam.gserviceaccount.com"
    google(
      t, [("principalEmail", .string(agent))], "compute", "v1.compute.instanceGroupManagers.get",
      resource: "projects/\(World.project)/zones/europe-west1-b/instanceGroupManagers/g",
      permission: "compute.instanceGroupManagers.get")
    let loader = accountEmail("loader")
    for n in 0..<4 {
      google(
        t + Double(n) * 60, [("principalEmail", .string(loader))], "bigquery",
        "google.cloud.bigquery.v2.JobService.InsertJob", resource: "projects/\(World.project)/jobs/j\(n)",
        permission: "bigquery.jobs.create", address: "gce-internal-ip")
    }
    google(
      t + 400, [("principalEmail", "alice@acme.example")], "compute", "v1.compute.instances.list",
      resource: "projects/\(World.project)", permission: "compute.instances.list", address: World.office(11),
      agent: World.browser)
    for (n, actor) in ["dependabot[bot]", "octo-builder", "alice"].enumerated() {
      github(
        t + Double(n) * 30, actor, n == 0 ? "pull_request.create" : "git.clone",
        [
          ("repo", "acme/web"), ("operation_type", n == 0 ? "create" : "access"), ("user_agent", "git/2.43.0"),
          ("actor_ip", .string(n == 2 ? World.office(11) : World.runner(n))),
        ])
    }
    if day % 6 == 1 {
      github(
        t + 200, "alice", "ip_allow_list.enable",
        [("operation_type", "modify"), ("actor_ip", .string(World.office(11)))])
    }
    let admin = (id: "00u1alice", type: "User", name: "alice@acme.example")
    let session = "102" + ids.hex(20)
    okta(t, actor: admin, "user.session.start", address: World.office(11), session: session)
    okta(
      t + 20, actor: admin, "user.authentication.sso",
      target: [["id": "0oa1", "type": "AppInstance", "displayName": "GitHub"]], address: World.office(11),
      session: session)
    if day % 11 == 3 {
      okta(
        t + 300, actor: ("00uscim", "SystemPrincipal", "system@okta.com"), "user.lifecycle.create",
        target: [
          ["id": "00u\(day)", "type": "User", "alternateId": .string("new\(day)@acme.example"), "displayName": "New"]
        ], address: World.office(11))
    }
    let app = EntraApp(name: "backup-vault", address: World.datacenter)
    let signed = signIn(t + 500, app, key: SeededRandom.uuid(of: "backup-vault-key"), means: "certificate")
    for n in 0..<3 {
      graph(t + 520 + Double(n) * 30, app, token: signed.token, "GET", "groups/\(uuid())/members", issued: t + 500)
    }
  }

  private func agentRuns(_ t: Double, _ day: Int) {
    for n in 0..<3 {
      let conversation = "conv-\(ids.hex(12))"
      for (k, tool) in ["lookup_order", "get_customer", "list_refunds", "send_note"].enumerated() {
        let trace = ids.hex(32)
        let at = t + Double(n) * 600 + Double(k) * 20
        self.tool(
          at, agent: "order-care", conversation: conversation, tool,
          ["order_id": .string("A-\(ids.below(9000))"), "note": "called back"], trace: trace)
        gateway(
          at + 0.05, peer: "spiffe://\(World.trust)/ns/agents/sa/order-care", tool, session: conversation, trace: trace)
      }
    }
    tool(
      t + 3000, agent: "builder", conversation: "conv-\(ids.hex(12))", "read_file",
      ["path": "../config/app/settings.json"], trace: ids.hex(32), task: "build")
    tool(
      t + 3100, agent: "research", conversation: "conv-\(ids.hex(12))", "web_search",
      ["query": "path traversal examples ../../etc/passwd"], trace: ids.hex(32), task: "research")
  }
}

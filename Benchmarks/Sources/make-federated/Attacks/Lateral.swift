import Synthesis

extension Attacks {
  private static let family = "lateral-movement"

  static let lateral: [Act] = [
    { c, t in
      let cart = worker(c, "pricing", before: t)
      let id = c.token(
        t, cart, "kube-system", "clusterrole-aggregation-controller", pod: nil,
        audience: "https://kubernetes.default.svc", seconds: 3600
      ).event
      c.truth.attack("LM1", family, identity: cart.name, events: [id], what: "a pod asks for a controller's token")
    },
    { c, t in
      let live = c.settled(World.shop, "price-watch", "price-1", before: t, address: World.shopEgress)
      let admin = c.session(World.data, "data-admin", "x", at: t, address: World.shopEgress)
      let id = c.assume(t, live.caller, admin)
      c.aws(
        t + 60, admin.caller, "iam", "AttachRolePolicy",
        request: ["roleName": "data-admin", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"], readOnly: false)
      c.truth.attack(
        "LM1", family, identity: live.caller.name, events: [id],
        what: "a role of one account takes an administrator's of another")
    },
    { c, t in
      // The thief's own renewals: A, B, A, B.
      var live = c.settled(World.shop, "loop-a", "a", before: t, address: World.shopEgress)
      var ids: [String] = []
      for n in 0..<16 {
        let next = c.session(
          World.shop, n % 2 == 0 ? "loop-b" : "loop-a", "x", at: t + Double(n) * 3300, address: World.shopEgress)
        ids.append(c.assume(t + Double(n) * 3300, live.caller, next))
        c.work(next.caller, from: t + Double(n) * 3300 + 20, calls: 1)
        live = next
      }
      c.truth.attack(
        "LM3", family, identity: World.role(World.shop, "loop-a"), events: ids,
        what: "two roles renew each other for fourteen hours")
    },
    { c, t in
      let janitor = worker(c, "janitor", before: t)
      let id = c.kubernetes(
        t, janitor, "create", "pods", "exec", namespace: "shop", name: "cart-0", code: 101,
        query:
          "?command=cat&command=%2Fvar%2Frun%2Fsecrets%2Feks.amazonaws.com%2Fserviceaccount%2Ftoken&container=cart&stdout=true"
      )
      c.truth.attack("LM4", family, identity: janitor.name, events: [id], what: "a command reads a pod's token")
    },
    { c, t in
      let key = c.keyUser(World.shop, "ops-script", address: World.datacenter)
      c.work(key, from: t - 3000, calls: 3)
      let id = c.aws(
        t, key, "ssm", "SendCommand",
        request: [
          "documentName": "AWS-RunShellScript", "instanceIds": ["i-0a1b2c3d4e5f60718"], "parameters": "HIDDEN",
        ], readOnly: false)
      c.truth.attack("LM4", family, identity: key.name, events: [id], what: "a lasting key runs a shell document")
    },
    { c, t in
      let live = c.settled(World.shop, "patch-runner", "p", before: t, address: World.shopEgress)
      let ids = (0..<4).map { n in
        c.aws(
          t + Double(n) * 30, live.caller, "ec2-instance-connect", "SendSSHPublicKey",
          request: [
            "instanceId": .string("i-0a1b2c3d4e5f6071\(n)"), "instanceOSUser": "ec2-user",
            "sSHPublicKey": "ssh-ed25519 AAAA",
          ],
          response: ["success": true], readOnly: false)
      }
      c.truth.attack("LM4", family, identity: live.caller.name, events: ids, what: "keys pushed to four instances")
    },
    { c, t in
      c.deed(
        t, "LM6", family, role: "build-helper", "ec2", "ModifyInstanceAttribute",
        ["instanceId": "i-0a1b2c3d4e5f60718", "userData": "<sensitiveDataRemoved>"],
        what: "another start script for an instance")
    },
    { c, t in
      c.deed(
        t, "LM6", family, role: "image-resizer", "lambda", "UpdateFunctionCode20150331v2",
        ["functionName": "orders-webhook", "publish": true], what: "another function's code")
    },
    { c, t in
      let w = worker(c, "ingest", before: t)
      let id = c.kubernetes(
        t, w, "create", "pods", namespace: "shop", name: "helper", code: 201,
        request: [
          "metadata": ["name": "helper", "namespace": "shop"],
          "spec": [
            "hostPID": true, "containers": [["name": "c", "image": "alpine", "securityContext": ["privileged": true]]],
            "volumes": [["name": "host", "hostPath": ["path": "/"]]],
          ],
        ])
      c.truth.attack("LM7", family, identity: w.name, events: [id], what: "a pod with the host's root")
    },
    { c, t in
      let w = worker(c, "metrics-shim", before: t)
      let id = c.kubernetes(t, w, "get", "nodes", "proxy", name: "ip-10-40-0-11.eu-west-1.compute.internal")
      c.truth.attack("LM7", family, identity: w.name, events: [id], what: "the kubelet's API through nodes/proxy")
    },
    { c, t in
      let w = worker(c, "certs", before: t)
      let id = c.kubernetes(
        t, w, "create", "certificatesigningrequests", name: "c1", code: 201,
        request: [
          "spec": [
            "signerName": "kubernetes.io/kube-apiserver-client", "usages": ["client auth"],
            "groups": ["system:authenticated"], "request": "LS0tLS1CRUdJTg==",
          ]
        ],
        group: "certificates.k8s.io")
      c.truth.attack(
        "LM7", family, identity: w.name, events: [id], what: "a service account asks for a client certificate")
    },
    { c, t in
      c.deed(
        t, "LM8", family, role: "tag-writer", "iam", "UpdateAssumeRolePolicy",
        [
          "roleName": "data-export",
          "policyDocument":
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::999900001111:root\"},\"Action\":\"sts:AssumeRole\"}]}",
        ],
        what: "a role trusts an account outside")
    },
    { c, t in
      c.deed(
        t, "LM8", family, role: "edge-config", "rolesanywhere", "CreateTrustAnchor",
        [
          "name": "edge", "enabled": true,
          "source": ["sourceType": "CERTIFICATE_BUNDLE", "sourceData": ["x509CertificateData": "HIDDEN"]],
        ], what: "a new issuer of certificates is trusted")
    },
    { c, t in
      let token = c.vaultToken(
        "approle-config", policies: ["config"], metadata: [("role_name", "config")], address: "10.40.7.90", at: t - 300)
      c.login(t - 300, token, mount: "approle", kind: "approle", role: "config")
      let id = c.vault(
        t, token, "update", "auth/kubernetes/role/billing", mount: "auth/kubernetes/", kind: "kubernetes",
        data: [
          ("bound_service_account_names", ["*"]), ("bound_service_account_namespaces", ["*"]),
          ("policies", ["billing"]),
        ])
      c.truth.attack("LM8", family, identity: "approle-config", events: [id], what: "a Vault role for every account")
    },
    { c, t in
      let key = c.keyUser(World.shop, "legacy-sync", address: World.datacenter)
      c.work(key, from: t - 3000, calls: 3)
      let id = c.aws(
        t, key, "sts", "GetFederationToken",
        request: [
          "name": "support",
          "policy":
            "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}",
        ],
        response: [
          "credentials": ["accessKeyId": .string(c.key("ASIA"))],
          "federatedUser": [
            "federatedUserId": .string("\(World.shop):support"),
            "arn": .string("arn:aws:sts::\(World.shop):federated-user/support"),
          ],
        ])
      c.truth.attack("LM9", family, identity: key.name, events: [id], what: "a session that outlives its key")
    },
  ]

  /// A pod's account that lists its own configuration for an hour.
  static func worker(_ c: Corpus, _ name: String, before time: Double, namespace: String = "shop") -> ClusterCaller {
    let node = c.nodeCaller(World.shopCluster, 5)
    let pod = c.pod(namespace, name, at: time - 3700, node: node, audience: "https://kubernetes.default.svc")
    let caller = ClusterCaller.account(
      World.shopCluster, namespace, name, token: pod.token, pod: (pod.name, pod.uid, String(node.name.dropFirst(12))),
      address: "10.40.9.\(name.utf8.reduce(0) { $0 + Int($1) } % 200)")
    for n in 0..<4 { c.kubernetes(time - 3600 + Double(n) * 800, caller, "list", "configmaps", namespace: namespace) }
    return caller
  }
}

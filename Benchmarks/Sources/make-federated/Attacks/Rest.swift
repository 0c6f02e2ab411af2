import Synthesis

extension Attacks {
  private static let attest = "attestation-mismatch"
  private static let life = "lifecycle"
  private static let integrity = "log-integrity"

  static let attestation: [Act] = [
    { c, t in
      let live = c.settled(World.shop, "engineer", "alice", before: t, address: World.shopEgress)
      let id = c.aws(
        t, live.caller, "eks-auth", "AssumeRoleForPodIdentity",
        request: ["clusterName": .string(World.shopCluster), "token": "HIDDEN_DUE_TO_SECURITY_REASONS"],
        address: World.outside(60))
      c.truth.attack(
        "AM1", attest, identity: live.caller.name, events: [id],
        what: "a pod's token exchanged by somebody who is no node")
    },
    { c, t in
      let node = c.nodeCaller(World.shopCluster, 6)
      let pod = c.pod("shop", "router", at: t - 2000, node: node, audience: "https://kubernetes.default.svc")
      func call(_ name: String, _ uid: String) -> ClusterCaller {
        .account(
          World.shopCluster, "shop", "router", token: pod.token, pod: (name, uid, String(node.name.dropFirst(12))),
          address: "10.40.8.66")
      }
      for n in 0..<3 {
        c.kubernetes(t - 1900 + Double(n) * 300, call(pod.name, pod.uid), "list", "endpoints", namespace: "shop")
      }
      let id = c.kubernetes(t, call("router-x", c.uuid()), "list", "endpoints", namespace: "shop")
      c.truth.attack(
        "AM1", attest, identity: "system:serviceaccount:shop:router", events: [id], what: "one token of two pods")
    },
    { c, t in
      let (live, pod) = c.podSession("refund", before: t)
      c.endPod(t, c.nodeCaller(World.shopCluster, 4), "shop", pod)
      let id = c.aws(t + 1200, live.caller, "s3", "ListBuckets", address: World.outside(61))
      c.truth.attack("AM2", attest, identity: live.caller.name, events: [id], what: "a dead pod's session")
    },
    { c, t in
      let instance = c.instance()
      let live = c.instanceSession("spot-node", before: t, instance: instance)
      c.aws(
        t, AWSCaller.console(c, World.shop, "dana", office: 4), "ec2", "TerminateInstances",
        request: ["instancesSet": ["items": [["instanceId": .string(instance)]]]], readOnly: false)
      let id = c.aws(t + 2400, live.caller, "s3", "ListBuckets")
      c.truth.attack("AM2", attest, identity: live.caller.name, events: [id], what: "a terminated instance's session")
    },
  ]

  static let lifecycle: [Act] = [
    { c, t in
      let key = c.keyUser(World.shop, "retired-feed", address: World.shopEgress)
      c.work(key, from: t - 90_000, calls: 3)
      c.aws(
        t - 7200, AWSCaller.console(c, World.shop, "erin", office: 5), "iam", "DeleteAccessKey",
        request: ["userName": "retired-feed", "accessKeyId": .string(key.key)], readOnly: false)
      let id = c.aws(t, key, "s3", "ListBuckets", address: World.outside(70))
      c.truth.attack("LC3", life, identity: key.name, events: [id], what: "a deleted key works, from elsewhere")
    },
    { c, t in
      c.deed(
        t, "LC5", life, role: "note-taker", "iam", "AttachUserPolicy",
        ["userName": "backup", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"],
        what: "administration for a user")
    },
    { c, t in
      let w = worker(c, "installer", before: t)
      let id = c.kubernetes(
        t, w, "create", "clusterrolebindings", name: "installer-admin", code: 201,
        request: [
          "metadata": ["name": "installer-admin"],
          "roleRef": ["kind": "ClusterRole", "name": "cluster-admin", "apiGroup": "rbac.authorization.k8s.io"],
          "subjects": [["kind": "ServiceAccount", "name": "installer", "namespace": "shop"]],
        ],
        group: "rbac.authorization.k8s.io")
      c.truth.attack("LC5", life, identity: w.name, events: [id], what: "a cluster's administration for an account")
    },
    { c, t in
      let id = c.github(
        t, "mallory", "ip_allow_list.disable", [("operation_type", "modify"), ("actor_ip", .string(World.outside(71)))])
      c.truth.attack(
        "LC6", life, identity: "mallory", events: [id], what: "the list of allowed addresses is switched off")
    },
    { c, t in
      let id = c.github(
        t, "trent", "integration_installation.create",
        [("integration", "super-linter-pro"), ("name", "super-linter-pro"), ("actor_ip", .string(World.office(9)))])
      c.truth.attack("LC7", life, identity: "trent", events: [id], what: "a third party's app with standing access")
    },
    { c, t in
      let w = worker(c, "syncer", before: t)
      let id = c.kubernetes(
        t, w, "create", "serviceaccounts", namespace: "kube-system", name: "metrics-2", code: 201,
        request: ["metadata": ["name": "metrics-2", "namespace": "kube-system"]])
      c.truth.attack("LC8", life, identity: w.name, events: [id], what: "an account in kube-system")
    },
  ]

  static let logs: [Act] = [
    { c, t in
      c.deed(
        t, "LS2", integrity, role: "cost-tool", "cloudtrail", "StopLogging", ["name": "organization"],
        what: "the trail stops")
    },
    { c, t in
      c.deed(
        t, "LS2", integrity, role: "net-tool", "ec2", "DeleteFlowLogs",
        ["DeleteFlowLogsRequest": ["FlowLogId": ["tag": 1, "content": "fl-0a1b"]]], what: "flow logs go")
    },
    { c, t in
      let id = c.github(
        t, "mallory", "audit_log_streaming.destroy",
        [("operation_type", "remove"), ("business", "acme"), ("actor_ip", .string(World.outside(72)))])
      c.truth.attack("LS2", integrity, identity: "mallory", events: [id], what: "the audit stream goes")
    },
    { c, t in
      let id = c.okta(
        t, actor: ("00u9svc", "User", "svc-provisioning@acme.example"), "system.log_stream.lifecycle.deactivate",
        target: [["id": "0ls1", "type": "LogStream", "displayName": "siem"]], address: World.datacenter)
      c.truth.attack(
        "LS2", integrity, identity: "svc-provisioning@acme.example", events: [id],
        what: "the log stream is switched off")
    },
    { c, t in
      let token = c.vaultToken(
        "approle-tuner", policies: ["root-ish"], metadata: [("role_name", "tuner")], address: "10.40.7.92", at: t - 60)
      c.login(t - 60, token, mount: "approle", kind: "approle", role: "tuner")
      let id = c.vault(t, token, "delete", "sys/audit/file", mount: "sys/", kind: "system")
      c.truth.attack("LS2", integrity, identity: "approle-tuner", events: [id], what: "an audit device is switched off")
    },
    { c, t in
      // The same id with another caller: somebody wrote first.
      let live = c.settled(World.shop, "ghost", "g", before: t, address: World.shopEgress)
      let id = c.aws(t, live.caller, "s3", "DeleteBucket", request: ["bucketName": "acme-archive"], readOnly: false)
      let other = c.keyUser(World.shop, "etl-loader", address: World.shopEgress)
      c.aws(t, other, "s3", "ListBuckets", extra: [("eventID", .string(id))])
      c.truth.attack("LS6", integrity, identity: "", events: [id], what: "one id, two records")
    },
  ]
}

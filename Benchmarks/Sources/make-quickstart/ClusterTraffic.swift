import Synthesis

extension World {
  /// Nodes, controllers, probes and the pods that talk to the API server.
  func clusterTraffic(_ cluster: Cluster) {
    for node in cluster.nodes { kubeletTraffic(node, cluster) }
    controlPlaneTraffic()
    podTraffic(cluster)
    for time in every(300, stream: "probes", jitter: 0.02) {
      let path = Int(time) / 300 % 2 == 0 ? "/readyz" : "/livez"
      let anonymous: JSON = ["username": "system:anonymous", "groups": ["system:unauthenticated"]]
      kubernetes(
        time, KubernetesCall(verb: "get", uri: path),
        by: KubernetesCaller(
          user: anonymous, address: Cluster.controlPlane, agent: "ELB-HealthChecker/2.0",
          reason:
            "RBAC: allowed by ClusterRoleBinding \"system:public-info-viewer\" of ClusterRole \"system:public-info-viewer\" to Group \"system:unauthenticated\""
        ))
    }
  }

  private func kubeletTraffic(_ node: Instance, _ cluster: Cluster) {
    let here = cluster.pods.filter { cluster.nodes[$0.node].id == node.id && $0.start == 0 && $0.end == 86_400 }
    for time in every(600, stream: "lease/" + node.id, jitter: 0.05) {
      let caller = kubelet(node, at: time)
      kubernetes(
        time, .on("leases", "update", group: "coordination.k8s.io", in: "kube-node-lease", name: node.hostname),
        by: caller)
      kubernetes(time + 3, .on("nodes", "patch", name: node.hostname, sub: "status"), by: caller)
    }
    for time in every(900, stream: "kubelet/" + node.id) {
      let pod = here[Int(time) % here.count]
      kubernetes(
        time, .on("configmaps", "get", in: pod.namespace, name: "kube-root-ca.crt"), by: kubelet(node, at: time))
      kubernetes(time + 1, .on("pods", "get", in: pod.namespace, name: pod.name), by: kubelet(node, at: time))
    }
  }

  private func controlPlaneTraffic() {
    for name in ["kube-controller-manager", "kube-scheduler"] {
      for time in every(300, stream: name, jitter: 0.02) {
        var call = KubernetesCall.on("leases", "update", group: "coordination.k8s.io", in: "kube-system", name: name)
        call.stages = ["RequestReceived", "ResponseComplete"]
        kubernetes(time, call, by: component(name))
      }
    }
    let addons = KubernetesCaller(
      user: [
        "username": "eks:addon-manager", "uid": "aws-iam-authenticator:\(Account.shop):eks",
        "groups": ["system:authenticated"],
      ],
      address: Cluster.controlPlane, agent: "Go-http-client/2.0",
      reason: Self.bound("eks:addon-manager", "eks:addon-manager"))
    for time in every(1200, stream: "addons") {
      for name in ["coredns", "aws-node", "kube-proxy"] {
        let kind = name == "coredns" ? "deployments" : "daemonsets"
        kubernetes(time, .on(kind, "get", group: "apps", in: "kube-system", name: name), by: addons)
      }
    }
  }

  /// Each service account keeps to its few calls.
  private func podTraffic(_ cluster: Cluster) {
    typealias Habit = (prefix: String, period: Double, agent: String, call: (Int) -> KubernetesCall)
    let habits: [Habit] = [
      (
        "coredns", 600, "coredns/1.12",
        {
          .on(
            $0 % 2 == 0 ? "services" : "endpointslices", "watch", group: $0 % 2 == 0 ? "" : "discovery.k8s.io",
            query: "?watch=true&timeoutSeconds=360")
        }
      ),
      (
        "metrics-server", 900, "metrics-server/v0.8.0",
        { .on($0 % 2 == 0 ? "nodes" : "pods", "watch", query: "?watch=true&timeoutSeconds=400") }
      ),
      (
        "prometheus", 600, "prometheus/3.5.0",
        { .on(["pods", "services", "endpoints"][$0 % 3], "watch", query: "?watch=true&timeoutSeconds=420") }
      ),
      (
        "ingress-nginx", 400, "nginx-ingress-controller/v1.13.1",
        {
          .on(
            "leases", "update", group: "coordination.k8s.io", in: "ingress-nginx",
            name: $0 < 0 ? "" : "ingress-nginx-leader")
        }
      ),
      (
        "argocd", 240, "argocd-application-controller/v3.1.1",
        { .on(["deployments", "replicasets"][$0 % 2], "list", group: "apps", in: ["shop", "billing"][$0 / 2 % 2]) }
      ),
      ("cluster-autoscaler", 300, "cluster-autoscaler/1.33.0", { .on(["nodes", "pods"][$0 % 2], "list") }),
      (
        "external-secrets", 600, "external-secrets/0.19.2",
        { .on("secrets", "patch", in: ["shop", "billing"][$0 % 2], name: ["checkout-db", "invoice-smtp"][$0 % 2]) }
      ),
      ("vault-0", 700, "vault/1.20.2", { .on("pods", "patch", in: "vault", name: $0 < 0 ? "" : "vault-0") }),
      (
        "kube-janitor", 900, "kube-janitor/23.7.0 python-requests/2.32",
        {
          .on(
            ["jobs", "pods"][$0 % 2], $0 % 12 == 0 ? "delete" : "list", group: $0 % 2 == 0 ? "batch" : "", in: "ops",
            name: $0 % 12 == 0 ? "nightly-report-\(2900 + $0)" : nil)
        }
      ),
    ]
    for habit in habits {
      for pod in cluster.all(habit.prefix) {
        let times = every(habit.period, from: pod.start + 20, to: pod.end - 20, stream: "habit/" + pod.name)
        for (index, time) in times.enumerated() {
          var call = habit.call(index)
          if call.verb == "watch" {
            call.duration = 330
            call.stages = ["RequestReceived", "ResponseStarted", "ResponseComplete"]
            if time + 330 > 86_400 { continue }
          }
          kubernetes(time, call, by: caller(pod, at: time, node: cluster.nodes[pod.node], agent: habit.agent))
        }
      }
    }
  }
}

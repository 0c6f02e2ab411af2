import Synthesis

extension World {
  /// The morning's new version of the cart: Argo CD patches, the controllers replace pods, the kubelets report.
  func rollout(_ cluster: Cluster) {
    let start = Cluster.rollout
    let argo = cluster.find("argocd")
    kubernetes(
      start, .on("deployments", "patch", group: "apps", in: "shop", name: "cart"),
      by: caller(argo, at: start, node: cluster.nodes[argo.node], agent: "argocd-application-controller/v3.1.1"))
    let deployments = controller("deployment-controller", at: start - 60)
    let replicas = controller("replicaset-controller", at: start - 58)
    kubernetes(
      start + 0.4, .on("replicasets", "create", group: "apps", in: "shop", name: "cart-7d9c6b8f4"), by: deployments)
    for pod in cluster.all("cart-7d9c6b8f4") {
      var create = KubernetesCall.on("pods", "create", in: "shop", name: pod.name)
      create.code = 201
      kubernetes(pod.start - 0.6, create, by: replicas)
      var bind = KubernetesCall.on("pods", "create", in: "shop", name: pod.name, sub: "binding")
      bind.code = 201
      kubernetes(pod.start - 0.1, bind, by: component("kube-scheduler"))
      for delay in [0.5, 6.0, 12.0] {
        let node = cluster.nodes[pod.node]
        kubernetes(
          pod.start + delay, .on("pods", "patch", in: "shop", name: pod.name, sub: "status"),
          by: kubelet(node, at: pod.start))
      }
    }
    for pod in cluster.all("cart-6f7b8c9d5") {
      let node = cluster.nodes[pod.node]
      kubernetes(pod.end - 9, .on("pods", "delete", in: "shop", name: pod.name), by: replicas)
      kubernetes(pod.end, .on("pods", "delete", in: "shop", name: pod.name), by: kubelet(node, at: pod.end))
    }
    kubernetes(
      start + 60, .on("deployments", "update", group: "apps", in: "shop", name: "cart", sub: "status"), by: deployments)
  }

  /// A controller of the control plane, with the token that the controller manager asks for in its name.
  private func controller(_ name: String, at time: Double) -> KubernetesCaller {
    let id = ids.uuid()
    var call = KubernetesCall.on("serviceaccounts", "create", in: "kube-system", name: name, sub: "token")
    call.level = "Request"
    call.code = 201
    call.request = [
      "kind": "TokenRequest", "apiVersion": "authentication.k8s.io/v1", "metadata": ["creationTimestamp": .null],
      "spec": ["audiences": ["https://kubernetes.default.svc"], "expirationSeconds": 3600, "boundObjectRef": .null],
    ]
    call.annotations = [("authentication.kubernetes.io/issued-credential-id", .string("JTI=" + id))]
    kubernetes(time, call, by: component("kube-controller-manager"))
    let username = "system:serviceaccount:kube-system:\(name)"
    let user: JSON = [
      "username": .string(username), "uid": .string(stableUUID("sa/kube-system/" + name)),
      "groups": ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"],
      "extra": ["authentication.kubernetes.io/credential-id": [.string("JTI=" + id)]],
    ]
    return KubernetesCaller(
      user: user, address: Cluster.controlPlane,
      agent:
        "kube-controller-manager/v1.33.3 (linux/amd64) kubernetes/80779bd/system:serviceaccount:kube-system:\(name)",
      reason: Self.bound("system:controller:" + name, username))
  }
}

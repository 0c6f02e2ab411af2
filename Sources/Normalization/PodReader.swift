/// Words about a pod's spec (of a Pod, or of the template of a Deployment, Job, CronJob…): how far it reaches into the host.
///
/// `privileged`, `host-network`, `host-pid`, `host-ipc`, `host-path:<path>`, `capability:<name>`, `service-account:<name>`,
/// `owner:<kind>` and `image:<image>`.
enum PodReader {
  static func words(_ text: Span<UInt8>) -> [[UInt8]] {
    guard let object = JSONTree.parse(text) else { return [] }
    var words: [String] = []
    for owner in object["metadata"]?["ownerReferences"]?.list ?? [] {
      words += (owner["kind"]?.strings ?? []).map { "owner:" + $0 }
    }
    var spec = object["spec"] ?? object
    if let job = spec["jobTemplate"]?["spec"] { spec = job }
    if let template = spec["template"]?["spec"] { spec = template }
    if spec["hostNetwork"]?.isTrue == true { words.append("host-network") }
    if spec["hostPID"]?.isTrue == true { words.append("host-pid") }
    if spec["hostIPC"]?.isTrue == true { words.append("host-ipc") }
    words += (spec["serviceAccountName"]?.strings ?? []).map { "service-account:" + $0 }
    for volume in spec["volumes"]?.list ?? [] {
      words += (volume["hostPath"]?["path"]?.strings ?? []).map { "host-path:" + $0 }
    }
    let groups = ["containers", "initContainers", "ephemeralContainers"]
    for container in groups.flatMap({ spec[$0]?.list ?? [] }) {
      if container["securityContext"]?["privileged"]?.isTrue == true { words.append("privileged") }
      let added = container["securityContext"]?["capabilities"]?["add"]?.strings ?? []
      words += added.map { "capability:" + $0 }
      words += (container["image"]?.strings ?? []).map { "image:" + $0 }
    }
    return words.map { Array($0.utf8) }
  }
}

/// Recognises paths and commands that reach for credentials or out of their box (detections.md, OS16 a and LM4 c).
/// Judges tokens of text that was decoded before; holds nothing.
enum SensitiveText {
  /// Words: `private-key`, `token`, `credential-store`, `metadata-address`, `container-socket`, `climbs`.
  static func words(ofPath raw: String) -> Set<String> {
    let path = raw.lowercased()
    let name = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? path
    var words: Set<String> = []
    if path.contains("169.254.169.254") || path.contains("fd00:ec2::254") || path.contains("169.254.170.2")
      || path.contains("metadata.google.internal")
    {
      words.insert("metadata-address")
    }
    if privateKeys.contains(where: { name == $0 }) || path.contains("/.ssh/") || path.hasPrefix(".ssh/")
      || path.contains("\\.ssh\\")
    {
      words.insert(name.hasSuffix(".pub") || name == "known_hosts" ? "credential-store" : "private-key")
    }
    if tokens.contains(where: { path.contains($0) }) || (path.hasPrefix("/proc/") && name == "environ") {
      words.insert("token")
    }
    if stores.contains(where: { path.contains($0) }) || fileNames.contains(name) || name == ".env"
      || name.hasPrefix(".env.") || isSecretFile(name)
    {
      words.insert("credential-store")
    }
    if path.hasSuffix("docker.sock") || path.hasSuffix("containerd.sock") { words.insert("container-socket") }
    let climbs = path.components("../") + path.components("..\\")
    if climbs >= 3 { words.insert("climbs") }
    return words
  }

  private static let privateKeys = ["id_rsa", "id_ed25519", "id_ecdsa", "id_dsa"]
  private static let tokens = [
    "/var/run/secrets/", "/run/secrets/", "eks.amazonaws.com/serviceaccount", "pods.eks.amazonaws.com",
    "azure-identity-token", "serviceaccount/token", "workload-identity-token", "secrets/kubernetes.io",
  ]
  private static let stores = [
    ".aws/", ".kube/config", ".docker/config.json", ".azure/", "gcloud/credentials", ".config/gcloud",
    "application_default_credentials", "accesstokens.json", "msal_token_cache", ".aws\\", ".kube\\config",
  ]
  private static let fileNames: Set<String> = [
    ".netrc", ".npmrc", ".pypirc", ".git-credentials", ".pgpass", ".my.cnf", ".vault-token", "kubeconfig",
  ]

  /// `secrets.yml`, `credentials`, `credentials.json`, `service-account-prod.json`, `/etc/shadow`.
  private static func isSecretFile(_ name: String) -> Bool {
    let dot = name.firstIndex(of: ".") ?? name.endIndex
    let stem = name[..<dot]
    if stem == "secrets" && dot != name.endIndex { return true }
    if stem == "credentials" || (stem.hasPrefix("credentials") && dot != name.endIndex) { return true }
    let isAccount = stem.hasPrefix("service-account") || stem.hasPrefix("service_account")
    if isAccount && name.hasSuffix(".json") { return true }
    return ["shadow", "sudoers"].contains(name) || name == "passwd"
  }

  /// Words of a command line: those of its tokens and `network-shell`, `privileged-container`, `shell`.
  static func words(ofCommand raw: String) -> Set<String> {
    let text = raw.lowercased()
    var words: Set<String> = []
    for token in text.split(whereSeparator: { " \t\n\"'`;|&<>()=,[]{}".contains($0) }) {
      words.formUnion(self.words(ofPath: String(token)))
    }
    let fetches = ["curl ", "wget ", "fetch ", "iwr ", "invoke-webrequest"].contains { text.contains($0) }
    let pipesToShell = ["| sh", "|sh", "| bash", "|bash", "| sudo", "| python", "|python", "iex("].contains {
      text.contains($0)
    }
    if fetches && pipesToShell || text.contains("/dev/tcp/") || text.contains("nc -e") || text.contains("ncat -e")
      || (text.contains("base64 -d") && pipesToShell) || text.contains("powershell -enc")
      || (text.contains("socket") && text.contains("subprocess")) || text.contains("mkfifo ") && text.contains("nc ")
    {
      words.insert("network-shell")
    }
    if text.contains("--privileged") || text.contains("nsenter ") || text.contains("-v /:/") {
      words.insert("privileged-container")
    }
    let first = text.split(whereSeparator: { " \t\n".contains($0) }).first.map(String.init) ?? ""
    let program = first.split(separator: "/").last.map(String.init) ?? first
    if ["sh", "bash", "zsh", "ash", "dash", "cmd", "powershell", "pwsh"].contains(program) { words.insert("shell") }
    return words
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(_ part: String) -> Int {
    var n = 0
    var rest = self[...]
    while let found = rest.range(of: part) {
      n += 1
      rest = rest[found.upperBound...]
    }
    return n
  }

  fileprivate func contains(_ part: String) -> Bool { self[...].range(of: part) != nil }
}

extension Substring {
  /// The first occurrence, compared by UTF-8 bytes.
  fileprivate func range(of part: String) -> Range<Substring.Index>? {
    let needle = Array(part.utf8)
    let view = utf8
    guard !needle.isEmpty, view.count >= needle.count else { return nil }
    var at = view.startIndex
    while at != view.endIndex {
      if view[at] == needle[0], view[at...].starts(with: needle) {
        return at..<view.index(at, offsetBy: needle.count)
      }
      at = view.index(after: at)
    }
    return nil
  }
}

/// Recognises paths and commands that reach for credentials or out of their box (detections.md, OS16 a and LM4 c).
/// Judges tokens of text that was decoded before; holds nothing.
enum SensitiveText {
  /// Words: `private-key`, `token`, `credential-store`, `account-file`, `metadata-address`,
  /// `container-socket`, `climbs`.
  static func words(ofPath raw: String) -> Set<String> {
    let path = raw.lowercased()
    let name = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? path
    var words: Set<String> = []
    if metadata.contains(where: { path.contains($0) }) { words.insert("metadata-address") }
    if path.contains("/.ssh/") || path.hasPrefix(".ssh/") || path.contains("\\.ssh\\") {
      let isPublic = name.hasSuffix(".pub") || ["config", "known_hosts", "authorized_keys"].contains(name)
      words.insert(isPublic ? "credential-store" : "private-key")
    } else if privateKeys.contains(name) {
      words.insert("private-key")
    }
    if tokens.contains(where: { path.contains($0) }) || (path.contains("proc/") && name == "environ") {
      words.insert("token")
    }
    if stores.contains(where: { path.contains($0) }) || fileNames.contains(name) || isEnvironmentFile(name)
      || isSecretFile(name)
    {
      words.insert("credential-store")
    }
    if systemFiles.contains(where: { path.hasSuffix($0) }) { words.insert("account-file") }
    if path.hasSuffix("docker.sock") || path.hasSuffix("containerd.sock") || path.hasSuffix("crio.sock") {
      words.insert("container-socket")
    }
    let climbs = path.components("../") + path.components("..\\")
    if climbs >= 3 { words.insert("climbs") }
    return words
  }

  /// Instance and task metadata, as addresses and as the numbers that stand for them.
  private static let metadata = [
    "169.254.169.254", "fd00:ec2::254", "169.254.170.2", "100.100.100.200", "metadata.google.internal",
    "2852039166", "0xa9fea9fe",
  ]
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
    ".netrc", "_netrc", ".npmrc", ".pypirc", ".git-credentials", ".pgpass", ".my.cnf", ".vault-token", "kubeconfig",
    ".ssh", ".aws", ".envrc", ".htpasswd",
  ]
  private static let systemFiles = ["etc/shadow", "etc/passwd", "etc/sudoers", "etc/gshadow", "etc/sudoers.d"]

  /// `.env`, `.env.production`, not a template that is checked in.
  private static func isEnvironmentFile(_ name: String) -> Bool {
    if name == ".env" { return true }
    guard name.hasPrefix(".env.") else { return false }
    return ![".example", ".sample", ".template", ".dist", ".md"].contains { name.hasSuffix($0) }
  }

  /// Endings of programs and documents: `credentials.py` is about credentials, it holds none.
  private static let prose: Set<String> = [
    "md", "html", "rst", "py", "go", "js", "ts", "tsx", "java", "rs", "swift", "rb", "c", "h", "cpp", "cs", "kt", "tf",
  ]

  /// `secrets.yml`, `credentials`, `credentials.json`, `service-account-prod.json`.
  private static func isSecretFile(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let stem = parts[0]
    if let last = parts.last, parts.count > 1, prose.contains(String(last)) { return false }
    if stem == "secrets" && parts.count > 1 { return true }
    if stem == "credentials" || (stem.hasPrefix("credentials") && parts.count > 1) { return true }
    let isAccount = stem.hasPrefix("service-account") || stem.hasPrefix("service_account")
    return isAccount && name.hasSuffix(".json")
  }

  /// Words of a command line: those of its tokens and `network-shell`, `privileged-container`, `shell`.
  static func words(ofCommand raw: String) -> Set<String> {
    let text = raw.lowercased()
    var words: Set<String> = []
    for token in text.split(whereSeparator: { " \t\n\"'`;|&<>()=,[]{}".contains($0) }) {
      words.formUnion(self.words(ofPath: String(token)))
    }
    let fetches = ["curl ", "wget ", "fetch ", "iwr ", "invoke-webrequest"].contains { text.contains($0) }
    let pipesToShell = shells.contains { text.contains("| " + $0) || text.contains("|" + $0) } || text.contains("iex(")
    let runsFetched = ["$(curl", "`curl", "$(wget", "`wget", "<(curl", "<(wget"].contains { text.contains($0) }
    let connects = ["nc ", "ncat ", "netcat "].contains { text.hasPrefix($0) || text.contains(" " + $0) }
    let handsOver = [" -e ", " -c ", " --exec ", " -e/"].contains { text.contains($0) }
    if fetches && pipesToShell || runsFetched || text.contains("/dev/tcp/") || text.contains("/dev/udp/")
      || connects && handsOver || (text.contains("base64 -d") && pipesToShell) || text.contains("powershell -enc")
      || (text.contains("socket") && text.contains("subprocess")) || text.contains("mkfifo ") && connects
      || text.contains("socat ") && text.contains("exec:")
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

extension SensitiveText {
  private static let shells = ["sh", "bash", "zsh", "sudo", "python", "perl", "ruby", "node"]
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

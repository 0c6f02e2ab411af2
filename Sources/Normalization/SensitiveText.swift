/// Recognises paths and commands that reach for credentials or out of their box (detections.md, OS16 a and LM4 c).
/// Judges tokens of text that was decoded before; holds nothing.
enum SensitiveText {
  /// Words: `private-key`, `token`, `credential-store`, `account-file`, `metadata-address`,
  /// `container-socket`, `climbs`.
  static func words(ofPath raw: String) -> Set<String> {
    let path = raw.plain
    let name = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? path
    var words: Set<String> = []
    if metadata.contains(where: { path.contains($0) }) { words.insert("metadata-address") }
    if path.contains("/.ssh/") || path.hasPrefix(".ssh/") || path.contains("\\.ssh\\") {
      let isPublic = name.hasSuffix(".pub") || ["config", "known_hosts", "authorized_keys"].contains(name)
      words.insert(isPublic ? "credential-store" : "private-key")
    } else if privateKeys.contains(name) || isKeyFile(name) {
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
    "application_default_credentials", "accesstokens.json", "msal_token_cache", ".aws\\", ".kube\\config", ".gnupg/",
    ".config/gh/hosts", ".cargo/credentials", ".terraform.d/credentials", ".config/rclone", ".password-store/",
    ".gem/credentials", ".oci/config", ".snowflake/", "keychains/login", ".config/op/", "etc/kubernetes/admin.conf",
    "etc/kubernetes/pki", "k3s/k3s.yaml", "kubelet/pki", "config/sam", "config\\sam", "ntds.dit", "chrome/user data",
    "chrome\\user data", "default/login data", "default/cookies", "kube/kubeconfig", "microsoft/credentials",
    "microsoft\\credentials",
  ]
  private static let fileNames: Set<String> = [
    ".netrc", "_netrc", ".npmrc", ".pypirc", ".git-credentials", ".pgpass", ".my.cnf", ".vault-token", "kubeconfig",
    ".ssh", ".aws", ".envrc", ".htpasswd", ".bash_history", ".zsh_history", ".python_history", ".psql_history",
    ".mysql_history", "consolehost_history.txt", ".s3cfg", ".boto", ".dockercfg", ".databrickscfg", "wallet.dat",
    "terraform.tfstate", "key4.db", "logins.json", "krb5.keytab", "login.keychain-db", "token.json", "tokens.json",
    "auth.json", ".mcp.json", "mcp_config.json", "mcp_settings.json", "claude_desktop_config.json", "rclone.conf",
    "tokencache.dat", "master.key",
  ]
  private static let systemFiles = ["etc/shadow", "etc/passwd", "etc/sudoers", "etc/gshadow", "etc/sudoers.d"]

  /// `.env`, `.env.production`, not a template that is checked in.
  private static func isEnvironmentFile(_ name: String) -> Bool {
    if [".env", ".env*", "*.env"].contains(name) { return true }
    guard name.hasPrefix(".env.") else { return false }
    return ![".example", ".sample", ".template", ".dist", ".md"].contains { name.hasSuffix($0) }
  }

  /// `server.pem`, `deploy.ppk`, `tls.key`; not certificates and public halves, nor a presentation.
  private static func isKeyFile(_ name: String) -> Bool {
    if ["cert", "chain", "public", "bundle"].contains(where: { name.contains($0) }) || name.hasPrefix("ca.") {
      return false
    }
    if [".pem", ".ppk", ".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".keytab"].contains(where: { name.hasSuffix($0) })
    {
      return true
    }
    return name.hasSuffix(".key")
      && ["private", "server", "tls", "ssl", "client", "host", "api", "secret", "deploy", "sign"]
        .contains { name.contains($0) }
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

  /// Words of a command line: those of its tokens and `network-shell`, `privileged-container`, `shell`; `uploads` a file or the
  /// answer of a command to somebody, `wipes` what nobody gets back.
  static func words(ofCommand raw: String) -> Set<String> {
    let text = raw.plain
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
    if disclosures.contains(where: { text.contains($0) }) || isEnvironmentListing(text) {
      words.insert("credential-store")
    }
    if remoteShells.contains(where: { text.contains($0) }) { words.insert("network-shell") }
    if fetches || text.contains("nslookup ") || text.contains("dig "),
      uploads.contains(where: { text.contains($0) }) || raw.contains(" -T ") || text.contains("$(") && !runsFetched
    {
      words.insert("uploads")
    }
    if wipes(text) { words.insert("wipes") }
    if escapes.contains(where: { text.contains($0) }) { words.insert("privileged-container") }
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
  /// Commands that print a credential.
  private static let disclosures = [
    "gh auth token", "auth print-access-token", "auth print-identity-token", "account get-access-token",
    "configure export-credentials", "get-secret-value", "kubectl get secret", "config view --raw", "vault kv get",
    "find-generic-password", "find-internet-password", "dump-keychain", "secret-tool lookup", "secret-tool search",
    "op item get", "pass show", "cmdkey /list", "vaultcmd /list", "mimikatz", "sekurlsa", "lsadump", "procdump",
    "npm token list", "print(os.environ", "dict(os.environ", "stringify(process.env", "env:*", "ecr get-login-password",
  ]

  private static let remoteShells = [
    "bash -i", "sh -i ", "pty.spawn", "fsockopen(", "-rsocket", "net.socket", "downloadstring(", "-encodedcommand",
    "powershell -e ", "certutil -urlcache", "bitsadmin /transfer", "mshta http", "0<&196", "exec 5<>",
    "new-object net.sockets",
    "tcpclient(", "php -r '$sock", "telnet ",
  ]

  private static let uploads = [
    "-d @", "--data @", "--data-binary @", "--data-raw @", "=@", "--upload-file", "--post-file", "--post-data=`",
    "-infile ",
  ]

  /// Ways out of a container.
  private static let escapes = [
    "/proc/1/root", "release_agent", "--pid=host", "--pid host", "--cap-add=all", "--cap-add sys_admin",
    "--cap-add=sys_admin", "--security-opt seccomp=unconfined", "--security-opt apparmor=unconfined", "core_pattern",
    "mount /dev/sd", "mount /dev/vd", "mount /dev/nvme", "chroot /host", "debugfs /dev", "--userns=host", "capsh ",
    "unshare -", "--volume /:/", "--volume=/:/", "source=/,target=",
  ]

  /// `printenv`, `env` without a command to run, and their like.
  private static func isEnvironmentListing(_ text: String) -> Bool {
    let words = text.split(whereSeparator: { " \t\n\"'".contains($0) }).map(String.init)
    for (n, word) in words.enumerated() where n == 0 || ["-c", "|", "&&", ";", "sudo"].contains(words[n - 1]) {
      let isLast = n + 1 == words.count || ["|", ">", ";", "&&", ">>"].contains(words[n + 1])
      if word.hasSuffix("printenv") || word == "export" && n + 1 < words.count && words[n + 1] == "-p" { return true }
      if isLast && ["env", "/usr/bin/env", "set", "compgen"].contains(word) { return true }
    }
    return false
  }

  /// A folder without the `/` or `/*` at its end.
  private static func trimmed(_ path: String) -> String {
    let ending = path.utf8.count > 2 ? ["/*", "/"].first { path.hasSuffix($0) } : nil
    return ending.map { String(path.dropLast($0.utf8.count)) } ?? path
  }

  private static func wipes(_ text: String) -> Bool {
    if [
      "mkfs", "of=/dev/sd", "of=/dev/nvme", "> /dev/sd", "wipefs", ":(){", "delete shadows", "--no-preserve-root",
      "drop database", "drop schema", "format c:", "rd /s /q c:", "del /f /s /q", "cipher /w",
    ].contains(where: { text.contains($0) }) {
      return true
    }
    let words = text.split(whereSeparator: { " \t\n\"';&|".contains($0) }).map(String.init)
    guard let rm = words.firstIndex(where: { $0 == "rm" || $0.hasSuffix("/rm") || $0 == "shred" }) else { return false }
    let rest = words[(rm + 1)...].prefix(6)
    let isDeep = words[rm] == "shred" || rest.contains { $0.hasPrefix("-") && $0.contains("r") }
    return isDeep
      && rest.contains {
        [
          "/", "/*", "~", "~/", "~/*", "$home", "$home/*", "*", ".", "./*", "/home", "/etc", "/var", "/usr", "/root",
          "/opt",
          "/data", "/srv", "/mnt", "/var/lib", "/var/log", "/backup", "/backups",
        ].contains(trimmed($0))
      }
  }

  /// A statement that drops or empties a table, or deletes without saying what.
  static func destroysData(_ raw: String) -> Bool {
    let text = raw.plain
    if ["drop table", "drop database", "drop schema", "truncate table", "drop collection", "dropdatabase("]
      .contains(where: { text.contains($0) })
    {
      return text.hasPrefix("drop") || text.hasPrefix("truncate") || text.contains(";") || text.contains("(")
    }
    return text.hasPrefix("delete from") && !text.contains("where") || text.contains("detach delete n")
  }

  private static let programs: Set<String> = [
    "rm", "cat", "curl", "wget", "nc", "ncat", "bash", "sh", "zsh", "python", "python3", "perl", "ruby", "node", "php",
    "id",
    "whoami", "uname", "chmod", "chown", "ls", "ping", "sleep", "nslookup", "dig", "powershell", "cmd", "touch", "eval",
    "socat", "ssh", "scp", "dd", "mkfifo", "env", "printenv", "ifconfig", "netstat", "ps", "kill", "sudo", "su", "echo",
    "tee",
    "base64", "xxd", "crontab", "useradd", "nohup", "calc", "calc.exe", "mkdir", "mv", "cp", "find", "grep", "head",
    "tail",
  ]

  /// Ends another statement's or template's quotes.
  static func breaksOut(_ raw: String) -> Bool {
    let text = raw.plain
    return [
      "' or '1'='1", "' or 1=1", "\" or 1=1", "' union select", "'; drop table", "${jndi:", "{{7*7}}", "'; delete from",
      "' or ''='",
    ].contains { text.contains($0) }
  }

  /// A value that should be data carries a command behind a separator (`report.txt; cat …`), or a statement of SQL that ends
  /// another's quotes.
  static func injects(_ raw: String) -> Bool {
    let text = raw.plain
    if breaksOut(text) { return true }
    let bytes = Array(text.utf8)
    let isAddress = bytes.prefix(12).contains(0x3a) && text.contains("://") && !text.contains(" ")
    var i = 0
    while i < bytes.count {
      let c = bytes[i]
      let isDouble = i + 1 < bytes.count && bytes[i + 1] == c
      let opens = c == 0x24 && i + 1 < bytes.count && bytes[i + 1] == 0x28
      let separates =
        c == 0x3b && !isAddress || c == 0x7c || c == 0x60 || c == 0x0a && i > 0 && !isAddress || opens
        || c == 0x26 && isDouble
      guard separates else {
        i += 1
        continue
      }
      i += opens || isDouble ? 2 : 1
      while i < bytes.count, bytes[i] == 0x20 { i += 1 }
      var end = i
      while end < bytes.count, !" \t\n;|&)`$<>\"'".utf8.contains(bytes[end]) { end += 1 }
      let word = String(decoding: bytes[i..<end], as: UTF8.self)
      let program = word.split(separator: "/").last.map(String.init) ?? word
      if programs.contains(program), c != 0x0a || end < bytes.count { return true }
    }
    return false
  }

  private static let shells = ["sh", "bash", "zsh", "sudo", "python", "perl", "ruby", "node"]
}

extension String {
  /// Lower case with `?` for every byte that is not ASCII and a space for CR. A combining mark behind a blank, or CR before LF,
  /// makes one character of two: what compares characters would not see the blank.
  var plain: String {
    String(
      decoding: utf8.map { c -> UInt8 in
        switch c {
        case 0x41...0x5a: c | 0x20
        case 0x0d: 0x20
        case 0x80...: 0x3f
        default: c
        }
      }, as: UTF8.self)
  }

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

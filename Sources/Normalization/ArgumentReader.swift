import EventModel

/// Words about a tool call's arguments (an object): what they reach for, and hashes of the values that matter.
///
/// Reach: the words of ``SensitiveText``. Values, as 64-bit hashes, never in clear: `destination:<argument>=<hash>` who gets
/// something, `catcher` and `chat-hook` where a host takes what anybody sends, `injects` a command where data should be,
/// `wipes` a statement or command that leaves nothing, `host:<hash>`, `contact:<hash>` an e-mail, URL or account in free text, `object:<hash>` an id,
/// `object:<argument>=<hash>` what a call acts on. Classes come from an argument's name and its value's form, never from what a
/// tool is called.
enum ArgumentReader {
  static func words(_ text: Span<UInt8>) -> [[UInt8]] {
    guard let tree = JSONTree.parse(text) else { return [] }
    var words: Set<String> = []
    visit(tree, key: "", &words)
    return words.sorted().map { Array($0.utf8) }
  }

  static func words(ofPath text: Span<UInt8>) -> [[UInt8]] {
    var words: Set<String> = []
    inspect([UInt8](copying: text), key: "path", &words)
    return words.sorted().map { Array($0.utf8) }
  }

  /// What a call acts on: the arguments that the words of the tool's name name, as `hotel` in `reserve_hotel` and `branch` in
  /// `createBranch`.
  /// - Parameter call: the tool's name, a space, its arguments.
  static func objects(ofCall call: Span<UInt8>) -> [[UInt8]] {
    guard let brace = call.first(of: Array("{".utf8)),
      let tree = JSONTree.parse(call.extracting(brace..<call.count)), case .object(let members) = tree
    else { return [] }
    let name = NameReader.words(call.extracting(0..<brace))
    let named = Set(name.dropFirst().map { String(decoding: $0, as: UTF8.self) })
    return members.flatMap { member -> [[UInt8]] in
      let key = String(decoding: member.key, as: UTF8.self).lowercased()
      guard named.contains(key), !isDestination(key), !isObject(key), !isProse(key), !SecretRedactor.isSecret(key)
      else { return [] }
      return member.value.strings.filter { !$0.isEmpty && $0.utf8.count <= 100 }.map {
        Array("object:\(key)=\(hash($0.lowercased()))".utf8)
      }
    }
  }

  private static func visit(_ tree: JSONTree, key: String, _ words: inout Set<String>) {
    switch tree {
    case .object(let members):
      // A program and its arguments apart are one command line.
      if let program = tree["command"]?.strings.first ?? tree["cmd"]?.strings.first,
        let rest = tree["args"]?.strings ?? tree["arguments"]?.strings, !rest.isEmpty
      {
        words.formUnion(SensitiveText.words(ofCommand: ([program] + rest).joined(separator: " ")))
      }
      for member in members { visit(member.value, key: String(decoding: member.key, as: UTF8.self), &words) }
    case .array(let items):
      for item in items { visit(item, key: key, &words) }
    case .string(let bytes):
      if let inner = JSONTree.parse(bytes.span), case .object = inner { visit(inner, key: key, &words) }
      inspect(bytes, key: key.lowercased(), &words)
    case .number(let bytes):
      if isDestination(key.lowercased()) || isObject(key.lowercased()) { inspect(bytes, key: key.lowercased(), &words) }
    case .bool, .null: break
    }
  }

  private static func inspect(_ raw: [UInt8], key: String, _ words: inout Set<String>) {
    let value = String(decoding: decoded(raw), as: UTF8.self)
    let hasSpace = value.utf8.contains(0x20) || value.utf8.contains(0x0a)
    if isCommand(key) || startsLikeCommand(value) {
      words.formUnion(SensitiveText.words(ofCommand: value))
    } else if isPath(key) || (!hasSpace && (!isProse(key) || value.utf8.contains(0x2f))) {
      words.formUnion(SensitiveText.words(ofPath: value))
    }
    if !isCommand(key), !isProse(key), SensitiveText.injects(value) { words.insert("injects") }
    if isStatement(key) {
      if SensitiveText.destroysData(value) { words.insert("wipes") }
      if SensitiveText.breaksOut(value) { words.insert("injects") }
    }
    if Contacts.carriesData(value) { words.insert("uploads") }
    for host in Contacts.hosts(value) {
      words.insert("host:\(hash(host))")
      if Contacts.isCatcher(host) { words.insert("catcher") }
    }
    if Contacts.callsChat(value) { words.insert("chat-hook") }
    let contacts = Contacts.contacts(value)
    if isDestination(key) {
      for who in contacts.isEmpty ? named(value) : contacts { words.insert("destination:\(key)=\(hash(who))") }
      return
    }
    if isObject(key), !value.isEmpty, value.utf8.count <= 100 { words.insert("object:\(hash(value.lowercased()))") }
    for contact in contacts { words.insert("contact:\(hash(contact))") }
  }

  /// A destination that is no address but a name; what has no letter or digit names nobody.
  private static func named(_ value: String) -> [String] {
    let name = value.lowercased()
    guard name.utf8.count <= 200,
      name.utf8.contains(where: { $0 >= 0x80 || $0 >= 0x61 && $0 <= 0x7a || $0 >= 0x30 && $0 <= 0x39 })
    else { return [] }
    return [name]
  }

  /// Percent-decoded twice, overlong slashes and dots made plain, NUL dropped.
  private static func decoded(_ raw: [UInt8]) -> [UInt8] {
    var bytes = raw
    for _ in 0..<2 where bytes.contains(0x25) { bytes = percentDecoded(bytes.span) }
    var out: [UInt8] = []
    var i = 0
    while i < bytes.count {
      if bytes[i] == 0xc0, i + 1 < bytes.count, bytes[i + 1] == 0xaf || bytes[i + 1] == 0xae {
        out.append(bytes[i + 1] == 0xaf ? 0x2f : 0x2e)
        i += 2
      } else {
        if bytes[i] != 0 { out.append(bytes[i]) }
        i += 1
      }
    }
    return out
  }

  static func hash(_ text: String) -> String {
    String(ByteHash.stable.hash(Array(text.utf8)), radix: 16)
  }

  private static func isCommand(_ key: String) -> Bool {
    ["command", "cmd", "script", "shell", "argv", "commands", "code"].contains(key)
  }

  private static func isStatement(_ key: String) -> Bool {
    ["sql", "statement", "query", "sql_query", "database_query", "cypher", "expression"].contains(key)
  }

  /// Arguments that name a place: their values are paths even with spaces in them.
  private static func isPath(_ key: String) -> Bool {
    ["path", "file", "filename", "filepath", "uri", "directory", "dir", "cwd"].contains(key) || key.hasSuffix("_path")
      || key.hasSuffix("_file") || key.hasSuffix("filename")
  }

  /// Arguments that hold what somebody searches for or says: a single word there is no path.
  private static func isProse(_ key: String) -> Bool {
    [
      "query", "q", "search", "search_term", "text", "content", "body", "subject", "message", "prompt", "thought",
      "title", "description", "question", "instructions", "note", "notes", "comment", "summary", "reason", "markdown",
      "html",
    ].contains(key)
  }

  private static func startsLikeCommand(_ value: String) -> Bool {
    let starts = [
      "cat ", "curl ", "wget ", "bash ", "sh ", "less ", "head ", "tail ", "cp ", "scp ", "docker ", "sudo ", "nc ",
      "python -c", "python3 -c", "/bin/sh ", "/bin/bash ",
    ]
    return starts.contains { value.utf8.starts(with: $0.utf8) }
  }

  private static let destinations: Set<String> = [
    "recipient", "recipients", "to", "payee", "account", "iban", "user", "user_email", "email", "channel",
    "participants",
    "cc", "bcc", "receiver", "address", "invitee", "username", "phone", "attendees", "member", "share_with", "webhook",
    "destination", "target_account", "user_id", "principal",
  ]
  private static func isDestination(_ key: String) -> Bool { destinations.contains(key) }
  private static func isObject(_ key: String) -> Bool { key == "id" || key.hasSuffix("_id") || key.hasSuffix("name") }
}

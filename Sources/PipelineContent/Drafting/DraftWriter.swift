import Normalization

/// Writes the source.yml of a draft.
struct DraftWriter {
  typealias Column = SourceDefinition.ColumnName

  let name: String
  let profile: SampleProfile
  let guess: ColumnGuess
  private(set) var guesses: [(column: String, path: String, example: String)] = []
  private var lines: [String] = []
  private var doubts: [String] = []

  init(name: String, profile: SampleProfile, guess: ColumnGuess) {
    self.name = name
    self.profile = profile
    self.guess = guess
  }

  mutating func write(envelope: String?, wrapper: String?) throws(ContentError) -> (map: String, doubts: [String]) {
    let title = FieldProfile.words(name).joined(separator: " ")
    lines = [
      "# Drafted from \(profile.records) record(s). Every guess has a comment that says what it rests on: check it, correct",
      "# it, and take the comment away. `bittern check DIR` runs the fixtures after every change.",
      "source: \(name)",
      "# What people call this log.",
      "title: \(YAMLText.scalar(title))",
      "# Sources of one plane share identities (all logs of one cloud, say).",
      "plane: \(name)",
    ]
    if let envelope {
      lines += ["# Documents carry their records in this array.", "envelopes: [\(YAMLText.scalar(envelope))]"]
    }
    if let wrapper {
      lines += [
        "# A collector's line carries the record as text under this key.", "unwrap: [\(YAMLText.scalar(wrapper))]",
      ]
    }
    try recognition()
    lines.append("")
    column(
      .time, indent: "", missing: "no field reads as a time: rows keep the order of the log, and nothing waits for them"
    )
    column(
      .id, indent: "", missing: "no field is different in every record: equal records are told apart by their place")
    subject()
    group(
      "origin", [.address, .agent], missing: [.address: "no field holds addresses: nothing can be said about places"])
    operation()
    outcome()
    column(.error, indent: "")
    lines.append("")
    column(.resource, indent: "")
    column(.trace, indent: "")
    redactions()
    lines += [
      "",
      "# What some actions mean beyond the columns: `bittern sources show aws_cloudtrail` has examples of facts and mints.",
      "# acts:",
      "#   - on: [\"token.create\"]",
      "#     mint: {child: \"TOKEN:{response.token_id}\", kind: =oauth_access, mechanism: \"=\(name):token\"}",
      "",
    ]
    return (lines.joined(separator: "\n"), doubts)
  }

  /// Constants that name the log, then fields that every record has.
  private mutating func recognition() throws(ContentError) {
    let always = profile.fields.filter {
      $0.present == profile.records && !$0.path.utf8.contains(0x5b) || $0.depth == 0 && $0.present == profile.records
    }
    let naming = [
      "type", "kind", "source", "product", "vendor", "schema", "log", "log type", "log name", "category", "stream",
    ]
    let constant = always.filter { field in
      field.distinct == 1 && profile.records > 1 && naming.contains(field.leaf) && field.numbers == 0
        && YAMLText.literal(field.values[0]) != nil
    }
    var tests = constant.prefix(2).map { ($0.path, YAMLText.literal($0.values[0]) ?? "*") }
    let mapped = [Column.time, .action, .actor, .id, .credential, .outcome].compactMap { guess[$0] }
    // Words that few logs use come first: they tell this log from the others.
    let telling = always.sorted { ($1.full.utf8.count, $0.path) < ($0.full.utf8.count, $1.path) }
    for field in mapped.filter({ f in always.contains { $0.path == f.path } }) + telling {
      if tests.count >= 4 { break }
      if !tests.contains(where: { $0.0 == field.path }) { tests.append((field.path, "*")) }
    }
    guard !tests.isEmpty else {
      throw ContentError(
        file: name,
        reason: "the samples have no field in common: draft one source for each kind of record (split the file)")
    }
    if tests.count < 3 { doubts.append("recognise rests on \(tests.count) field(s): other logs may have them too") }
    lines += [
      "# A record is this log's when all of these fit: exact values where they were the same in every sample, else `*`."
    ]
    let written = tests.map { "\(YAMLText.scalar($0.0)): \($0.1 == "*" ? "\"*\"" : YAMLText.scalar($0.1))" }
    lines += ["recognise:", "  - {\(written.joined(separator: ", "))}"]
  }

  /// One column: its fields as alternatives, with what the guess rests on.
  @discardableResult
  private mutating func column(
    _ column: Column, as key: String? = nil, indent: String, prefix: String = "", missing: String? = nil
  ) -> Bool {
    guard let fields = guess.fields[column], let best = fields.first else {
      if let missing {
        lines.append("\(indent)# \(column.key): \(missing)")
        doubts.append("\(column.rawValue): \(missing)")
      }
      return false
    }
    note(column, best, indent)
    let values = fields.map { YAMLText.scalar(prefix.isEmpty ? $0.path : "\(prefix){\($0.path)}") }
    lines.append(
      "\(indent)\(key ?? column.key): \(values.count == 1 ? values[0] : "[\(values.joined(separator: ", "))]")")
    for field in fields { guesses.append((column.rawValue, field.path, field.examples.first ?? "")) }
    return true
  }

  private mutating func note(_ column: Column, _ field: FieldProfile, _ indent: String) {
    let share = field.present == profile.records ? "every record" : "\(field.present) of \(profile.records) records"
    let example = field.examples.first.map { ", e.g. \(YAMLText.comment($0))" } ?? ""
    lines.append("\(indent)# guessed from the key's name and the values' form; in \(share)\(example)")
  }

  private mutating func group(_ group: String, _ columns: [Column], missing: [Column: String] = [:]) {
    let any = columns.contains { guess.fields[$0] != nil }
    lines.append("")
    if any { lines.append("\(group):") }
    for c in columns { column(c, indent: any ? "  " : "", missing: missing[c]) }
  }

  private mutating func subject() {
    lines += ["", "subject:"]
    guard let actor = guess[.actor] ?? guess[.actorName] else {
      doubts.append("subject.actor: no field names who acts; nothing can be said about identities")
      lines += [
        "  # No field names who acts: write `actor:` and `name:` here. Without them nothing is known of identities.",
        "  kind: =unknown",
      ]
      return
    }
    if guess.fields[.actor] != nil {
      column(.actor, indent: "  ")
    } else {
      column(.actorName, as: "actor", indent: "  ")
    }
    // The name is the key of an identity: it must be there, and the same over sessions and keys.
    var names = (guess.fields[.actorName] ?? []).map(\.path)
    if !names.contains(actor.path) { names.append(actor.path) }
    lines.append("  # What people call it; the same over sessions and keys.")
    lines.append("  name: [\(names.map(YAMLText.scalar).joined(separator: ", "))]")
    for path in names { guesses.append(("subject.name", path, "")) }
    kind(actor)
    column(.session, indent: "  ", prefix: "SESSION:")
    if column(
      .credential, indent: "  ", prefix: "TOKEN:",
      missing: "no field names the credential used: reuse of tokens cannot be told")
    {
      lines.append(
        "  # One of long_lived_key, api_key, pat, oauth_access, bound_jwt, x509: `bittern identities` needs it. Check.")
      let leaf = guess[.credential]?.leaf ?? ""
      let isKey = leaf.contains("key")
      lines.append("  credential_kind: \(isKey ? "=api_key" : "=oauth_access")")
      doubts.append("subject.credential_kind: \(isKey ? "api_key" : "oauth_access") is assumed of every credential")
    }
    for c in [Column.issuedAt, .expiresAt, .issuer, .onBehalf] { column(c, indent: "  ") }
    if let field = guess[.attestor] {
      column(.attestor, indent: "  ", prefix: field.leaf.contains("pod") ? "POD:" : "INST:")
    }
  }

  private mutating func kind(_ actor: FieldProfile) {
    let names = [
      "user type", "actor type", "principal type", "account type", "identity type", "actor kind", "user kind",
      "principal kind", "subject type", "caller type",
    ]
    let field = profile.fields.first { field in
      (names.contains(field.leaf) || names.contains { field.full.hasSuffix($0) }) && field.distinct <= 20
        && field.values.contains { KindWords.kind($0) != nil }
    }
    if let field {
      let table = field.values.prefix(20).compactMap { value in
        YAMLText.literal(value).flatMap { key in KindWords.kind(value).map { (key, $0) } }
      }
      lines.append(
        "  # unknown, human, role, service_account, workload, agent, service: who is a machine decides what is judged. Check."
      )
      lines.append(
        "  kind: {value: \(YAMLText.scalar(field.path)), table: {\(DraftWriter.table(table)), \"*\": service_account}}")
      guesses.append(("subject.kind", field.path, field.examples.first ?? ""))
      return
    }
    doubts.append("subject.kind: no field says who is a machine and who a person")
    lines.append(
      "  # No field says who is a machine: names with @ are taken for people, all others for machines. Check.")
    let path = YAMLText.scalar(actor.path)
    lines += [
      "  kind:",
      "    - {value: =service_account, when: {\(path): [\"*svc*\", \"*bot*\", \"*service*\", \"*gserviceaccount*\"]}}",
      "    - {value: =human, when: {\(path): \"*@*\"}}",
      "    - \"=service_account\"",
    ]
  }

  private mutating func operation() {
    lines.append("")
    lines.append("operation:")
    column(.tenant, indent: "  ")
    if !column(.action, indent: "  ", missing: "no field names what was done; write `action:`") {
      lines.append("  action: =unknown")
    }
    column(.service, indent: "  ")
    column(.region, indent: "  ")
    guard let field = guess[.action] else {
      lines.append("  verb: =other")
      return
    }
    let isHTTP = field.values.allSatisfy(DraftWriter.methods.contains)
    let known = (isHTTP ? DraftWriter.methods : Array(field.values.prefix(40))).compactMap { value in
      YAMLText.literal(value).flatMap { key in VerbWords.verb(value).map { (key, $0) } }
    }
    lines += [
      "  # What each action does, by the words of its name: read, list, write, delete, secret_read, mint, authn, exec, launch,",
      "  # grant, logcfg, config, data, tool, other. The gravest matter most: check secret_read, mint, grant, exec, logcfg.",
      "  verb:",
      "    value: \(YAMLText.scalar(field.path))",
      "    table:",
    ]
    for (key, verb) in known { lines.append("      \(YAMLText.scalar(key)): \(verb)") }
    lines.append("      \"*\": other")
    let silent = field.values.count { VerbWords.verb($0) == nil }
    if silent > 0 {
      doubts.append("operation.verb: the names of \(silent) action(s) do not say what they do; they count as other")
    }
  }

  private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]

  private mutating func outcome() {
    lines.append("")
    if let field = guess[.outcome] {
      note(.outcome, field, "")
      let isCode = field.values.allSatisfy { Int($0) != nil && $0.utf8.count == 3 }
      var table = isCode ? OutcomeWords.statusTable : []
      if !isCode {
        for value in field.values.prefix(30) {
          if let word = OutcomeWords.word(value, key: field.leaf), let key = YAMLText.literal(value) {
            table.append((key, word))
          }
        }
        let silent = field.values.filter { OutcomeWords.word($0, key: field.leaf) == nil }
        if !silent.isEmpty {
          doubts.append(
            "outcome: \(silent.prefix(5).map { YAMLText.comment($0) }.joined(separator: ", ")) means nothing yet")
        }
      }
      lines += ["# Each value becomes success, denied, error, throttled or dry_run; others stay unknown.", "outcome:"]
      lines += ["  value: \(YAMLText.scalar(field.path))", "  table: {\(DraftWriter.table(table))}"]
      guesses.append(("outcome", field.path, field.examples.first ?? ""))
    } else if let error = guess[.error], error.present < profile.records {
      doubts.append("outcome: taken from whether '\(error.path)' is there")
      lines += [
        "# No field says how a call ended: one with an error failed, the others took place. Check which errors are denials.",
        "outcome:",
        "  - {value: =denied, when: {\(YAMLText.scalar(error.path)): [\"*denied*\", \"*forbidden*\", \"*unauthorized*\"]}}",
        "  - {value: =error, when: {\(YAMLText.scalar(error.path)): \"*\"}}",
        "  - \"=success\"",
      ]
    } else {
      doubts.append("outcome: no field says how a call ended; every call counts as done")
      lines += ["# No field says how a call ended: every call counts as done.", "outcome: =success"]
    }
  }

  private mutating func redactions() {
    let secrets = guess.secrets
    lines += [
      "",
      "# Secrets are replaced where records are parsed. Name every field that may hold one, also those the samples lack.",
    ]
    if secrets.isEmpty {
      lines.append("# redact: [request.password]")
      doubts.append("redact: no field of the samples looks like a secret; name those that may hold one")
      return
    }
    lines.append("redact:")
    for field in secrets { lines.append("  - \(YAMLText.scalar(DraftWriter.withoutSteps(field.path)))") }
  }

  /// `a[0].b` as `a.b`: redaction looks through arrays.
  private static func withoutSteps(_ path: String) -> String { path.replacing("[0]", with: "") }

  static func table(_ entries: [(String, String)]) -> String {
    entries.map { key, value in "\(YAMLText.quoted(key)): \(value)" }.joined(separator: ", ")
  }
}

extension SourceDefinition.ColumnName {
  /// Its key inside its group.
  var key: String { rawValue.split(separator: ".").last.map(String.init) ?? rawValue }
}

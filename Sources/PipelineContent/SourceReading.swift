import Normalization

/// Reads a `source.yml`.
enum SourceReading {
  private static let keys = [
    "source", "title", "plane", "envelopes", "unwrap", "split", "fold_case", "recognise", "otherwise", "values", "time",
    "id",
    "event_id",
    "subject", "origin",
    "operation", "outcome", "error", "resource", "target", "trace", "flags", "acts", "redact",
    "private_addresses_are_one", "lateness_seconds",
  ]
  private static let groups: [String: [String]] = [
    "subject": [
      "actor", "name", "kind", "session", "credential", "credential_kind", "issued_at", "expires_at", "issuer",
      "on_behalf", "home", "attestor", "node", "namespace", "flags",
    ],
    "origin": ["address", "agent", "endpoint", "tls"],
    "operation": ["tenant", "action", "service", "region", "namespace", "resource_kind", "verb"],
  ]

  static func source(_ file: YAMLField) throws(ContentError) -> SourceDefinition {
    let top = try file.members(allowed: keys)
    var source = SourceDefinition()
    guard let name = top["source"], let recognise = top["recognise"] else {
      throw file.fail("a source needs 'source' (its name) and 'recognise'")
    }
    source.name = try name.text()
    source.title = try top["title"]?.text() ?? source.name
    source.plane = try top["plane"]?.text() ?? source.name
    source.envelopes = try top["envelopes"]?.texts() ?? []
    source.unwrap = try top["unwrap"]?.texts() ?? []
    if let field = top["split"] {
      let names = try field.members(allowed: ["array", "beside"])
      guard let array = names["array"], let beside = names["beside"] else {
        throw field.fail(
          "'split' needs 'array', the key of the events, and 'beside', a key of the same object before it")
      }
      source.split = (try array.text(), try beside.text())
    }
    source.foldCase = try top["fold_case"]?.boolean() ?? false
    source.recognise = try condition(recognise)
    if let field = top["otherwise"] { source.otherwise = try condition(field) }
    for value in try top["values"]?.members() ?? [] {
      source.values.append((value.key, try clauses(value.value)))
    }
    for word in ["time", "id", "event_id", "outcome", "error", "resource", "target", "trace"] {
      if let field = top[word], let column = SourceDefinition.ColumnName(rawValue: word) {
        source.columns[column] = try clauses(field)
      }
    }
    for (group, allowed) in groups {
      guard let fields = try top[group]?.members(allowed: allowed) else { continue }
      for (key, field) in fields {
        if key == "flags" {
          source.subjectFlags = try flags(field)
        } else if let column = SourceDefinition.ColumnName(rawValue: "\(group).\(key)") {
          source.columns[column] = try clauses(field)
        }
      }
    }
    if let field = top["flags"] { source.flags = try flags(field) }
    for item in top["acts"]?.list() ?? [] { source.acts.append(try act(item)) }
    source.redact = try top["redact"]?.texts() ?? []
    source.privateAddressesAreOne = try top["private_addresses_are_one"]?.boolean() ?? false
    source.lateness = try top["lateness_seconds"]?.integer() ?? 7200
    return source
  }

  /// A text, a mapping {value, when, table}, or a list of them.
  static func clauses(_ field: YAMLField) throws(ContentError) -> [SourceDefinition.Clause] {
    var all: [SourceDefinition.Clause] = []
    for item in field.list() {
      if item.isMapping {
        let members = try item.members(allowed: ["value", "when", "table"])
        guard let value = members["value"] else { throw item.fail("an alternative needs a 'value'") }
        var clause = SourceDefinition.Clause(value: try value.text())
        if let when = members["when"] { clause.when = try condition(when) }
        for entry in try members["table"]?.members() ?? [] {
          clause.table.append((entry.key, try entry.value.text()))
        }
        // Exact keys before globs, the default last.
        clause.table.sort { rank($0.key) < rank($1.key) }
        all.append(clause)
      } else {
        all.append(SourceDefinition.Clause(value: try item.text()))
      }
    }
    return all
  }

  private static func rank(_ key: String) -> Int {
    key == "*" ? Int.max : key.contains("*") ? 100_000 - key.count : 0
  }

  /// A mapping of expression: pattern(s), all of which must hold; a list of such mappings, one of which must.
  static func condition(_ field: YAMLField) throws(ContentError) -> SourceDefinition.Condition {
    var anyOf: [[SourceDefinition.Condition.Test]] = []
    for alternative in field.list() {
      var tests: [SourceDefinition.Condition.Test] = []
      for member in try alternative.members() {
        let patterns = member.value.isNull ? [] : try member.value.texts()
        tests.append(SourceDefinition.Condition.Test(expression: member.key, patterns: patterns))
      }
      anyOf.append(tests)
    }
    return SourceDefinition.Condition(anyOf: anyOf)
  }

  /// A mapping of flag: condition.
  private static func flags(
    _ field: YAMLField
  ) throws(ContentError) -> [(flag: String, when: SourceDefinition.Condition)] {
    var all: [(flag: String, when: SourceDefinition.Condition)] = []
    for member in try field.members() { all.append((member.key, try condition(member.value))) }
    return all
  }

  private static func act(_ field: YAMLField) throws(ContentError) -> SourceDefinition.Act {
    let members = try field.members(
      allowed: ["on", "when", "having", "verb", "facts", "flags", "target", "resource", "details", "mint", "joins"])
    guard let actions = members["on"] else { throw field.fail("an act needs 'on': the actions it is about") }
    var act = SourceDefinition.Act()
    act.actions = try actions.texts()
    if let when = members["when"] { act.when = try condition(when) }
    for test in try members["having"]?.members() ?? [] { act.having.append((test.key, try test.value.texts())) }
    act.verb = try members["verb"]?.text()
    act.facts = try members["facts"]?.texts() ?? []
    act.flags = try members["flags"]?.texts() ?? []
    if let target = members["target"] { act.target = try clauses(target) }
    if let resource = members["resource"] { act.resource = try clauses(resource) }
    for detail in try members["details"]?.members() ?? [] {
      act.details.append((detail.key, try clauses(detail.value)))
    }
    if let rule = members["mint"] { act.mint = try mint(rule) }
    let known = SourceDefinition.Join.allCases.map(\.rawValue)
    let joins = try members["joins"]?.members(allowed: known) ?? [:]
    for kind in SourceDefinition.Join.allCases {
      if let value = joins[kind.rawValue] { act.joins.append((kind, try clauses(value))) }
    }
    return act
  }

  private static func mint(_ field: YAMLField) throws(ContentError) -> SourceDefinition.Mint {
    let members = try field.members(
      allowed: ["child", "parent", "holder", "session", "attestor", "expires", "kind", "mechanism", "grade"])
    var mint = SourceDefinition.Mint()
    mint.child = try members["child"].map { f throws(ContentError) in try clauses(f) } ?? []
    mint.parent = try members["parent"].map { f throws(ContentError) in try clauses(f) } ?? []
    mint.holder = try members["holder"].map { f throws(ContentError) in try clauses(f) } ?? []
    mint.session = try members["session"].map { f throws(ContentError) in try clauses(f) } ?? []
    mint.attestor = try members["attestor"].map { f throws(ContentError) in try clauses(f) } ?? []
    mint.expires = try members["expires"].map { f throws(ContentError) in try clauses(f) } ?? []
    mint.kind = try members["kind"].map { f throws(ContentError) in try clauses(f) } ?? []
    mint.mechanism = try members["mechanism"].map { f throws(ContentError) in try clauses(f) } ?? []
    mint.grade = try members["grade"]?.text() ?? "exact"
    return mint
  }
}

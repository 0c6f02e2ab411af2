import EventModel
import GRDB

extension RowWriter {
  /// `min` or `max` over columns where null means "not known".
  private static func extreme(_ name: String, _ column: String) -> String {
    "\(column) = \(name)(coalesce(\(column), excluded.\(column)), coalesce(excluded.\(column), \(column)))"
  }

  /// The excluded row's grade is at least as sure as the stored one's.
  private static let surer = "instr(\(Schema.gradeOrder), excluded.grade) >= instr(\(Schema.gradeOrder), grade)"

  private static func ifSurer(_ column: String) -> String {
    "\(column) = CASE WHEN \(surer) THEN excluded.\(column) ELSE \(column) END"
  }

  private static func ifSet(_ column: String) -> String {
    "\(column) = CASE WHEN excluded.\(column) <> '' THEN excluded.\(column) ELSE \(column) END"
  }

  /// The union of two JSON arrays of texts, sorted by their bytes; the first `kept`. Costs nothing where they are equal.
  private static func union(_ column: String, kept: Int = CredentialRow.kept) -> String {
    """
    \(column) = CASE WHEN \(column) = excluded.\(column) THEN \(column) ELSE (SELECT json_group_array(value) FROM (\
    SELECT value FROM json_each(\(column)) UNION SELECT value FROM json_each(excluded.\(column)) \
    ORDER BY value LIMIT \(kept))) END
    """
  }

  /// The higher count of each name of two JSON objects.
  private static func higher(_ column: String) -> String {
    """
    \(column) = CASE WHEN \(column) = excluded.\(column) THEN \(column) ELSE (SELECT json_group_object(key, n) FROM (\
    SELECT key, max(value) AS n FROM (SELECT key, value FROM json_each(\(column)) \
    UNION ALL SELECT key, value FROM json_each(excluded.\(column))) GROUP BY key ORDER BY key)) END
    """
  }

  func credentials(_ rows: LazyRows<CredentialRow>) throws {
    var sets = ["parent", "depth", "mechanism", "grade"].map(RowWriter.ifSurer)
    sets += ["kind", "holder", "attestor", "tenant"].map(RowWriter.ifSet)
    sets.append("root = CASE WHEN root = '' THEN excluded.root ELSE root END")
    sets += ["issued_at_ns", "first_used_ns"].map { RowWriter.extreme("min", $0) }
    sets += ["expires_at_ns", "last_used_ns"].map { RowWriter.extreme("max", $0) }
    sets += ["uses = max(uses, excluded.uses)", "denied = max(denied, excluded.denied)", RowWriter.higher("verbs")]
    sets += ["origins", "logs"].map { RowWriter.union($0) }
    sets.append(RowWriter.extreme("max", "last_acted_ns"))
    sets.append(
      """
      last_action = CASE WHEN coalesce(excluded.last_acted_ns, -1) >= coalesce(last_acted_ns, -1) \
      THEN excluded.last_action ELSE last_action END
      """)
    let sql = Schema.credential.insert("ON CONFLICT(id) DO UPDATE SET \(sets.joined(separator: ", "))")
    // Credentials of one log and place follow each other.
    var logs = JSONList()
    var origins = JSONList()
    try fill(Schema.credential, rows, sql) { c, to in
      for text in [c.id, c.kind, c.holder, c.parent, c.root] { to.text(text) }
      to.int(c.depth)
      for text in [c.grade.name, c.mechanism] { to.text(text) }
      for time in [c.issuedAt, c.expiresAt, c.firstUsed, c.lastUsed] { to.time(time) }
      for number in [c.uses, c.denied] { to.int(number) }
      for text in [c.attestor, c.tenant, SQLValue.counts(c.verbs), origins.column(c.origins), logs.column(c.logs)] {
        to.text(text)
      }
      to.time(c.lastActed)
      to.text(c.lastAction)
    }
  }

  func edges(_ rows: LazyRows<LineageEdgeRow>) throws {
    let sets = ["joined_on", "source", "grade"].map(RowWriter.ifSurer) + [RowWriter.extreme("min", "time_ns")]
    let sql = Schema.lineageEdge.insert(
      "ON CONFLICT(child, parent, mechanism) DO UPDATE SET \(sets.joined(separator: ", "))")
    // Most edges are joined on the same thing.
    var joined = JSONList()
    try fill(Schema.lineageEdge, rows, sql) { edge, to in
      for text in [edge.child, edge.parent, edge.mechanism, edge.grade.name, joined.column(edge.joinedOn)] {
        to.text(text)
      }
      to.time(edge.time)
      to.text(edge.source)
    }
  }

  func identities(_ rows: LazyRows<IdentityRow>) throws {
    if rows.count == 0 { return }
    var sets = ["name", "kind"].map(RowWriter.ifSet)
    sets += ["owner = coalesce(excluded.owner, owner)", RowWriter.extreme("min", "first_used_ns")]
    sets += [RowWriter.extreme("max", "last_used_ns"), "events = max(events, excluded.events)"]
    sets += ["denied = max(denied, excluded.denied)", RowWriter.higher("verbs")]
    sets += ["services", "origins", "credential_kinds"].map { RowWriter.union($0, kept: 1000) }
    sets += ["attested", "interactive"].map { "\($0) = max(\($0), excluded.\($0))" }
    sets.append(RowWriter.extreme("max", "last_privileged_ns"))
    let sql = Schema.identity.insert("ON CONFLICT(id, source, tenant) DO UPDATE SET \(sets.joined(separator: ", "))")
    try each(rows, sql, RowWriter.bind)
  }

  private static func bind(_ i: IdentityRow, _ to: inout RowStatement) {
    for text in [i.id, i.name, i.kind, i.source, i.tenant] { to.text(text) }
    to.text(i.owner)
    for time in [i.firstUsed, i.lastUsed] { to.time(time) }
    for number in [i.events, i.denied] { to.int(number) }
    for texts in [united(i.services), united(i.origins)] { to.text(JSONValue.texts(texts).string) }
    to.text(SQLValue.counts(i.verbs))
    to.text(JSONValue.texts(i.credentialKinds).string)
    for flag in [i.isAttested, i.isInteractive] { to.flag(flag) }
    to.time(i.lastPrivileged)
  }

  /// Each text once, told apart and sorted by its bytes.
  private static func united(_ texts: [String]) -> [String] {
    texts.count < 2
      ? texts
      : Set(texts.map { Array($0.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
        .map { String(decoding: $0, as: UTF8.self) }
  }
}

/// Texts as a JSON array; the last one's is kept, for rows of which many in a row say the same.
struct JSONList {
  private var texts: [String] = []
  private var value = JSONValue.texts([]).string

  mutating func column(_ wanted: [String]) -> String {
    if wanted != texts { (texts, value) = (wanted, JSONValue.texts(wanted).string) }
    return value
  }
}

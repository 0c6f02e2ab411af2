/// Credentials, who minted which, and the identities that use them.
extension Schema {
  static let credential = Table(
    name: "credential",
    columns: [
      ("id", "TEXT PRIMARY KEY NOT NULL"), ("kind", text), ("holder", text), ("parent", text), ("root", text),
      ("depth", count), ("grade", "TEXT NOT NULL DEFAULT 'none'"), ("mechanism", text), ("issued_at_ns", "INTEGER"),
      ("expires_at_ns", "INTEGER"), ("first_used_ns", "INTEGER"), ("last_used_ns", "INTEGER"), ("uses", count),
      ("denied", count), ("attestor", text), ("tenant", text), ("verbs", counts), ("origins", list), ("logs", list),
      ("last_acted_ns", "INTEGER"), ("last_action", text),
    ],
    readable: [
      ("issued_at", "issued_at_ns"), ("expires_at", "expires_at_ns"), ("first_used", "first_used_ns"),
      ("last_used", "last_used_ns"), ("last_acted", "last_acted_ns"),
    ],
    since: ["verbs": 4, "origins": 4, "logs": 4, "last_acted_ns": 4, "last_action": 4, "last_acted": 4],
    withoutRowID: true,
    indexes: [
      "CREATE INDEX credential_holder ON credential(holder);", "CREATE INDEX credential_parent ON credential(parent);",
    ])

  static let lineageEdge = Table(
    name: "lineage_edge",
    columns: [
      ("child", "TEXT NOT NULL"), ("parent", "TEXT NOT NULL"), ("mechanism", "TEXT NOT NULL"),
      ("grade", "TEXT NOT NULL"), ("joined_on", list), ("time_ns", "INTEGER"), ("source", text),
    ],
    readable: [("time", "time_ns")],
    constraints: ["PRIMARY KEY (child, parent, mechanism)"], withoutRowID: true,
    indexes: ["CREATE INDEX lineage_edge_parent ON lineage_edge(parent);"])

  static let identity = Table(
    name: "identity",
    columns: [
      ("id", "TEXT NOT NULL"), ("name", text), ("kind", text), ("source", text), ("tenant", text), ("owner", "TEXT"),
      ("first_used_ns", "INTEGER"), ("last_used_ns", "INTEGER"), ("events", count), ("denied", count),
      ("services", list), ("origins", list), ("verbs", counts), ("credential_kinds", list), ("attested", count),
      ("interactive", count), ("last_privileged_ns", "INTEGER"),
    ],
    readable: [
      ("first_used", "first_used_ns"), ("last_used", "last_used_ns"), ("last_privileged", "last_privileged_ns"),
    ],
    since: [
      "verbs": 4, "credential_kinds": 4, "attested": 4, "interactive": 4, "last_privileged_ns": 4, "last_privileged": 4,
    ],
    constraints: ["PRIMARY KEY (id, source, tenant)"], withoutRowID: true)
}

/// Findings and what people said about them.
///
/// `finding` and `evidence` keep their rowids: rows of a kilobyte under random keys would spill from a WITHOUT ROWID tree.
extension Schema {
  static let finding = Table(
    name: "finding",
    columns: [
      ("id", "TEXT PRIMARY KEY NOT NULL"), ("detection", "TEXT NOT NULL"), ("name", "TEXT NOT NULL"),
      ("family", "TEXT NOT NULL"),
      ("severity", "TEXT NOT NULL CHECK (severity IN ('informational','low','medium','high','critical'))"),
      ("confidence", "TEXT NOT NULL CHECK (confidence IN ('candidate','strong','asserted','exact'))"),
      ("title", "TEXT NOT NULL"), ("summary", "TEXT NOT NULL"), ("identity_id", text), ("identity_name", text),
      ("identity_kind", text), ("identity_source", text), ("identity_tenant", text), ("identity_owner", "TEXT"),
      ("credential_id", text), ("credential_kind", text), ("credential_issued_at", "TEXT"),
      ("credential_issued_at_ns", "INTEGER"), ("credential_expires_at", "TEXT"),
      ("credential_expires_at_ns", "INTEGER"),
      ("tenant", text), ("first_seen", "TEXT"), ("first_seen_ns", "INTEGER"), ("last_seen", "TEXT"),
      ("last_seen_ns", "INTEGER"), ("count", "INTEGER NOT NULL"), ("attack", list), ("incident", text),
      ("lineage", list), ("explanation", "TEXT NOT NULL DEFAULT '{}'"),
      ("status", "TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open','acknowledged','muted'))"),
    ],
    indexes: [
      "CREATE INDEX finding_incident ON finding(incident);",
      "CREATE INDEX finding_last_seen ON finding(last_seen_ns);",
      "CREATE INDEX finding_identity ON finding(identity_id);",
    ])

  static let evidence = Table(
    name: "evidence",
    columns: [
      ("finding_id", "TEXT NOT NULL REFERENCES finding(id) ON DELETE CASCADE"), ("ord", "INTEGER NOT NULL"),
      ("role", "TEXT NOT NULL"), ("source", text), ("event_id", text), ("time", "TEXT"), ("time_ns", "INTEGER"),
      ("action", text), ("outcome", text), ("origin", text), ("file", text), ("offset", count), ("length", count),
      ("record_index", count), ("sha256", "TEXT"), ("raw", "BLOB"), ("missing", "TEXT"),
    ],
    constraints: ["PRIMARY KEY (finding_id, ord)"],
    indexes: ["CREATE INDEX evidence_event ON evidence(event_id);"])

  static let findingState = Table(
    name: "finding_state",
    columns: [
      ("finding_id", "TEXT PRIMARY KEY NOT NULL"),
      ("state", "TEXT NOT NULL CHECK (state IN ('open','acknowledged','muted'))"), ("owner", text), ("reason", text),
      ("expires", "TEXT"), ("expires_ns", "INTEGER"), ("at", "TEXT NOT NULL"), ("at_ns", "INTEGER NOT NULL"),
    ],
    withoutRowID: true)

  static let findingRetracted = Table(
    name: "finding_retracted",
    columns: [
      ("finding_id", "TEXT PRIMARY KEY NOT NULL"), ("finding", "TEXT NOT NULL"), ("reason", "TEXT NOT NULL"),
      ("at", "TEXT"), ("at_ns", "INTEGER"),
    ],
    withoutRowID: true)
}

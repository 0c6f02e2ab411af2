/// What was read, up to where, and what was lost (reliability.md P3).
extension Schema {
  static let source = Table(
    name: "source",
    columns: [
      ("id", "INTEGER PRIMARY KEY"), ("path", "TEXT NOT NULL"), ("log", text), ("dev", count), ("ino", count),
      ("prefix_len", count), ("prefix_hash", "BLOB"), ("marker_hash", "BLOB"), ("plain_off", count),
      ("gz_member_off", count), ("gz_member_index", count), ("gz_member_plain_off", count), ("record_index", count),
      ("shape", text), ("state", text), ("first_event_ns", "INTEGER"), ("last_event_ns", "INTEGER"),
      ("content_hash", text), ("position", "BLOB"),
    ] + SourceCounters.names.map { ($0, count) },
    readable: [("first_event", "first_event_ns"), ("last_event", "last_event_ns")],
    indexes: ["CREATE INDEX source_path ON source(path);"])

  static let reject = Table(
    name: "reject",
    columns: [
      ("path", "TEXT NOT NULL"), ("reason", "TEXT NOT NULL"), ("count", count), ("first_offset", count),
      ("sample_hash", text),
    ],
    constraints: ["PRIMARY KEY (path, reason)"], withoutRowID: true)

  static let gap = Table(
    name: "gap",
    columns: [
      ("path", "TEXT NOT NULL"), ("reason", "TEXT NOT NULL"), ("from_offset", "INTEGER"), ("to_offset", "INTEGER"),
      ("from_ns", "INTEGER"), ("to_ns", "INTEGER"), ("detail", text),
    ],
    readable: [("from_time", "from_ns"), ("to_time", "to_ns")],
    indexes: [
      """
      CREATE UNIQUE INDEX gap_once ON gap(path, reason, coalesce(from_offset, -1), coalesce(to_offset, -1), \
      coalesce(from_ns, -1), coalesce(to_ns, -1));
      """
    ])
}

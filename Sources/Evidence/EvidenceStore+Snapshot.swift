import EventModel
import GRDB

extension EvidenceStore {
  /// Reads a selection, and with `copyTo` writes the same rows to a new SQLite file there (mode 0600, journal_mode
  /// DELETE, vacuumed; the same rows give the same bytes with the same SQLite). Throws if that file exists.
  public func snapshot(_ selection: EvidenceSelection, copyTo path: String? = nil) throws(StoreError)
    -> EvidenceSnapshot
  {
    try reading { db in
      var s = EvidenceSnapshot()
      s.findings = try EvidenceStore.findings(db, selection.filter, evidence: true).sorted {
        $0.finding.id < $1.finding.id
      }
      let choice = try SnapshotChoice(db, selection, s.findings.map(\.finding))
      if selection == .all {
        s.retracted = try EvidenceStore.rows(db, Schema.findingRetracted, order: "finding_id") { r in
          let (id, finding, reason) = (r.text(), r.text(), r.text())
          r.skip()
          return RetractedFinding(findingID: id, finding: finding, reason: reason, at: r.time())
        }
      }
      s.credentials = try EvidenceStore.rows(db, Schema.credential, order: "id", CredentialRow.init)
        .filter { choice.takesCredential($0.id) }
      s.edges = try EvidenceStore.rows(db, Schema.lineageEdge, order: "child, parent, mechanism", LineageEdgeRow.init)
        .filter { choice.takesCredential($0.child) }
      s.identities = try EvidenceStore.rows(db, Schema.identity, order: "id, source, tenant", IdentityRow.init)
        .filter { choice.takesIdentity($0.id) }
      s.sources = try EvidenceStore.rows(db, Schema.source, order: "id", SourceRow.init)
      s.rejects = try EvidenceStore.rows(db, Schema.reject, order: "path, reason", RejectRow.init)
      s.gaps = try EvidenceStore.rows(db, Schema.gap, order: GapRow.order, GapRow.init)
      s.custody = try EvidenceStore.rows(db, Schema.custody, order: "n", CustodyEntry.init)
      s.meta = try EvidenceStore.meta(db)
      if let path { try SnapshotCopy(choice: choice).write(from: db, to: path) }
      return s
    }
  }
}

/// The keys that a selection takes; nil sets take everything.
struct SnapshotChoice {
  var findings: [String]?
  var credentials: Set<String>?
  var identities: Set<String>?

  func takesCredential(_ id: String) -> Bool { credentials?.contains(id) ?? true }
  func takesIdentity(_ id: String) -> Bool { identities?.contains(id) ?? true }

  init(_ db: Database, _ selection: EvidenceSelection, _ found: [Finding]) throws {
    if selection == .all { return }
    findings = found.map(\.id)
    identities = Set(found.map(\.identity.id))
    let named = found.flatMap { f in [f.credential.id] + f.lineage.flatMap { [$0.from, $0.to] } }.filter { !$0.isEmpty }
    let above = try String.fetchAll(
      db,
      sql: """
        WITH RECURSIVE line(id) AS (
          SELECT value FROM json_each(?)
          UNION SELECT lineage_edge.parent FROM lineage_edge JOIN line ON lineage_edge.child = line.id)
        SELECT id FROM line
        """, arguments: [JSONValue.texts(named).string])
    credentials = Set(above)
  }
}

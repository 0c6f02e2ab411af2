import EventModel
import GRDB

/// Findings into the transaction that is open.
struct FindingWriter {
  let db: Database
  private let insertFinding: Statement
  private let insertEvidence: Statement

  init(_ db: Database) throws {
    self.db = db
    insertFinding = try db.cachedStatement(sql: Schema.finding.insert("ON CONFLICT(id) DO NOTHING"))
    insertEvidence = try db.cachedStatement(sql: Schema.evidence.insert())
  }

  func write(_ entry: Commit.FindingEntry, into receipt: inout CommitReceipt) throws {
    let finding = entry.finding
    insertFinding.setUncheckedArguments(StatementArguments(FindingWriter.columns(finding)))
    try insertFinding.execute()
    if db.changesCount == 1 {
      try insert(finding.evidence, of: finding.id)
      receipt.newFindingIDs.append(finding.id)
      return
    }
    receipt.knownFindingIDs.append(finding.id)
    if entry.mode == .standing, try raise(finding) { receipt.raisedFindingIDs.append(finding.id) }
  }

  private func insert(_ evidence: [Finding.Citation], of id: String) throws {
    for (ord, citation) in evidence.enumerated() {
      insertEvidence.setUncheckedArguments(StatementArguments(FindingWriter.columns(citation, of: id, ord: ord)))
      try insertEvidence.execute()
    }
  }

  /// Raises what a later judgement may raise; false if the stored row already says as much.
  private func raise(_ finding: Finding) throws -> Bool {
    guard let known = try FindingReader.finding(db, id: finding.id)?.finding else { return false }
    var severity = max(known.severity, finding.severity)
    // A day's budget lowers; another rank, or what is more than graded, raises it again.
    let isHeldBack = finding.isHeldBack && !known.isHeldBack
    if known.isHeldBack || finding.isHeldBack, severity <= .medium { severity = min(severity, .low) }
    let count = max(known.count, finding.count)
    let first =
      known.firstSeen == Timestamp.none
      ? finding.firstSeen
      : finding.firstSeen == Timestamp.none ? known.firstSeen : min(known.firstSeen, finding.firstSeen)
    let last = max(known.lastSeen, finding.lastSeen)
    let evidence = EvidenceMerge.merged(known.evidence, finding.evidence)
    let moreEvidence = evidence != EvidenceMerge.merged(known.evidence, [])
    let same = severity == known.severity && count == known.count && first == known.firstSeen && last == known.lastSeen
    if same && !moreEvidence && !isHeldBack { return false }
    if isHeldBack {
      try db.execute(
        sql: "UPDATE finding SET explanation = ? WHERE id = ?",
        arguments: [FindingDocument.explanation(finding.explanation).string, finding.id])
    }
    if !same {
      try db.execute(
        sql: """
          UPDATE finding SET severity = ?, count = ?, first_seen = ?, first_seen_ns = ?, last_seen = ?, last_seen_ns = ? \
          WHERE id = ?
          """,
        arguments: [
          severity.name, count, SQLValue.time(first), SQLValue.nanoseconds(first), SQLValue.time(last),
          SQLValue.nanoseconds(last), finding.id,
        ])
    }
    if moreEvidence {
      try db.execute(sql: "DELETE FROM evidence WHERE finding_id = ?", arguments: [finding.id])
      try insert(evidence, of: finding.id)
    }
    return true
  }

  /// Lowers a graded finding, or raises it again, and says so in its explanation. What is graver than graded stays.
  func rank(_ rank: Commit.Rank) throws {
    guard var finding = try FindingReader.finding(db, id: rank.findingID)?.finding else { return }
    if finding.isHeldBack { finding.liftRank() }
    if let why = rank.heldBack, finding.severity <= .medium { finding.holdBack(why) }
    try db.execute(
      sql: "UPDATE finding SET severity = ?, explanation = ? WHERE id = ?",
      arguments: [finding.severity.name, FindingDocument.explanation(finding.explanation).string, finding.id])
  }

  /// Moves a finding to `finding_retracted`; false if there is none of this id.
  func retract(_ retraction: Commit.Retraction) throws -> Bool {
    guard let known = try FindingReader.finding(db, id: retraction.findingID)?.finding else { return false }
    try db.execute(
      sql: Schema.findingRetracted.replace(key: ["finding_id"]),
      arguments: [
        retraction.findingID, FindingDocument.value(known).string, SQLValue.text(retraction.reason),
        SQLValue.time(retraction.at), SQLValue.nanoseconds(retraction.at),
      ])
    try db.execute(sql: "DELETE FROM finding WHERE id = ?", arguments: [retraction.findingID])
    return true
  }
}

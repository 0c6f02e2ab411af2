import EventModel
import GRDB

extension EvidenceStore {
  /// Makes all of it true in one durable transaction, or none of it.
  ///
  /// Cost: about 90 µs a finding with three citations of 800 bytes, 25 µs a known one. After an error the store is as it was.
  public func commit(_ commit: Commit) throws(StoreError) -> CommitReceipt { try self.commit(commit) { nil } }

  /// The same in two parts, for a first one that can be written before the second is known. The second is asked for on the
  /// caller's thread, in the transaction; where it throws, nothing is kept.
  public func commit(_ first: Commit, then second: () throws -> Commit?) throws(StoreError) -> CommitReceipt {
    try writing { db in
      var receipt = CommitReceipt()
      try EvidenceStore.write(first, db, &receipt)
      if let commit = try second() { try EvidenceStore.write(commit, db, &receipt) }
      return receipt
    }
  }

  private static func write(_ commit: Commit, _ db: Database, _ receipt: inout CommitReceipt) throws {
    if !commit.findings.isEmpty || !commit.ranks.isEmpty || !commit.retractions.isEmpty {
      let findings = try FindingWriter(db)
      for entry in commit.findings { try findings.write(entry, into: &receipt) }
      for rank in commit.ranks { try findings.rank(rank) }
      for retraction in commit.retractions where try findings.retract(retraction) {
        receipt.retractedFindingIDs.append(retraction.findingID)
      }
    }
    let rows = RowWriter(db: db)
    try rows.credentials(commit.credentials)
    try rows.edges(commit.edges)
    try rows.identities(commit.identities)
    try rows.sources(commit.sources)
    try rows.rejects(commit.rejects)
    try rows.gaps(commit.gaps)
    try rows.memory(commit.memory)
    if let day = commit.memoryForgottenTo {
      try db.execute(sql: "DELETE FROM memory_seen WHERE last_day <= ?", arguments: [Int64(day)])
    }
    try rows.scope(commit.scope)
    try rows.window(commit.windowBatches, dropped: commit.droppedWindowBatches)
    try rows.meta(commit.meta, dropped: commit.droppedMeta)
    try rows.custody(commit.custody)
  }

  /// Records what a person says about a finding, with a custody entry by `actor`; false if there is no such finding.
  /// A later word replaces an earlier one; `.open` takes an acknowledgement or a mute back.
  public func annotate(_ findingID: String, _ state: FindingState, actor: String) throws(StoreError) -> Bool {
    try writing { db in
      try db.execute(
        sql: "UPDATE finding SET status = ? WHERE id = ?", arguments: [state.status.rawValue, findingID])
      guard db.changesCount == 1 else { return false }
      try db.execute(
        sql: Schema.findingState.replace(key: ["finding_id"]),
        arguments: [
          findingID, state.status.rawValue, SQLValue.text(state.owner), SQLValue.text(state.reason),
          SQLValue.time(state.expires), state.expires, Timestamp.text(state.at), state.at,
        ])
      var args = ["finding": findingID, "owner": state.owner, "reason": state.reason]
      if let expires = state.expires { args["expires"] = Timestamp.text(expires) }
      try RowWriter(db: db).custody([
        CustodyAction(at: state.at, actor: actor, action: state.status.rawValue, args: args)
      ])
      return true
    }
  }
}

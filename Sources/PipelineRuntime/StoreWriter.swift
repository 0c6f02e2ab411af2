import Detection
import EventModel
import Evidence
import Foundation

/// Writes a scan's one transaction on a thread of its own: what the survey knows (credentials and who made them, identities
/// and what they did) while the detectors still judge; findings and ledgers when they are there.
final class StoreWriter: Sendable {
  private let rest = BoundedQueue<Commit?>(capacity: 1)
  private let result = BoundedQueue<Result<CommitReceipt, StoreError>>(capacity: 1)

  /// - Parameter engine: one that has surveyed all rows.
  init(_ store: EvidenceStore, _ engine: DetectionEngine) {
    let thread = Thread { [rest, result] in
      let rows = StoreRows(engine)
      var first = Commit()
      first.credentials = rows.credentials()
      first.edges = rows.edges()
      first.identities = rows.identities()
      first.scope = rows.scope()
      result.put(
        Result { [first] () throws(StoreError) in try store.commit(first) { try StoreWriter.wanted(rest.take()) } })
    }
    thread.stackSize = 4 << 20
    thread.start()
  }

  private struct Abandoned: Error {}

  private static func wanted(_ commit: Commit?) throws -> Commit {
    guard let commit else { throw Abandoned() }
    return commit
  }

  /// Takes back what was written. Call once, in place of ``finish(_:)``.
  func abandon() {
    rest.put(nil)
    _ = result.take()
  }

  /// Adds the rest and commits all of it. Call once.
  func finish(_ commit: Commit) throws(StoreError) -> CommitReceipt {
    rest.put(commit)
    return try result.take().get()
  }
}

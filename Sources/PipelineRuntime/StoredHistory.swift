import Detection
import EventModel
import Evidence
import Reporting

/// How far the store's identities are learned, looked at from its newest event. A few keyed look-ups an identity.
public struct StoredHistory {
  private let memory: LongMemory
  private let day: Int32

  /// - Parameter names: of identities, else their ids.
  public init(
    _ store: EvidenceStore, names: [String], sources: [SourceRow], identities: [IdentityRow]
  ) throws(StoreError) {
    let key = StoreKey(try store.meta()).hash
    let newest = LogEnds.of(sources, identities).values.max() ?? 0
    day = Int32(clamping: newest / Timestamp.day) + 1
    let empty = LongMemory(hasher: key)
    let keys = names.flatMap { empty.learningKeys(of: Array($0.utf8)) }
    memory = LongMemory(hasher: key, earlier: StoreRows.memory(try store.loadMemory(keys: keys.map(StoreRows.bytes))))
  }

  public func learning(of name: String) -> Learning { memory.learning(of: Array(name.utf8), before: day) }
}

extension IdentityEntry.History {
  init(_ learning: Learning) {
    self.init(
      activeDays: learning.activeDays, events: learning.events,
      learnsUntil: learning.until.map { Int64($0) * Timestamp.day })
  }
}

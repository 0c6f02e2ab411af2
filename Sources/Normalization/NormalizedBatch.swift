import EventModel

/// What a worker hands over: events with its local ids, and the entries that its owner does not know yet.
public struct NormalizedBatch: Sendable {
  public var worker: Int
  public var batch: EventBatch
  public var delta: SymbolDelta
}

/// Why a record was not normalized.
public enum RecordRejection: Hashable, Sendable {
  /// The scanner's word for what is wrong with the JSON.
  case malformed(String)
  /// No source knows it; the record's top-level keys, sorted, at most 12.
  case unrecognised(keys: String)
  /// A document that carries nothing (an empty object), or an envelope's own line.
  case empty
}

public enum RecordOutcome: Sendable {
  case accepted(source: UInt8, rows: Int)
  case rejected(RecordRejection)
}

import EventModel

/// The rows that are judged: batches with the owner's ids, each id once, readable in event-time order.
///
/// One owner. Absorbing a batch is O(rows); ordering is O(n log n) over what is held. About 100 bytes a row. Batches are
/// numbered from 0 as they come, and keep their numbers when earlier ones are let go.
public struct EventWindow: Sendable {
  public var dictionaries: EventDictionaries
  /// Batches that are not let go yet; the first one has the number `firstBatch`.
  var held: [EventBatch] = []
  var firstBatch = 0
  /// Of each of `held`: the event time at which it is as old as its rows; see ``EventWindow/evict(before:)``.
  var ages: [Int64] = []
  /// The newest time of a row that is not in the future.
  var newest = Int64.min
  public internal(set) var rowCount = 0
  private var mappings: [Int: SymbolMapping] = [:]
  var seen = SeenIDs()
  /// Ids that came with several contents, of which it is not settled yet which row is the record.
  var unsettled: Set<HashedKey> = []
  /// Rows in conflict (see ``EventFlags/idConflict``), and the record that has their id.
  public internal(set) var rivals: [Row: Row] = [:]

  public init(dictionaries: EventDictionaries = EventDictionaries()) { self.dictionaries = dictionaries }

  /// What became of the rows of one batch, per input.
  public struct Absorbed: Sendable {
    public var batch: Int
    public var duplicates: [UInt32: Int] = [:]
    public var conflicts: [UInt32: Int] = [:]
    /// Rows whose id came before with other content (row numbers in the batch).
    public var conflictRows: [Int] = []
  }

  /// Takes a worker's batch over. Duplicates are dropped, rows whose id came with other content are kept and told.
  /// - Parameter now: rows later than this (wall clock + 10 min) get the flag `future`.
  public mutating func absorb(
    worker: Int, _ raw: EventBatch, _ delta: EventDictionaries.Delta, futureAfter now: Int64 = Int64.max
  ) -> Absorbed {
    mappings[worker, default: SymbolMapping()].add(delta, to: &dictionaries)
    var batch = mappings[worker, default: SymbolMapping()].map(raw)
    batch.flagFuture(after: now)
    var absorbed = Absorbed(batch: batchNumbers.upperBound)
    var drop: [Int] = []
    for row in 0..<batch.count {
      switch seen.insert(seenID(batch, row), batch.content[row]) {
      case .new: break
      case .duplicate:
        drop.append(row)
        absorbed.duplicates[batch.input[row], default: 0] += 1
      case .conflict:
        unsettled.insert(HashedKey(seenID(batch, row)))
        absorbed.conflicts[batch.input[row], default: 0] += 1
        absorbed.conflictRows.append(row - drop.count)
      }
    }
    if !drop.isEmpty || !absorbed.conflictRows.isEmpty {
      batch = EventWindow.rebuilt(batch, without: drop, conflicts: absorbed.conflictRows)
    }
    batch.trim()
    held.append(batch)
    noteAge(of: batch)
    rowCount += batch.count
    return absorbed
  }

  /// - Parameter conflicts: row numbers in the result.
  private static func rebuilt(_ batch: EventBatch, without drop: [Int], conflicts: [Int]) -> EventBatch {
    var conflict = conflicts[...]
    var kept = EventBatch()
    kept.mints = batch.mints
    kept.details = batch.details
    var next = drop[...]
    for row in 0..<batch.count {
      if row == next.first {
        next.removeFirst()
        continue
      }
      var event = batch[row]
      if kept.count == conflict.first {
        conflict.removeFirst()
        event.flags.insert(.idConflict)
      }
      kept.append(event)
    }
    return kept
  }

  /// A row; an empty event where it was evicted (see ``isHeld(_:)``).
  public subscript(_ place: Row) -> Event {
    Event(Int(place.row), of: Int(place.batch) &- firstBatch, in: held) ?? Event()
  }

  /// The numbers of the batches that may have rows.
  public var batchNumbers: Range<Int> { firstBatch..<(firstBatch + held.count) }

  /// A batch by its number; an empty one where it was let go. O(1).
  public func batch(_ number: Int) -> EventBatch {
    held.indices.contains(number - firstBatch) ? held[number - firstBatch] : EventBatch()
  }

  /// What a row's numbers mean. O(1).
  public func subject(_ id: UInt32) -> Subject { dictionaries.subjects[id] }
  public func origin(_ id: UInt32) -> Origin { dictionaries.origins[id] }
  public func operation(_ id: UInt32) -> Operation { dictionaries.operations[id] }

  /// The row is in the window still.
  @inline(__always)
  public func isHeld(_ place: Row) -> Bool {
    let at = Int(place.batch) &- firstBatch
    return at >= 0 && Int(place.row) < held.span[at].count
  }

  /// A worker that will not be heard of again: its mapping is let go.
  public mutating func forget(worker: Int) { mappings[worker] = nil }

  /// Nothing will be absorbed any more: which ids were seen is let go.
  public mutating func endReading() {
    seen = SeenIDs()
    mappings.removeAll()
  }

  func seenID(_ batch: EventBatch, _ row: Int) -> UInt64 {
    let source = UInt64(dictionaries.operations[batch.operation[row]].source)
    return batch.idHigh[row] ^ batch.idLow[row] &* 31 ^ source << 40
  }

  public func mint(_ event: Event, at row: Row) -> Mint? {
    event.mint == 0 ? nil : held.span[Int(row.batch) &- firstBatch].mints[Int(event.mint) - 1]
  }

  public func details(_ event: Event, at row: Row) -> ArraySlice<Detail> {
    let start = Int(event.detailStart)
    if event.detailCount == 0 { return [] }
    return held.span[Int(row.batch) &- firstBatch].details[start..<(start + Int(event.detailCount))]
  }
}

/// Where a row lies in the window.
public struct Row: Hashable, Sendable {
  public var batch: UInt32
  public var row: UInt32
  public init(batch: UInt32, row: UInt32) {
    self.batch = batch
    self.row = row
  }
}

extension EventBatch {
  /// Rows later than `now` (wall clock + 10 min) get the flag `future`. O(rows).
  public mutating func flagFuture(after now: Int64) {
    if now == Int64.max { return }
    for row in 0..<count where time[row] > now {
      flags.set(row, to: EventFlags(rawValue: flags[row]).union(.future).rawValue)
    }
  }
}

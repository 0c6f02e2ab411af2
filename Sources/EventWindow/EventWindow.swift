import EventModel

/// The rows that are judged: batches with the owner's ids, each id once, readable in event-time order.
///
/// One owner. Absorbing a batch is O(rows); ordering is O(n log n) over what is held. About 100 bytes a row.
public struct EventWindow: Sendable {
  public var dictionaries: EventDictionaries
  public internal(set) var batches: [EventBatch] = []
  public private(set) var rowCount = 0
  private var mappings: [Int: SymbolMapping] = [:]
  private var seen = SeenIDs()
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
    var absorbed = Absorbed(batch: batches.count)
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
    batches.append(batch)
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
  public subscript(_ place: Row) -> Event { Event(Int(place.row), of: Int(place.batch), in: batches) ?? Event() }

  /// What a row's numbers mean. O(1).
  public func subject(_ id: UInt32) -> Subject { dictionaries.subjects[id] }
  public func origin(_ id: UInt32) -> Origin { dictionaries.origins[id] }
  public func operation(_ id: UInt32) -> Operation { dictionaries.operations[id] }

  /// The row is in the window still.
  @inline(__always)
  public func isHeld(_ place: Row) -> Bool { Int(place.row) < batches.span[Int(place.batch)].count }

  /// A worker that will not be heard of again: its mapping is let go.
  public mutating func forget(worker: Int) { mappings[worker] = nil }

  /// Empties the batches that end before `time`, and forgets their ids. Batch numbers stay.
  /// - Returns: the numbers of the batches that were emptied.
  public mutating func evict(before time: Int64) -> [Int] {
    var evicted: [Int] = []
    for n in batches.indices where batches[n].count > 0 {
      var latest = Int64.min
      for row in 0..<batches[n].count { latest = max(latest, batches[n].time[row]) }
      if latest < time, latest != Timestamp.none {
        rowCount -= batches[n].count
        batches[n] = EventBatch()
        evicted.append(n)
      }
    }
    if !evicted.isEmpty {
      rebuildSeen()
      rivals = rivals.filter { isHeld($0.key) && isHeld($0.value) }
    }
    return evicted
  }

  private mutating func rebuildSeen() {
    seen = SeenIDs()
    for batch in batches {
      for row in 0..<batch.count { _ = seen.insert(seenID(batch, row), batch.content[row]) }
    }
  }

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
    event.mint == 0 ? nil : batches.span[Int(row.batch)].mints[Int(event.mint) - 1]
  }

  public func details(_ event: Event, at row: Row) -> ArraySlice<Detail> {
    let start = Int(event.detailStart)
    return event.detailCount == 0 ? [] : batches.span[Int(row.batch)].details[start..<(start + Int(event.detailCount))]
  }

  /// Bytes of columns held, dictionaries not counted.
  public var byteCount: Int { batches.reduce(0) { $0 + $1.byteCount } }
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

import EventModel

// What is let go, so that a window that never ends has a bound.
extension EventWindow {
  /// A batch is as old as its newest row. Rows of the future, and rows without a time, say nothing about age: a batch of
  /// nothing else is as old as what was the newest when it came, or, if there was nothing yet, as what came next.
  mutating func noteAge(of batch: EventBatch) {
    var latest = Int64.min
    for row in 0..<batch.count where batch.time[row] != Timestamp.none {
      if !EventFlags(rawValue: batch.flags[row]).contains(.future) { latest = max(latest, batch.time[row]) }
    }
    if newest == Int64.min, latest != Int64.min { ages = ages.map { _ in latest } }
    newest = max(newest, latest)
    ages.append(latest == Int64.min ? newest : latest)
  }

  /// What was let go, and how far back the window is not whole any more.
  public struct Evicted: Sendable {
    /// Numbers of batches.
    public var batches: [Int] = []
    /// The newest age among them; `Int64.min` for none.
    public var until = Int64.min
  }

  /// Empties the batches that are older than `time`, and forgets their ids. Batch numbers stay. O(batches), where there are
  /// such batches O(rows held).
  public mutating func evict(before time: Int64) -> Evicted {
    let old = held.indices.filter { held[$0].count > 0 && ages[$0] < time }
    return letGo(old)
  }

  /// Empties the oldest batches, of one age those that came first, until no more than `bytes` are held. The newest to come
  /// stays. O(batches log batches), where it holds more O(rows held).
  public mutating func evict(downTo bytes: Int) -> Evicted {
    var left = byteCount
    if left <= bytes { return Evicted() }
    var old: [Int] = []
    let seenBytes = rowCount == 0 ? 0 : seen.byteCount / rowCount
    for n in held.indices.dropLast().sorted(by: { (ages[$0], $0) < (ages[$1], $1) }) where left > bytes {
      if held[n].count == 0 { continue }
      left -= held[n].byteCount + held[n].count * seenBytes
      old.append(n)
    }
    return letGo(old)
  }

  private mutating func letGo(_ old: [Int]) -> Evicted {
    var evicted = Evicted()
    if old.isEmpty { return evicted }
    for n in old {
      rowCount -= held[n].count
      held[n] = EventBatch()
      evicted.batches.append(n + firstBatch)
      evicted.until = max(evicted.until, ages[n])
    }
    rebuildSeen()
    rivals = rivals.filter { isHeld($0.key) && isHeld($0.value) }
    // An empty batch is some hundred bytes, and a watch takes one in every second.
    let empty = held.firstIndex { $0.count > 0 } ?? held.count
    held.removeFirst(empty)
    ages.removeFirst(empty)
    firstBatch += empty
    return evicted
  }

  private mutating func rebuildSeen() {
    seen = SeenIDs()
    for batch in held {
      for row in 0..<batch.count { _ = seen.insert(seenID(batch, row), batch.content[row]) }
    }
  }

  /// Bytes of columns and ids held, dictionaries not counted. O(batches).
  public var byteCount: Int {
    held.reduce(seen.byteCount) { $0 + $1.byteCount + MemoryLayout<EventBatch>.stride }
  }
}

import EventModel

extension EventWindow {
  /// A row with what it is sorted by: time, then source, then id. Rows without a time come first, in the order of their
  /// inputs (semantics.md 1 and 4).
  public struct Ordered: Sendable {
    public var time: Int64
    public var tie: UInt64
    public var row: Row
  }

  /// The rows of `range` of batches in the order in which they are judged. O(n log n).
  public func ordered(batches range: Range<Int>? = nil) -> [Ordered] {
    var rows: [Ordered] = []
    rows.reserveCapacity(rowCount)
    for b in range ?? batches.indices {
      let batch = batches[b]
      for r in 0..<batch.count {
        let time = batch.time[r]
        let tie: UInt64
        if time == Timestamp.none {
          tie = UInt64(batch.input[r]) << 40 | min(batch.offset[r] &+ UInt64(batch.index[r]), 1 << 40 - 1)
        } else {
          let source = UInt64(dictionaries.operations[batch.operation[r]].source)
          tie = source << 56 | batch.idHigh[r] >> 8
        }
        rows.append(Ordered(time: time, tie: tie, row: Row(batch: UInt32(b), row: UInt32(r))))
      }
    }
    rows.sort { $0.time != $1.time ? $0.time < $1.time : $0.tie < $1.tie }
    return rows
  }
}

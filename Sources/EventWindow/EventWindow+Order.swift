import EventModel

extension EventWindow {
  private struct Ordered {
    var time: Int64
    var tie: UInt64
    var row: Row
  }

  /// The rows of `range` of batches in the order in which they are judged: by time, then source, then id, then what they
  /// say. Rows without a time come first, in the order of their inputs (semantics.md 1 and 4). O(n log n).
  public mutating func ordered(batches range: Range<Int>? = nil) -> [Row] {
    var rows: [Ordered] = []
    rows.reserveCapacity(rowCount)
    for b in range ?? batchNumbers {
      let batch = batch(b)
      for r in 0..<batch.count { rows.append(ordered(batch, b, r)) }
    }
    rows.sort { EventWindow.precedes($0, $1) }
    breakTies(&rows)
    settleConflicts()
    return rows.map(\.row)
  }

  /// Row `r` of batch number `b`.
  private func ordered(_ batch: borrowing EventBatch, _ b: Int, _ r: Int) -> Ordered {
    let tie: UInt64
    if batch.time[r] == Timestamp.none {
      tie = UInt64(batch.input[r]) << 40 | min(batch.offset[r] &+ UInt64(batch.index[r]), 1 << 40 - 1)
    } else {
      let source = UInt64(dictionaries.operations[batch.operation[r]].source)
      tie = source << 56 | batch.idHigh[r] >> 8
    }
    return Ordered(time: batch.time[r], tie: tie, row: Row(batch: UInt32(b), row: UInt32(r)))
  }

  private static func precedes(_ a: Ordered, _ b: Ordered) -> Bool {
    a.time != b.time ? a.time < b.time : a.tie < b.tie
  }

  /// Rows of one time and tie are in order of arrival still: one id with other content, mostly. Their ids, then their
  /// contents decide. One look at each neighbour where there are none.
  private func breakTies(_ rows: inout [Ordered]) {
    var start = 0
    while start + 1 < rows.count {
      var end = start + 1
      while end < rows.count, rows[end].time == rows[start].time, rows[end].tie == rows[start].tie { end += 1 }
      if end - start > 1 {
        let tied = rows[start..<end].map { (row: $0, key: contentKey($0.row)) }
        for (n, item) in tied.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }).enumerated() {
          rows[start + n] = item.row
        }
      }
      start = end
    }
  }

  /// Of rows of one id the first one in order is the record, the others are in conflict with it: whichever came first. A pass
  /// over what is held where an id came with another content since the last time.
  private mutating func settleConflicts() {
    if unsettled.isEmpty { return }
    var groups: [HashedKey: [Ordered]] = [:]
    for b in batchNumbers {
      let batch = batch(b)
      for r in 0..<batch.count {
        let id = HashedKey(seenID(batch, r))
        if unsettled.contains(id) { groups[id, default: []].append(ordered(batch, b, r)) }
      }
    }
    for var rows in groups.values {
      rows.sort { EventWindow.precedes($0, $1) }
      breakTies(&rows)
      for (n, item) in rows.enumerated() {
        var flags = self[item.row].flags
        if n == 0 { flags.remove(.idConflict) } else { flags.insert(.idConflict) }
        held[Int(item.row.batch) - firstBatch].flags.set(Int(item.row.row), to: flags.rawValue)
        rivals[item.row] = n == 0 ? nil : rows[0].row
      }
    }
    unsettled.removeAll()
  }

  /// All that a row says, as words of which no numbering, no key of a store and no place of an input is a part.
  private func contentKey(_ place: Row) -> [UInt64] {
    let event = self[place]
    let (who, from, what) = (subject(event.subject), origin(event.origin), operation(event.operation))
    var key: [UInt64] = [event.idHigh, event.idLow]
    for symbol in [
      what.action, what.tenant, what.service, what.region, what.namespace, what.resourceKind, who.actor, who.name,
      who.session, who.credential, who.issuer, who.onBehalf, who.home, who.attestor, who.node, who.namespace, from.host,
      from.endpoint, from.agent, from.tls, event.error, event.resource, event.target, event.trace,
    ] {
      key.append(symbol.isPresent ? ByteHash.stable.hash(dictionaries.symbols.bytes(symbol)) : 0)
    }
    key += [from.address.high, from.address.low, UInt64(from.kind.rawValue), UInt64(what.verb.rawValue)]
    key += [UInt64(who.issuedAt) << 32 | UInt64(who.expiresAt), UInt64(who.kind.rawValue)]
    key += [UInt64(who.credentialKind.rawValue), UInt64(event.flags.subtracting(.idConflict).rawValue)]
    key += [UInt64(event.outcome.rawValue)] + event.facts.words
    for detail in details(event, at: place) {
      for symbol in [detail.name, detail.value] { key.append(ByteHash.stable.hash(dictionaries.symbols.bytes(symbol))) }
    }
    if let mint = mint(event, at: place) {
      for symbol in [mint.child, mint.mechanism] {
        key.append(ByteHash.stable.hash(dictionaries.symbols.bytes(symbol)))
      }
    }
    return key + [UInt64(event.length), event.content]
  }
}

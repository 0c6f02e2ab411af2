import EventModel
import EventWindow
import Evidence
import LogReading
import Normalization

// Taking records in, and what the follower says about their files.
extension WatchSession {
  /// Reads until there is nothing more or a commit's worth is there.
  /// - Returns: the records read.
  mutating func read(_ feed: inout WatchFeed, _ stop: StopFlag) -> Int {
    var chunk = RecordChunk()
    var records = 0
    var bytes = 0
    while records < Watch.batchRows, bytes < Watch.batchBytes, stop.signal == 0, let id = feed.next(into: &chunk) {
      take(chunk, id, &feed)
      records += chunk.records.count
      bytes += chunk.bytes.count
      hasNews = true
    }
    return records
  }

  mutating func take(_ chunk: RecordChunk, _ id: SourceRecord.ID, _ feed: inout WatchFeed) {
    let path = feed.path(of: id)
    let input = number(of: id, path: path)
    touched.insert(id)
    var ledger = ledgers[id] ?? InputLedger(path: path.description)
    ledger.path = path.description
    for rejection in chunk.rejections { ledger.reject(rejection.reason.rawValue, at: rejection.offset) }
    let bytes = chunk.bytes.span
    for record in chunk.records {
      let place = Normalizer.Place(
        input: input, offset: record.offset, length: UInt32(record.length), index: record.index,
        terminated: record.terminated)
      let span = bytes.extracting(record.range)
      switch normalizer.add(span, at: place, within: chunk.head(of: record)) {
      case .accepted(let source, let rows):
        ledger.accepted += rows
        ledger.records += rows
        ledger.log = content.sources[Int(source)].name
        let inspection = inspector.inspect(span, source: Int(source))
        raw.append(
          RawJournal.Record(
            input: input, offset: record.offset, index: record.index, sha256: Digest.of(span),
            eventID: Array((inspection.eventID ?? "").utf8), redacted: inspection.redacted, partIDs: inspection.partIDs)
        )
      case .rejected(.malformed(let reason)):
        feed.reclassify(id, length: record.length)
        ledger.reject(reason, at: record.offset)
      case .rejected(.unrecognised(let keys)):
        ledger.unrecognised += 1
        ledger.records += 1
        if ledger.unknownKeys.count < 16 { ledger.unknownKeys[keys, default: 0] += 1 }
      case .rejected(.empty):
        ledger.filtered += 1
        ledger.records += 1
      }
    }
    ledgers[id] = ledger
  }

  mutating func note(_ event: FollowEvent, _ notify: (Watch.Notice) -> Void) {
    switch event {
    case .gap(let gap):
      var row = GapRow(path: path(of: gap.source), reason: gap.reason.rawValue)
      row.fromOffset = Int64(clamping: gap.from)
      row.toOffset = gap.to.map { Int64(clamping: $0) }
      pendingGaps.append(row)
      hasNews = true
      notify(.input("\(row.path): bytes from \(gap.from) on were lost (\(gap.reason.rawValue))"))
    case .quarantined(let id, let integrity), .stalled(let id, let integrity):
      notify(.input("\(path(of: id)): reading stopped, the gzip data is \(integrity.state.rawValue)"))
    case .unreadable(let path, let failure): notify(.input("\(path): \(failure)"))
    case .skipped(let skipped): notify(.input("\(skipped.path): \(skipped.reason)"))
    case .directoryMissing(let path, let failure): notify(.input("\(path): \(failure)"))
    case .started, .renamed, .inherited, .truncated, .rewritten, .finished: break
    }
  }

  func path(of id: SourceRecord.ID) -> String { ledgers[id]?.path ?? "source \(id)" }
}

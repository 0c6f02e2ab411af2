import Detection
import EventModel
import EventWindow
import Evidence
import LogReading

// What the transaction holds of evidence and positions.
extension WatchSession {
  /// The journals that hold the records which new findings cite.
  func rawBatches(of findings: [Finding]) throws(RunError) -> [Int64: RawJournal] {
    var wanted = Set(findings.flatMap { $0.evidence.compactMap { rawOfBatch[Int($0.batch)] } })
    if let uncommitted { wanted.remove(uncommitted) }
    if wanted.isEmpty { return [:] }
    let rows = try Result { () throws(StoreError) in try store.loadWindow(wanted) }.orStoreError()
    var journals: [Int64: RawJournal] = [:]
    for row in rows {
      guard var journal = RawJournal(row.raw), let batch = JournalBatch(row.body) else { continue }
      // Input numbers are those of the session that wrote the batch.
      journal.renumber { inputNumber[batch.inputs[Int($0)].id] ?? UInt32.max }
      journals[row.seq] = journal
    }
    return journals
  }

  func withEvidence(_ findings: [Finding], _ journals: [Int64: RawJournal]) -> [Finding] {
    findings.map { finding in
      var finding = finding
      for n in finding.evidence.indices {
        let c = finding.evidence[n]
        finding.evidence[n].file = Int(c.input) < inputs.count ? inputs[Int(c.input)].path.description : ""
        let seq = rawOfBatch[Int(c.batch)] ?? 0
        let journal = seq == uncommitted ? raw : journals[seq]
        guard let record = journal?.find(input: c.input, offset: c.offset, index: c.index) else {
          finding.evidence[n].missing = "the record left the window before it was cited"
          continue
        }
        finding.evidence[n].sha256 = record.sha256.hexadecimal
        finding.evidence[n].raw = record.redacted
        if let id = record.eventID(of: c.eventID) { finding.evidence[n].eventID = id }
      }
      return finding
    }
  }

  func sourceRows(_ changes: [SourceRecord], _ feed: borrowing WatchFeed) -> [SourceRow] {
    var rows: [SourceRow] = changes.map { source in
      var ledger = ledgers[source.id] ?? InputLedger(path: source.path.description)
      ledger.take(source.checkpoint.counts, bytes: source.checkpoint.counts.accountedBytes, tail: 0)
      var row = SourceRow(id: -Int64(clamping: source.id), ledger: ledger, contentHash: content.hash)
      row.device = source.file.device
      row.inode = source.file.inode
      row.prefixLength = Int64(source.prefixLength)
      row.prefixHash = source.prefixHash.bytes
      row.markerHash = source.checkpoint.marker.bytes
      row.plainOffset = Int64(clamping: source.offset)
      row.gzipMemberOffset = Int64(clamping: source.checkpoint.member.compressedOffset)
      row.gzipMemberIndex = Int64(source.checkpoint.member.index)
      row.gzipMemberPlainOffset = Int64(clamping: source.checkpoint.member.decompressedOffset)
      row.recordIndex = Int64(source.checkpoint.frame.recordIndex)
      row.shape = "\(source.checkpoint.frame.shape)"
      row.state = "\(source.state)"
      row.position = SourceCoding.encode(source)
      return row
    }
    if let pipe = feed.pipeCounts, var ledger = ledgers[WatchFeed.pipeID] {
      ledger.take(pipe.counts, bytes: pipe.bytes, tail: pipe.tail)
      rows.append(SourceRow(id: SourceRow.id(of: "-"), ledger: ledger, contentHash: content.hash))
    }
    return rows
  }
}

import Detection
import EventModel
import EventWindow
import Evidence
import Foundation
import LogReading
import Normalization
import PipelineContent

/// The state of one watch: engine, store, ledgers, and the batch that the next commit will hold.
struct WatchSession {
  let content: Content
  let options: Watch.Options
  let store: EvidenceStore
  let key: StoreKey
  let knownSources: [SourceRecord]
  var engine: DetectionEngine
  var normalizer: Normalizer
  private var inspector: RecordInspector
  var ledgers: [SourceRecord.ID: InputLedger] = [:]
  /// Inputs by number, as the rows carry them; numbers are this session's own.
  var inputs: [(id: SourceRecord.ID, path: LogPath)] = []
  private var inputNumber: [SourceRecord.ID: UInt32] = [:]
  var raw = RawJournal()
  private var rawOfBatch: [Int: Int64] = [:]
  var sequence: Int64 = 0
  /// Findings that the store holds; what the last commit added is told again after a kill (meta `untold`).
  private var stored: Set<String> = []
  private var untold: [String] = []
  /// The batch that the next commit will hold, while `raw` holds its records.
  private var uncommitted: Int64?
  private var pendingGaps: [GapRow] = []
  private var touched: Set<SourceRecord.ID> = []
  private var lastRows = Date.distantPast
  private var hasNews = false

  init(content: Content, options: Watch.Options) throws(RunError) {
    self.content = content
    self.options = options
    do throws(StoreError) {
      store = try EvidenceStore.open(at: options.store, for: .ingest)
      key = StoreKey(try store.meta())
      let memory = StoreRows.memory(try store.loadMemory())
      let rows = try store.loadSources().filter { !$0.position.isEmpty }
      knownSources = rows.compactMap { SourceCoding.decode($0.position) }
      for row in rows {
        if let source = SourceCoding.decode(row.position) { ledgers[source.id] = InputLedger(row) }
      }
      do throws(DetectionError) {
        engine = try DetectionEngine(content.engine, memory: LongMemory(hasher: key.hash, earlier: memory))
      } catch { throw StoreError.failed(detail: error.reason) }
    } catch { throw .store(error) }
    let only = options.source.flatMap { name in content.sources.first { $0.name == name }?.index }
    normalizer = Normalizer(
      sources: content.sources, worker: 0, options: Normalizer.Options(only: only, contentHash: key.hash))
    inspector = RecordInspector(sources: content.sources, contentHash: key.hash)
    try replay()
    let told = try Result { () throws(StoreError) in
      (try store.findings(evidence: false).map(\.finding.id), try store.meta("untold") ?? "")
    }.orStoreError()
    stored = Set(told.0)
    untold = told.1.split(separator: " ").map(String.init).filter(stored.contains)
  }

  /// Tells what the last commit before a kill added, and may not have told: at least once, the id is the key.
  mutating func tellAgain(_ notify: (Watch.Notice) -> Void) throws(RunError) {
    if untold.isEmpty { return }
    var filter = FindingFilter()
    filter.ids = untold
    let again = try Result { () throws(StoreError) in try store.findings(filter) }.orStoreError()
    for found in again { notify(.finding(found.finding)) }
  }

  /// Puts the window's rows back from the journal: never from the logs, which may be gone.
  private mutating func replay() throws(RunError) {
    let batches = try Result { () throws(StoreError) in try store.loadWindow() }.orStoreError()
    for row in batches {
      sequence = max(sequence, row.seq)
      guard var journal = JournalBatch(row.body) else {
        throw .store(.corrupt(detail: "batch \(row.seq) of the window's journal cannot be read"))
      }
      let numbers = journal.inputs.map { number(of: $0.id, path: LogPath(bytes: $0.path)) }
      journal.batch.input = journal.batch.input.map { numbers[Int($0)] }
      let absorbed = engine.absorb(worker: Int(row.seq), journal.batch, journal.delta)
      engine.forget(worker: Int(row.seq))
      rawOfBatch[absorbed.batch] = row.seq
    }
    engine.judge()
  }

  mutating func number(of id: SourceRecord.ID, path: LogPath) -> UInt32 {
    if let known = inputNumber[id] { return known }
    inputs.append((id, path))
    inputNumber[id] = UInt32(inputs.count - 1)
    return UInt32(inputs.count - 1)
  }

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

  private mutating func take(_ chunk: RecordChunk, _ id: SourceRecord.ID, _ feed: inout WatchFeed) {
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
      switch normalizer.add(span, at: place) {
      case .accepted(let source):
        ledger.accepted += 1
        ledger.records += 1
        ledger.log = content.sources[Int(source)].name
        let inspection = inspector.inspect(span, source: Int(source))
        raw.append(
          RawJournal.Record(
            input: input, offset: record.offset, index: record.index, sha256: Digest.of(span),
            eventID: Array((inspection.eventID ?? "").utf8), redacted: inspection.redacted))
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

  private func path(of id: SourceRecord.ID) -> String { ledgers[id]?.path ?? "source \(id)" }

  /// One transaction: the new rows' journal, what they made of the findings, positions, ledgers, memory.
  mutating func commit(_ feed: inout WatchFeed, force: Bool, _ notify: (Watch.Notice) -> Void) throws(RunError) {
    let changes = feed.takeChanges()
    guard hasNews || force || !changes.isEmpty else { return }
    hasNews = false
    var commit = Commit()
    if normalizer.pending > 0 { journal(&commit) }
    engine.judge()
    let news = engine.takeChanges()
    let found = withEvidence(news.changed, try rawBatches(of: news.changed))
    commit.findings = found.map { Commit.FindingEntry($0, .standing) }
    commit.retractions = news.gone.map {
      Commit.Retraction(findingID: $0, reason: "an event that came later explains it", at: Clock.now)
    }
    evict(&commit)
    commit.sources = sourceRows(changes, feed)
    commit.rejects = touched.compactMap { ledgers[$0] }.flatMap(\.rejectRows)
    commit.gaps = pendingGaps
    commit.memory = StoreRows(engine).memory()
    let new = found.map(\.id).filter { !stored.contains($0) }
    commit.meta = key.meta.merging(["content_hash": content.hash, "untold": new.joined(separator: " ")]) { $1 }
    if force || Date().timeIntervalSince(lastRows) > 5 {
      let rows = StoreRows(engine)
      commit.credentials = rows.credentials()
      commit.edges = rows.edges()
      commit.identities = rows.identities()
      lastRows = Date()
    }
    let receipt = try Result { () throws(StoreError) in try store.commit(commit) }.orStoreError()
    touched.removeAll()
    pendingGaps.removeAll()
    raw = RawJournal()
    uncommitted = nil
    stored.formUnion(new)
    stored.subtract(receipt.retractedFindingIDs)
    let added = Set(receipt.newFindingIDs)
    for finding in found where added.contains(finding.id) { notify(.finding(finding)) }
    for id in receipt.retractedFindingIDs { notify(.retracted(id: id)) }
  }

  private mutating func journal(_ commit: inout Commit) {
    let taken = normalizer.takeWhole()
    sequence += 1
    let delta = EventDictionaries.Delta(taken.delta)
    let body = JournalBatch(batch: taken.batch, delta: delta, inputs: inputs.map { ($0.id, $0.path.bytes) }).encoded()
    let absorbed = engine.absorb(
      worker: Int(sequence), taken.batch, delta, futureAfter: Clock.now + 10 * Timestamp.minute)
    engine.forget(worker: Int(sequence))
    rawOfBatch[absorbed.batch] = sequence
    uncommitted = sequence
    for (input, count) in absorbed.duplicates { move(count, input, to: \.duplicate) }
    for (input, count) in absorbed.conflicts { move(count, input, to: \.idConflict) }
    var first = Int64.max
    var last = Int64.min
    let batch = engine.window.batches[absorbed.batch]
    for row in 0..<batch.count where batch.time[row] != Timestamp.none {
      let id = inputs[Int(batch.input[row])].id
      if EventFlags(rawValue: batch.flags[row]).contains(.future) {
        move(1, batch.input[row], to: \.future)
        continue
      }
      first = min(first, batch.time[row])
      last = max(last, batch.time[row])
      if var ledger = ledgers[id] {
        ledger.firstEvent = min(ledger.firstEvent, batch.time[row])
        ledger.lastEvent = max(ledger.lastEvent, batch.time[row])
        ledgers[id] = ledger
      }
    }
    commit.windowBatches = [
      WindowBatchRow(
        seq: sequence, minTime: first == Int64.max ? 0 : first, maxTime: last == Int64.min ? 0 : last,
        rows: Int64(batch.count), body: body, raw: raw.encoded())
    ]
  }

  private mutating func move(_ count: Int, _ input: UInt32, to counter: WritableKeyPath<InputLedger, Int>) {
    let id = inputs[Int(input)].id
    ledgers[id]?.accepted -= count
    ledgers[id]?[keyPath: counter] += count
    touched.insert(id)
  }

  /// Rows older than the window's span, or than what its memory holds, are let go; two hours are always kept.
  private mutating func evict(_ commit: inout Commit) {
    guard let newest = engine.newest else { return }
    var evicted: [Int] = []
    var span = options.windowSpan
    evicted = engine.evict(before: newest - span)
    while engine.window.byteCount > options.windowBytes, span > 2 * Timestamp.hour {
      span = max(2 * Timestamp.hour, span / 2)
      evicted += engine.evict(before: newest - span)
    }
    commit.droppedWindowBatches = evicted.compactMap { rawOfBatch.removeValue(forKey: $0) }
  }

  func close() throws(RunError) { try Result { () throws(StoreError) in try store.close() }.orStoreError() }
}

extension WatchSession {
  /// The journals that hold the records which new findings cite.
  private func rawBatches(of findings: [Finding]) throws(RunError) -> [Int64: RawJournal] {
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

  private func withEvidence(_ findings: [Finding], _ journals: [Int64: RawJournal]) -> [Finding] {
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
        if !record.eventID.isEmpty { finding.evidence[n].eventID = String(decoding: record.eventID, as: UTF8.self) }
      }
      return finding
    }
  }

  private func sourceRows(_ changes: [SourceRecord], _ feed: borrowing WatchFeed) -> [SourceRow] {
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

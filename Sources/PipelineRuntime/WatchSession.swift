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
  let stop: StopFlag
  let store: EvidenceStore
  let key: StoreKey
  let knownSources: [SourceRecord]
  var engine: DetectionEngine
  var normalizer: Normalizer
  var inspector: RecordInspector
  var ledgers: [SourceRecord.ID: InputLedger] = [:]
  /// Inputs by number, as the rows carry them; numbers are this session's own.
  var inputs: [(id: SourceRecord.ID, path: LogPath)] = []
  var inputNumber: [SourceRecord.ID: UInt32] = [:]
  var raw = RawJournal()
  var rawOfBatch: [Int: Int64] = [:]
  var sequence: Int64 = 0
  /// Findings that the store holds; what the last commit added is told again after a kill (meta `untold`).
  var stored: Set<String> = []
  var untold: [String] = []
  /// Batches of a window that other content numbered: its sources and facts are not these. Let go with the first commit.
  var foreign: [Int64] = []
  /// What the numbers in the journal's batches mean: a hash of the names of all sources and facts.
  let numbering: String
  /// The batch that the next commit will hold, while `raw` holds its records.
  var uncommitted: Int64?
  var pendingGaps: [GapRow] = []
  var touched: Set<SourceRecord.ID> = []
  var lastRows = Date.distantPast
  /// Seconds that telling all credentials and identities took last: done so seldom that it costs a twentieth of the time.
  var rowsCost = 0.0
  var hasNews = false
  /// It was told that the window is short.
  var isShortTold = false
  /// The day that the long memory was aged to.
  var agedTo = Int32.min
  /// What digests list, until their log files must have come; and the batches whose digests are known.
  var listed: [DigestedFiles.Listed] = []
  var digestedBatches = 0

  init(content: Content, options: Watch.Options, stop: StopFlag) throws(RunError) {
    self.stop = stop
    self.content = content
    self.options = options
    numbering = WatchSession.numbering(content)
    do throws(StoreError) {
      store = try EvidenceStore.open(at: options.store, for: .ingest)
      key = StoreKey(try store.meta())
      let memory = StoreRows.memory(try store.loadMemory())
      let rows = try store.loadSources().filter { !$0.position.isEmpty }
      knownSources = rows.compactMap { SourceCoding.decode($0.position) }
      for row in rows {
        if let source = SourceCoding.decode(row.position) { ledgers[source.id] = InputLedger(row) }
      }
      let day = try store.meta("ranked_day").flatMap { Int32($0) }
      let ranks = try store.meta("ranks").flatMap { DayRanks($0) } ?? day.map { DayRanks(rankedUntil: $0) }
      let evicted = try store.meta("evicted_until").flatMap { Int64($0) }
      do throws(DetectionError) {
        engine = try DetectionEngine(
          content.engine, memory: LongMemory(hasher: key.hash, earlier: memory), ranks: ranks ?? DayRanks())
        engine.evictedUntil = evicted ?? Int64.min
        engine.isWhole = false
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
    if !foreign.isEmpty {
      notify(
        .input(
          "the window was kept by other sources or facts and is let go (\(foreign.count) batches); findings and memory stay"
        ))
    }
    if untold.isEmpty { return }
    var filter = FindingFilter()
    filter.ids = untold
    let again = try Result { () throws(StoreError) in try store.findings(filter) }.orStoreError()
    for found in again { notify(.finding(found.finding)) }
  }

  /// Puts the window's rows back from the journal: never from the logs, which may be gone.
  mutating func replay() throws(RunError) {
    let batches = try Result { () throws(StoreError) in try store.loadWindow() }.orStoreError()
    let isOwn = try Result { () throws(StoreError) in try store.meta("numbering") }.orStoreError() == numbering
    for row in batches {
      sequence = max(sequence, row.seq)
      if !isOwn {
        foreign.append(row.seq)
        continue
      }
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

  private static func numbering(_ content: Content) -> String {
    var digest = DigestBuilder()
    for name in ["\(JournalBatch.version)"] + content.engine.sourceNames + ["facts"] + content.engine.facts.names {
      digest.update((Array(name.utf8) + [0]).span)
    }
    return digest.finish().hexadecimal
  }

  mutating func number(of id: SourceRecord.ID, path: LogPath) -> UInt32 {
    if let known = inputNumber[id] { return known }
    inputs.append((id, path))
    inputNumber[id] = UInt32(inputs.count - 1)
    return UInt32(inputs.count - 1)
  }

  func close() throws(RunError) { try Result { () throws(StoreError) in try store.close() }.orStoreError() }
}

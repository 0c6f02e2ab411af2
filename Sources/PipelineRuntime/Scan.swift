import Detection
import EventModel
import EventWindow
import Evidence
import Foundation
import LogReading
import Normalization
import PipelineContent

/// Reads finished logs once, judges them in event-time order, and commits what was found in one transaction.
public struct Scan {
  public struct Options: Sendable {
    public var inputs: [String] = []
    public var store = "bittern.sqlite"
    public var source: String?
    public var threads = 2
    /// Read everything that scans into the store have read, not `inputs`, and take back what no longer stands.
    public var again = false
    /// Report only findings seen in this range; everything is read.
    public var since: TimeBound?
    public var until: TimeBound?
    public init() {}
  }

  public let content: Content
  public let options: Options
  public let stop: StopFlag
  public let progress = ReadProgress()
  /// Called on the caller's thread a few times a second while reading.
  public var onProgress: (ScanPlan) -> Void = { _ in }

  public init(content: Content, options: Options, stop: StopFlag) {
    self.content = content
    self.options = options
    self.stop = stop
  }

  public func run() throws(RunError) -> ScanReport {
    let plan = options.again ? try ScanPlan(recordedPaths()) : try ScanPlan(options.inputs)
    let only = try forcedSource()
    let store = try open()
    do throws(RunError) {
      return try run(plan, only, store)
    } catch {
      // A run that keeps nothing leaves no new file behind.
      store.closeUnused()
      throw error
    }
  }

  private func run(_ plan: ScanPlan, _ only: UInt8?, _ store: EvidenceStore) throws(RunError) -> ScanReport {
    let meta = try Result { () throws(StoreError) in try store.meta() }.orStoreError()
    let key = StoreKey(meta)
    var engine = try makeEngine(store, key)
    var report = ScanReport(plan: plan)
    let earlier = try EarlierScans(of: store, forRevision: options.again)
    let spool = plan.readsStandardInput ? SpoolFile(beside: options.store) : nil
    read(plan, key, only, spool, &engine, &report)
    if stop.signal != 0 { throw .stopped(signal: stop.signal) }
    if report.accepted == 0, !report.isIncomplete {
      throw .usage(report.nothingRecognised)
    }
    engine.endReading()
    FreedMemory.giveBack()
    var writer: StoreWriter?
    engine.judge(until: { [stop] in stop.signal != 0 }) { writer = StoreWriter(store, $0) }
    if stop.signal != 0 {
      writer?.abandon()
      throw .stopped(signal: stop.signal)
    }
    var findings =
      engine.findings() + InputIntegrity.findings(report.ledgers, content)
      + DigestedFiles.findings(engine, report.plan.inputs, content)
    engine.endJudging()
    FreedMemory.giveBack()
    var fetcher = EvidenceFetcher(
      inputs: plan.inputs, spool: spool, sourceNames: content.engine.sourceNames,
      inspector: RecordInspector(sources: content.sources, contentHash: key.hash))
    fetcher.fill(&findings)
    report.judgedOtherwise = earlier.judgedOtherwise(than: content.hash, besides: report)
    let overturned = earlier.overturned(by: findings, report)
    try commit(findings, overturned, &engine, key, store, writer, &report)
    return report
  }

  private func forcedSource() throws(RunError) -> UInt8? {
    guard let name = options.source else { return nil }
    guard let found = content.sources.first(where: { $0.name == name }) else {
      throw .usage("no source '\(name)'; known are \(content.sources.map(\.name).joined(separator: ", "))")
    }
    return found.index
  }

  private func open() throws(RunError) -> EvidenceStore {
    do throws(StoreError) {
      return try EvidenceStore.open(at: options.store, for: .ingest)
    } catch { throw .store(error) }
  }

  private func makeEngine(_ store: EvidenceStore, _ key: StoreKey) throws(RunError) -> DetectionEngine {
    let rows = try Result { () throws(StoreError) in try store.loadMemory() }.orStoreError()
    do throws(DetectionError) {
      return try DetectionEngine(content.engine, memory: LongMemory(hasher: key.hash, earlier: StoreRows.memory(rows)))
    } catch { throw .content(ContentError(file: "pipelines/", reason: error.reason)) }
  }

  /// Workers take inputs in the order of the plan; this thread owns window and ledgers.
  func read(
    _ plan: ScanPlan, _ key: StoreKey, _ only: UInt8?, _ spool: SpoolFile?, _ engine: inout DetectionEngine,
    _ report: inout ScanReport
  ) {
    let queue = BoundedQueue<ReadMessage>(capacity: 16)
    let next = WorkCounter()
    let reader = InputReader(
      envelopes: EnvelopeKeys(of: content.sources), sourceNames: content.engine.sourceNames, stop: stop,
      progress: progress, spool: spool)
    let sources = content.sources
    let inputs = plan.inputs
    for worker in 0..<max(1, min(options.threads, inputs.count)) {
      let thread = Thread {
        var normalizer = Normalizer(
          sources: sources, worker: worker, options: Normalizer.Options(only: only, contentHash: key.hash))
        var chunk = RecordChunk()
        while let n = next.take(below: inputs.count) {
          let ledger = reader.read(inputs[n], with: &normalizer, in: &chunk) { queue.put(.batch($0)) }
          queue.put(.finished(input: inputs[n].number, ledger: ledger))
        }
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    let future = Clock.now + 10 * Timestamp.minute
    var finished = 0
    while finished < inputs.count {
      switch queue.take(waiting: 150) {
      case .batch(let taken):
        let absorbed = engine.absorb(
          worker: taken.worker, taken.batch, EventDictionaries.Delta(taken.delta), futureAfter: future)
        report.note(absorbed, engine.window)
      case .finished(let input, let ledger):
        report.finish(input, ledger)
        finished += 1
      // A worker may be waiting for a pipe that says nothing.
      case nil: if stop.signal != 0 { return }
      }
      onProgress(plan)
    }
  }

  private func commit(
    _ findings: [Finding], _ overturned: [Commit.Retraction], _ engine: inout DetectionEngine, _ key: StoreKey,
    _ store: EvidenceStore, _ writer: StoreWriter?, _ report: inout ScanReport
  ) throws(RunError) {
    var commit = Commit()
    commit.findings = findings.map { Commit.FindingEntry($0, options.again ? .standing : .once) }
    commit.retractions = overturned
    commit.memory = StoreRows.memory(engine.takeMemory())
    commit.memoryForgottenTo = report.lastEvent.map { Timestamp.utcDay($0) - LongMemory.span }
    report.unremembered = engine.memory.forgotten
    commit.sources = report.sourceRows(store, content.hash)
    commit.rejects = report.rejectRows
    let coverage = LineageCoverage(engine)
    report.coverage = coverage
    commit.meta = key.meta.merging(["content_hash": content.hash]) { $1 }.merging(coverage.meta) { $1 }
    commit.droppedMeta = coverage.outdated(in: key.stored)
    commit.meta["unremembered"] = "\(engine.memory.forgotten)"
    commit.meta["lineage_bytes"] = "\(engine.lineage.byteCount)"
    commit.custody = [
      CustodyAction(
        at: Clock.now, actor: Clock.actor, action: "scan",
        args: ["inputs": "\(report.plan.inputs.count)", "records": "\(report.records)", "content": content.hash])
    ]
    do throws(StoreError) {
      let receipt = if let writer { try writer.finish(commit) } else { try store.commit(commit) }
      let new = Set(receipt.newFindingIDs)
      report.knownFindings = findings.count - new.count
      report.allFindings = findings
      report.retracted = receipt.retractedFindingIDs
      report.newFindings = findings.filter { new.contains($0.id) && isInRange($0, newest: report.lastEvent) }
      report.allowed = engine.allowed
      try store.close()
    } catch { throw .store(error) }
  }

  private func isInRange(_ finding: Finding, newest: Int64?) -> Bool {
    if let since = options.since?.time(newest: newest), finding.lastSeen != Timestamp.none, finding.lastSeen < since {
      return false
    }
    if let until = options.until?.time(newest: newest), finding.firstSeen != Timestamp.none, finding.firstSeen >= until
    {
      return false
    }
    return true
  }
}

/// A bound of `--since` and `--until`: a time, or so long before the newest event.
public enum TimeBound: Sendable {
  case at(Int64)
  case beforeNewest(Int64)

  /// Nanoseconds since 1970; nil for a bound that counts back from a newest event that there is not.
  public func time(newest: Int64?) -> Int64? {
    switch self {
    case .at(let time): time
    case .beforeNewest(let span): newest.map { $0 - span }
    }
  }
}

extension Result where Failure == StoreError {
  func orStoreError() throws(RunError) -> Success {
    switch self {
    case .success(let value): return value
    case .failure(let error): throw .store(error)
    }
  }
}

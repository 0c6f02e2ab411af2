import Detection
import EventModel
import EventWindow
import Evidence
import Foundation
import LogReading

// The one transaction.
extension WatchSession {
  /// One transaction: the new rows' journal, what they made of the findings, positions, ledgers, memory.
  mutating func commit(_ feed: inout WatchFeed, force: Bool, _ notify: (Watch.Notice) -> Void) throws(RunError) {
    let changes = feed.takeChanges()
    guard hasNews || force || !changes.isEmpty else { return }
    hasNews = false
    var commit = Commit()
    if normalizer.pending > 0 { journal(&commit) }
    engine.judge()
    let news = engine.takeChanges()
    let changed = news.changed + digested()
    let found = withEvidence(changed, try rawBatches(of: changed))
    commit.findings = found.map { Commit.FindingEntry($0, .standing) }
    commit.ranks = news.ranked.map { Commit.Rank(findingID: $0.id, heldBack: $0.heldBack) }
    commit.retractions = news.gone.map {
      Commit.Retraction(findingID: $0, reason: "an event that came later explains it", at: Clock.now)
    }
    evict(&commit, notify)
    commit.droppedWindowBatches += foreign
    commit.sources = sourceRows(changes, feed)
    commit.rejects = touched.compactMap { ledgers[$0] }.flatMap(\.rejectRows)
    commit.gaps = pendingGaps
    commit.memory = StoreRows.memory(engine.takeMemory())
    let new = found.map(\.id).filter { !stored.contains($0) }
    commit.meta = key.meta.merging([
      "content_hash": content.hash, "numbering": numbering, "untold": new.joined(separator: " "),
      "ranked_day": "\(engine.ranks.day)", "ranks": engine.ranks.text, "evicted_until": "\(engine.evictedUntil)",
      "unremembered": "\(engine.memory.forgotten)",
    ]) { $1 }
    let begun = Date()
    let tellsRows = force || begun.timeIntervalSince(lastRows) > max(5, 20 * rowsCost)
    if tellsRows {
      let rows = StoreRows(engine)
      commit.credentials = rows.credentials()
      commit.edges = rows.edges()
      commit.identities = rows.identities()
      commit.scope = rows.scope()
      let coverage = LineageCoverage(engine)
      commit.meta.merge(coverage.meta) { $1 }
      commit.droppedMeta = coverage.outdated(
        in: try Result { () throws(StoreError) in try store.meta() }.orStoreError())
      commit.meta["lineage_bytes"] = "\(engine.lineage.byteCount)"
    }
    let receipt = try Result { () throws(StoreError) in try write(commit, notify) }.orStoreError()
    if tellsRows {
      lastRows = Date()
      rowsCost = lastRows.timeIntervalSince(begun)
    }
    foreign.removeAll()
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

  /// Commits. While the disk is full, or another program holds the store, nothing more is read: what was read is kept, and
  /// written when there is room. A signal ends the waiting, and the batch is read again by the next watch.
  private func write(_ commit: Commit, _ notify: (Watch.Notice) -> Void) throws(StoreError) -> CommitReceipt {
    var told: StoreError?
    while true {
      do throws(StoreError) {
        return try store.commit(commit)
      } catch {
        guard error == .diskFull || error == .busy, stop.signal == 0 else { throw error }
        if told != error {
          let why = error == .busy ? "another program holds the store" : "the disk that holds the store is full"
          notify(.input("\(why): nothing more is read until the last batch could be committed"))
        }
        told = error
        Thread.sleep(forTimeInterval: 0.5)
      }
    }
  }

  /// Files that are not what a digest says, or never came. A digest is held against them two hours after its end: until then
  /// they may be on their way.
  private mutating func digested() -> [Finding] {
    listed += DigestedFiles.listed(engine, content, batches: digestedBatches..<engine.window.batchNumbers.upperBound)
    digestedBatches = engine.window.batchNumbers.upperBound
    guard let newest = engine.newest, !listed.isEmpty else { return [] }
    func isDue(_ item: DigestedFiles.Listed) -> Bool {
      item.digest.time != Timestamp.none && newest >= item.digest.time + 2 * Timestamp.hour
    }
    let due = listed.filter(isDue)
    if due.isEmpty { return [] }
    listed.removeAll(where: isDue)
    let roots = options.inputs.map { LogPath($0) }
    let files = Set(inputs.map(\.path) + knownSources.map(\.path)).map { path in
      DigestedFiles.File(path: path, root: roots.first { path.relative(to: $0) != nil })
    }
    return DigestedFiles.findings(due, among: files, engine, content)
  }

  mutating func journal(_ commit: inout Commit) {
    let taken = normalizer.takeWhole()
    sequence += 1
    let delta = EventDictionaries.Delta(taken.delta)
    // Told once, and kept: a watch that comes back must not take the future for the newest.
    var rows = taken.batch
    rows.flagFuture(after: Clock.now + 10 * Timestamp.minute)
    let body = JournalBatch(batch: rows, delta: delta, inputs: inputs.map { ($0.id, $0.path.bytes) }).encoded()
    let absorbed = engine.absorb(worker: Int(sequence), rows, delta)
    engine.forget(worker: Int(sequence))
    rawOfBatch[absorbed.batch] = sequence
    uncommitted = sequence
    for (input, count) in absorbed.duplicates { move(count, input, to: \.duplicate) }
    for (input, count) in absorbed.conflicts { move(count, input, to: \.idConflict) }
    var first = Int64.max
    var last = Int64.min
    let batch = engine.window.batch(absorbed.batch)
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

  mutating func move(_ count: Int, _ input: UInt32, to counter: WritableKeyPath<InputLedger, Int>) {
    let id = inputs[Int(input)].id
    ledgers[id]?.accepted -= count
    ledgers[id]?[keyPath: counter] += count
    touched.insert(id)
  }

  /// Rows older than the window's span are let go, and where its memory holds no more, the oldest of the others. Now and
  /// then, not a batch with every commit: what is left is looked at again.
  mutating func evict(_ commit: inout Commit, _ notify: (Watch.Notice) -> Void) {
    var evicted: [Int] = []
    if let newest = engine.newest {
      // Once a day: a watch of years finds room for news.
      let day = Timestamp.utcDay(newest)
      if day != agedTo {
        agedTo = day
        engine.ageMemory(to: day)
        commit.memoryForgottenTo = day - LongMemory.span
      }
      let end = newest - options.windowSpan
      evicted = engine.evict(before: end - end % Timestamp.hour)
    }
    if engine.window.byteCount > options.windowBytes {
      evicted += engine.evict(downTo: options.windowBytes - options.windowBytes / 8)
      if !isShortTold, let newest = engine.newest, engine.evictedUntil > newest - 2 * Timestamp.hour {
        isShortTold = true
        notify(.input("the window holds less than two hours of events: more of them come than its memory takes"))
      }
    }
    commit.droppedWindowBatches = evicted.compactMap { rawOfBatch.removeValue(forKey: $0) }
  }
}

import EventModel

extension LogFollower {
  /// The reader of a source, opened at its checkpoint if there is none. Nil: not now.
  mutating func source(_ id: SourceRecord.ID, finished: Bool = false) -> OpenSource? {
    if let source = open[id] { return source }
    guard let record = tracker.records[id], record.isCurrent else { return nil }
    makeRoom()
    let expectation: ByteStream.Expectation = finished ? .finished : .growing
    switch ByteStream.open(record.path, beneath: rootOf[id], expecting: expectation, limits: options.limits) {
    case .failure(let failure):
      let event = FollowEvent.unreadable(record.path, failure)
      if told.insert(event).inserted { events.append(event) }
      return nil
    case .success(let stream):
      // Renamed or replaced since it was listed: the next scan sorts it out.
      guard case .success(let status) = stream.status(), status.identity == record.file else {
        requestScan()
        return nil
      }
      told.remove(.unreadable(record.path, .permissionDenied))
      let framer = RecordFramer(
        envelopeKeys: options.envelopeKeys, resumeAt: record.checkpoint.frame, counts: record.checkpoint.counts,
        maxRecord: options.maxRecord)
      var reader = RecordReader(stream, framer: framer, chunkSize: options.chunkSize)
      if record.offset > 0, reader.resume(at: record.checkpoint) != .success(record.checkpoint.marker) {
        // Not the content it was. Whatever size and time say, the tracker must look at it.
        tracker.update(id) { $0.changed = .min }
        requestScan()
        return nil
      }
      let source = OpenSource(reader: reader, now: now)
      open[id] = source
      return source
    }
  }

  private mutating func makeRoom() {
    guard open.count >= options.maxOpen else { return }
    let closable = open.filter { !isReady.contains($0.key) && tracker.records[$0.key]?.state != .draining }
    guard let (id, source) = closable.min(by: { $0.value.lastGrowth < $1.value.lastGrowth }) else { return }
    rememberRead(id, source)
    open[id] = nil
  }

  private mutating func rememberRead(_ id: SourceRecord.ID, _ source: OpenSource) {
    guard let record = tracker.records[id], source.caughtUpAt == record.size else { return }
    readUpTo[id] = (record.size, record.changed)
  }

  /// Nothing more of this source for now, or ever.
  mutating func conclude(_ id: SourceRecord.ID, _ source: OpenSource, _ result: ChunkResult) {
    let integrity = source.reader.stream.integrity
    switch result {
    case .records, .wouldBlock: break
    case .failed(let failure):
      events.append(.unreadable(tracker.records[id]?.path ?? "", failure))
      open[id] = nil
    case .end:
      let isSpoiled = integrity.state == .bomb || integrity.state == .corrupt
      let wasOutOfSight = tracker.records[id]?.state == .draining
      tracker.setState(isSpoiled ? .quarantined : wasOutOfSight ? .gone : .complete, of: id)
      events.append(isSpoiled ? .quarantined(id, integrity) : .finished(id, integrity))
      open[id] = nil
      settling[id] = nil
    case .caughtUp:
      if case .success(let status) = source.reader.stream.status() {
        source.caughtUpAt = min(status.size, source.reader.stream.compressedOffset)
      }
      source.reader.forgetPositions()
      expectEnd(id, source, integrity)
    }
  }

  /// Rotated files, deleted ones and complete gzip files are not expected to go on, nor is a line that is whole JSON.
  private mutating func expectEnd(_ id: SourceRecord.ID, _ source: OpenSource, _ integrity: StreamIntegrity) {
    guard let record = tracker.records[id] else { return }
    let isWholeGzip = integrity.isGzip && integrity.state == .complete
    if isWholeGzip, source.reader.pendingTailBytes == 0, !record.checkpoint.frame.isInsideDocument,
      record.state != .draining
    {
      tracker.setState(.complete, of: id)
      rememberRead(id, source)
      open[id] = nil
      settling[id] = nil
      events.append(.finished(id, integrity))
    } else if isWholeGzip || record.isRotated || record.state == .draining || source.reader.hasWholeTail {
      settling[id] = max(settling[id] ?? 0, source.lastGrowth)
    }
  }

  /// Whether open files have grown. A shrunk or rewritten one makes a scan due.
  mutating func checkOpenFiles() {
    for id in open.keys.sorted() where !isReady.contains(id) {
      guard let source = open[id], case .success(let status) = source.reader.stream.status() else { continue }
      if status.size == source.caughtUpAt {
        tellStall(id, source)
        continue
      }
      if status.size < source.caughtUpAt ?? 0 || !stillAgrees(id, source) {
        requestScan()
      } else {
        source.lastGrowth = now
        source.isStallTold = false
        // Before the scan: it may meet a compressed copy of what has not been read yet.
        learnPrefix(id, source, available: status.size)
        if settling[id] != nil { settling[id] = now }
        enqueue(id)
      }
    }
  }

  /// A plain file that grew still has the marked bytes before the offset: it was not emptied and filled again.
  private func stillAgrees(_ id: SourceRecord.ID, _ source: OpenSource) -> Bool {
    guard let record = tracker.records[id], record.offset > 0 else { return true }
    let marked = Marker.start(of: record.offset)..<record.offset
    guard let bytes = source.reader.stream.plainBytes(in: marked) else { return true }
    return Digest.of(bytes) == record.checkpoint.marker
  }

  private mutating func tellStall(_ id: SourceRecord.ID, _ source: OpenSource) {
    let integrity = source.reader.stream.integrity
    guard integrity.state == .growing, !source.isStallTold, now - source.lastGrowth >= options.stallAfter else {
      return
    }
    source.isStallTold = true
    events.append(.stalled(id, integrity))
  }

  /// Delivers the last lines of sources that have been quiet long enough.
  mutating func settle() {
    for (id, since) in settling where now >= since + options.rotateGrace {
      settling[id] = nil
      guard let record = tracker.records[id], record.state == .active || record.state == .draining else { continue }
      let mayGrow = record.state == .active && !record.isRotated && !record.isGzip
      guard let source = source(id, finished: !mayGrow) else { continue }
      if mayGrow {
        source.reader.takeWholeTail()
        enqueue(id)
        continue
      }
      // A member that is cut may still be completed; only plain and whole gzip files end here.
      if source.reader.stream.integrity.state == .growing, record.state != .draining { continue }
      source.reader.expectNoGrowth()
      enqueue(id)
    }
  }
}

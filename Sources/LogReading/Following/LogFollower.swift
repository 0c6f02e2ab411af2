import EventModel

/// Follows files and directories that grow, rotate, are compressed and vanish, for years.
///
/// Single owner. `poll` looks at the file system; `next` reads, a bounded chunk at a time; `takeChanges` says what to
/// store in the transaction of what was found in the chunks. A follower made from stored records goes on exactly there.
///
/// It polls; whoever has a better hint (inotify) calls `poll` sooner, with `requestScan`.
public struct LogFollower: ~Copyable {
  public let roots: [LogPath]
  public let options: FollowOptions
  var tracker: SourceTracker
  var open: [SourceRecord.ID: OpenSource] = [:]
  /// Sources that may have unread bytes, in the order of their turns.
  var ready: [SourceRecord.ID] = []
  var isReady: Set<SourceRecord.ID> = []
  /// Of sources without a reader: size and time of change when all was read, so that they are not read again.
  var readUpTo: [SourceRecord.ID: (size: UInt64, changed: Int64)] = [:]
  /// Sources whose end is expected, and since when they have not grown.
  var settling: [SourceRecord.ID: UInt64] = [:]
  var rootOf: [SourceRecord.ID: LogPath] = [:]
  var events: [FollowEvent] = []
  var told: Set<FollowEvent> = []
  var nextScan: UInt64 = 0
  /// A directory that changed is listed sooner, but not all the time.
  var soonestScan: UInt64 = 0
  var marks = DirectoryMarks()
  var scans: UInt64 = 0
  var now: UInt64 = 0

  public init(roots: [LogPath], known: [SourceRecord] = [], options: FollowOptions) {
    self.roots = roots
    self.options = options
    tracker = SourceTracker(known: known)
  }

  /// Looks at open files, and, when it is time, at all directories. Opens what may have news.
  /// - Parameter now: CLOCK_MONOTONIC in nanoseconds; given by tests.
  public mutating func poll(now: UInt64? = nil) -> [FollowEvent] {
    self.now = now ?? SystemCalls.monotonicNanoseconds
    checkOpenFiles()
    if self.now >= nextScan {
      scan()
    } else if self.now >= soonestScan, marks.haveChanged {
      scan()
    }
    settle()
    defer { events = [] }
    return events
  }

  /// The next `poll` looks at all directories.
  public mutating func requestScan() { nextScan = 0 }

  /// Fills `chunk` with what is next to judge, and says of which source it is. Nil: everything is read.
  ///
  /// Sources take turns. What is handed out counts as read: commit `takeChanges` with it, or start over from the store.
  public mutating func next(into chunk: inout RecordChunk) -> SourceRecord.ID? {
    while let id = ready.first {
      ready.removeFirst()
      guard let source = source(id) else {
        isReady.remove(id)
        continue
      }
      let result = source.reader.next(into: &chunk)
      tracker.advance(id, to: source.reader.checkpoint)
      learnPrefix(id, source, available: source.reader.framer.position.offset, chunk)
      if result == .records {
        source.lastGrowth = now
        source.caughtUpAt = nil
        ready.append(id)
        return id
      }
      isReady.remove(id)
      conclude(id, source, result)
    }
    return nil
  }

  /// A source is recognised by its first bytes; the more of them are known, the surer.
  mutating func learnPrefix(
    _ id: SourceRecord.ID, _ source: OpenSource, available: UInt64, _ chunk: RecordChunk = RecordChunk()
  ) {
    guard let record = tracker.records[id], record.prefixLength < SourceQuestion.prefixLength,
      available > UInt64(record.prefixLength)
    else { return }
    let length = Int(min(UInt64(SourceQuestion.prefixLength), available))
    let inChunk = chunk.offset == 0 && chunk.bytes.count >= length ? [UInt8](chunk.bytes[..<length]) : nil
    guard let prefix = inChunk ?? source.reader.stream.plainBytes(in: 0..<UInt64(length)),
      source.reader.stream.isGzip != nil || prefix.first != 0x1F
    else { return }
    let isGzip = source.reader.stream.isGzip ?? record.isGzip
    tracker.update(id) { record in
      record.prefixLength = length
      record.prefixHash = Digest.of(prefix)
      record.isGzip = isGzip
    }
  }

  /// The records that changed since the last call, positions included.
  public mutating func takeChanges() -> [SourceRecord] { tracker.takeChanges() }

  public func record(_ id: SourceRecord.ID) -> SourceRecord? { tracker.records[id] }

  public var records: [SourceRecord] { tracker.records.values.sorted { $0.id < $1.id } }

  /// The parser refused a record of a chunk of this source.
  public mutating func reclassifyAsMalformed(_ id: SourceRecord.ID, length: Int) {
    open[id]?.reader.reclassifyAsMalformed(length: length)
    tracker.update(id) { $0.checkpoint.counts.reclassifyAsMalformed(length: length) }
  }

  /// Bytes read and not framed yet: an unfinished last line.
  public func pendingTailBytes(_ id: SourceRecord.ID) -> UInt64 { open[id]?.reader.pendingTailBytes ?? 0 }

  public func integrity(_ id: SourceRecord.ID) -> StreamIntegrity? { open[id]?.reader.stream.integrity }

  /// Raw bytes of a source that is open, wherever its file is now: for evidence. Plain files only.
  public func bytes(of id: SourceRecord.ID, in range: Range<UInt64>) -> [UInt8]? {
    open[id]?.reader.stream.plainBytes(in: range)
  }

  mutating func enqueue(_ id: SourceRecord.ID) {
    if isReady.insert(id).inserted { ready.append(id) }
  }
}

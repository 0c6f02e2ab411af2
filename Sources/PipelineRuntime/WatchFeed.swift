import LogReading

/// What a watch reads from: followed paths, and standard input where `-` was named.
struct WatchFeed: ~Copyable {
  private var follower: LogFollower
  private var pipe: RecordReader?
  private var pipeEnded = false
  private let hasPaths: Bool

  /// The source number of standard input; the follower numbers its own from 1.
  static let pipeID: SourceRecord.ID = .max

  init(paths: [String], known: [SourceRecord], options: FollowOptions) {
    let roots = paths.filter { $0 != "-" }.map { LogPath($0) }
    hasPaths = !roots.isEmpty
    follower = LogFollower(roots: roots, known: known, options: options)
    if paths.contains("-") {
      pipe = RecordReader(
        ByteStream.standardInput(blocking: false), framer: RecordFramer(envelopeKeys: options.envelopeKeys))
    }
  }

  /// The pipe was closed and there is nothing else to watch.
  var isFinished: Bool { pipeEnded && !hasPaths }

  mutating func poll() -> [FollowEvent] { follower.poll() }

  /// The next chunk of any source; nil when all are read for now.
  mutating func next(into chunk: inout RecordChunk) -> SourceRecord.ID? {
    if let id = follower.next(into: &chunk) { return id }
    if pipeEnded { return nil }
    let result = pipe?.next(into: &chunk)
    countPipe()
    switch result {
    case .records: return WatchFeed.pipeID
    case .end, .failed: pipeEnded = true
    case .wouldBlock, .caughtUp, nil: break
    }
    return nil
  }

  mutating func reclassify(_ id: SourceRecord.ID, length: Int) {
    if id == WatchFeed.pipeID {
      pipe?.reclassifyAsMalformed(length: length)
      countPipe()
    } else {
      follower.reclassifyAsMalformed(id, length: length)
    }
  }

  mutating func takeChanges() -> [SourceRecord] { follower.takeChanges() }

  func path(of id: SourceRecord.ID) -> LogPath {
    id == WatchFeed.pipeID ? LogPath("-") : follower.record(id)?.path ?? LogPath("?")
  }

  /// What the pipe has given so far; nil where none is read.
  private(set) var pipeCounts: (counts: FrameCounts, bytes: UInt64, tail: UInt64)?

  private mutating func countPipe() {
    guard var reader = pipe.take() else { return }
    pipeCounts = (reader.framer.counts, reader.stream.decompressedOffset, reader.pendingTailBytes)
    reader.forgetPositions()
    pipe = consume reader
  }
}

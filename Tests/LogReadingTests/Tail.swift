import LogReading

/// A follower with a store that commits records and positions together, and that can be killed at any time.
final class Tail {
  let directory: TemporaryDirectory
  let roots: [LogPath]
  var options: FollowOptions
  var follower: LogFollower
  private(set) var stored: [SourceRecord.ID: SourceRecord] = [:]
  private(set) var records: [String] = []
  private(set) var events: [FollowEvent] = []
  private(set) var rejections: [FramingRejection] = []
  /// Nanoseconds; moves on by two scan intervals a step.
  var now: UInt64 = 1_000_000_000_000

  init(_ directory: TemporaryDirectory, roots: [LogPath]? = nil, chunkSize: Int = 1 << 16) {
    self.directory = directory
    self.roots = roots ?? [directory.path]
    options = FollowOptions(envelopeKeys: envelopeKeys)
    options.chunkSize = chunkSize
    follower = LogFollower(roots: self.roots, options: options)
  }

  /// Looks, reads everything, commits.
  func step(seconds: UInt64 = 2) {
    now += seconds * 1_000_000_000
    follower.requestScan()
    events += follower.poll(now: now)
    while read() {}
    commit()
  }

  private var uncommitted: [String] = []
  private var uncommittedRejections: [FramingRejection] = []

  /// Reads one chunk without committing.
  func read() -> Bool {
    var chunk = RecordChunk()
    guard follower.next(into: &chunk) != nil else { return false }
    for record in chunk.records { uncommitted.append(String(decoding: chunk.bytes(of: record), as: UTF8.self)) }
    uncommittedRejections += chunk.rejections
    return true
  }

  func commit() {
    records += uncommitted
    rejections += uncommittedRejections
    uncommitted = []
    uncommittedRejections = []
    for record in follower.takeChanges() {
      precondition(
        record.inheritedBytes + record.checkpoint.counts.accountedBytes == record.offset, "the accounting identity")
      stored[record.id] = record
    }
  }

  /// Everything that was not committed is gone.
  func kill() {
    uncommitted = []
    uncommittedRejections = []
    follower = LogFollower(roots: roots, known: [SourceRecord](stored.values), options: options)
  }

  var gaps: [SourceGap] { events.compactMap { if case .gap(let gap) = $0 { gap } else { nil } } }
  func source(_ name: String) -> SourceRecord? {
    stored.values.filter { $0.path == directory.file(name) }.max { $0.id < $1.id }
  }
}

/// A line with a number, long enough for prefixes and markers to tell apart.
func line(_ n: Int) -> String { "{\"n\":\(n),\"text\":\"\(String(repeating: "\(n % 10)", count: 60))\"}" }
func lines(_ range: Range<Int>) -> String { range.map { line($0) + "\n" }.joined() }

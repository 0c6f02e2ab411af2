import Detection
import EventModel
import EventWindow
import Evidence
import Foundation
import LogReading
import Normalization
import PipelineContent

/// Follows files, directories or a live pipe until stopped; every commit holds findings, evidence, positions and the
/// window's journal, so that a kill at any instruction loses and doubles nothing.
public struct Watch {
  public struct Options: Sendable {
    public var inputs: [String] = []
    public var store = "/var/lib/bittern/bittern.sqlite"
    public var source: String?
    /// Event time that rows are held for, and bytes past which the oldest go earlier, however young they are.
    public var windowSpan = 26 * Timestamp.hour
    public var windowBytes = 250 << 20
    /// Stop once everything there is has been read and nothing grew for this long; nil: never. For tests and catch-up runs.
    public var idleExit: Double?
    public init() {}
  }

  public enum Notice: Sendable {
    case finding(Finding)
    /// A finding that a later event explained.
    case retracted(id: String)
    /// Something about the inputs that a person should know.
    case input(String)
  }

  public let content: Content
  public let options: Options
  public let stop: StopFlag

  public init(content: Content, options: Options, stop: StopFlag) {
    self.content = content
    self.options = options
    self.stop = stop
  }

  /// Rows, or bytes, that one commit takes at most: latency stays below a second while catching up.
  static let batchRows = 16_384
  static let batchBytes = 16 << 20

  /// What a watch has read when it stops.
  public struct Report: Sendable {
    public var ledgers: [InputLedger]
    /// The signal that stopped it; 0: it came to its end.
    public var signal: Int32
  }

  /// - Parameter notify: called after the commit that stores what it tells.
  public func run(_ notify: (Notice) -> Void) throws(RunError) -> Report {
    if options.inputs.isEmpty { throw .usage("nothing to watch: name directories, files, or - for a live pipe") }
    var session = try WatchSession(content: content, options: options, stop: stop)
    var feed = WatchFeed(
      paths: options.inputs, known: session.knownSources,
      options: FollowOptions(envelopeKeys: EnvelopeKeys(of: content.sources)))
    var idleSince = Date()
    try session.tellAgain(notify)
    try session.commit(&feed, force: true, notify)
    while stop.signal == 0 {
      for event in feed.poll() { session.note(event, notify) }
      let read = session.read(&feed, stop)
      try session.commit(&feed, force: false, notify)
      if read > 0 {
        idleSince = Date()
      } else {
        if feed.isFinished || options.idleExit.map({ Date().timeIntervalSince(idleSince) > $0 }) == true { break }
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
    try session.commit(&feed, force: true, notify)
    try session.close()
    return Report(ledgers: session.ledgers.values.sorted { $0.path < $1.path }, signal: stop.signal)
  }
}

import EventModel
import EventWindow

/// What each subject did: counts by verb, first and last use, services and places. Indexed by subject id; 150 B a subject.
public struct Usage: Sendable {
  public struct Entry: Sendable {
    public var events = 0
    public var denied = 0
    public var firstUsed = Int64.max
    public var lastUsed = Int64.min
    public var verbs = InlineArray<15, UInt32>(repeating: 0)
    /// Up to eight services and origins (ids in the window's dictionaries).
    public var services: [Symbol] = []
    public var origins: [UInt32] = []
    public var source: UInt8 = 0
    public var tenant = Symbol.none
    public init() {}
  }

  public private(set) var entries: [Entry] = []
  static let kept = 8

  public init() {}

  mutating func add(_ event: Event, _ operation: Operation) {
    let at = Int(event.subject)
    if at >= entries.count {
      entries.append(contentsOf: repeatElement(Entry(), count: max(256, at + 1 - entries.count)))
    }
    entries[at].events += 1
    if event.outcome == .denied { entries[at].denied += 1 }
    if event.time != Timestamp.none {
      entries[at].firstUsed = min(entries[at].firstUsed, event.time)
      entries[at].lastUsed = max(entries[at].lastUsed, event.time)
    }
    entries[at].verbs[Int(operation.verb.rawValue)] += 1
    entries[at].source = operation.source
    entries[at].tenant = operation.tenant
    if entries[at].services.count < Usage.kept, !entries[at].services.contains(operation.service) {
      entries[at].services.append(operation.service)
    }
    if entries[at].origins.count < Usage.kept, !entries[at].origins.contains(event.origin) {
      entries[at].origins.append(event.origin)
    }
  }
}

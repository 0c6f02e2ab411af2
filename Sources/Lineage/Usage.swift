import EventModel
import EventWindow

/// What each subject did: counts by verb, first and last use, services and places. Indexed by subject id; 180 B a subject.
public struct Usage: Sendable {
  public struct Entry: Sendable {
    public private(set) var events = 0
    public private(set) var denied = 0
    public private(set) var firstUsed = Int64.max
    public private(set) var lastUsed = Int64.min
    private var firstServices = InlineArray<8, Symbol>(repeating: .none)
    private var firstOrigins = InlineArray<8, UInt32>(repeating: 0)
    private var serviceCount: UInt8 = 0
    private var originCount: UInt8 = 0
    public private(set) var source: UInt8 = 0
    public private(set) var tenant = Symbol.none
    /// By raw value of the verb.
    public private(set) var verbs = InlineArray<15, UInt32>(repeating: 0)
    /// The last act that took place, and its operation; `Int64.min` none.
    public private(set) var lastActed = Int64.min
    public private(set) var lastOperation: UInt32 = 0
    /// Seconds since 1970 of the last grant, launch, exec or change of logging that took place; 0 none.
    public private(set) var lastPrivileged: UInt32 = 0
    /// Every flag that an event of the subject had.
    public private(set) var flags = EventFlags()
    public init() {}

    /// Up to eight services, and origins (ids in the window's dictionaries).
    public var services: [Symbol] { (0..<Int(serviceCount)).map { firstServices[$0] } }
    public var origins: [UInt32] { (0..<Int(originCount)).map { firstOrigins[$0] } }

    fileprivate mutating func add(_ event: Event, _ operation: Operation) {
      events += 1
      if event.outcome == .denied { denied += 1 }
      if event.time != Timestamp.none {
        firstUsed = min(firstUsed, event.time)
        lastUsed = max(lastUsed, event.time)
        if event.outcome.tookPlace { act(event, operation.verb) }
      }
      verbs[Int(operation.verb.rawValue)] &+= 1
      flags.formUnion(event.flags)
      source = operation.source
      tenant = operation.tenant
      note(operation.service)
      note(event.origin)
    }

    private mutating func act(_ event: Event, _ verb: Verb) {
      if event.time >= lastActed { (lastActed, lastOperation) = (event.time, event.operation) }
      // A session minted for somebody is the door, not the room.
      if verb.privilege >= 3, verb != .mint {
        lastPrivileged = max(lastPrivileged, UInt32(clamping: event.time / Timestamp.second))
      }
    }

    private mutating func note(_ service: Symbol) {
      for n in 0..<Int(serviceCount) where firstServices[n] == service { return }
      if serviceCount == 8 { return }
      firstServices[Int(serviceCount)] = service
      serviceCount += 1
    }

    private mutating func note(_ origin: UInt32) {
      for n in 0..<Int(originCount) where firstOrigins[n] == origin { return }
      if originCount == 8 { return }
      firstOrigins[Int(originCount)] = origin
      originCount += 1
    }
  }

  public private(set) var entries: [Entry] = []

  public init() {}

  mutating func add(_ event: Event, _ operation: Operation) {
    let at = Int(event.subject)
    if at >= entries.count {
      // An entry is large: grown by a quarter, not doubled.
      let room = max(256, entries.count / 4, at + 1 - entries.count)
      entries.reserveCapacity(entries.count + room)
      entries.append(contentsOf: repeatElement(Entry(), count: room))
    }
    entries[at].add(event, operation)
  }
}

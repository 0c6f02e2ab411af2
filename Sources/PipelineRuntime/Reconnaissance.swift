import Detection
import EventModel
import Evidence
import LogReading
import PipelineContent

/// What lies in some places before anything is configured: which logs, which hours, who is busiest, from where.
public struct Reconnaissance: Sendable {
  /// One recognised log over all its inputs.
  public struct Log: Sendable {
    public var name: String
    public var inputs: Int
    public var events: Int
    public var first: Int64?
    public var last: Int64?
  }

  /// Public addresses that several machine sessions share: likely a NAT gateway, a CI pool, an office.
  public struct SharedAddress: Sendable {
    /// As bittern.yml writes them; neighbours that one identity uses stand together.
    public var networks: [String]
    public var sessions: Int
    /// Sorted names of identities; at most ten.
    public var identities: [String]
  }

  public let report: ScanReport
  public private(set) var logs: [Log] = []
  public private(set) var shared: [SharedAddress] = []
  /// AWS accounts whose own trail lies here.
  public private(set) var accounts: [String] = []
  /// Machine identities, the busiest first.
  public private(set) var machines: [IdentityRow] = []

  /// Fewer sessions on an address are chance.
  static let sessions = 3

  init(_ engine: DetectionEngine, _ report: ScanReport) {
    self.report = report
    for (name, ledgers) in Dictionary(grouping: report.ledgers.filter { !$0.log.isEmpty }, by: \.log) {
      let first = ledgers.map(\.firstEvent).min() ?? Int64.max
      let last = ledgers.map(\.lastEvent).max() ?? Int64.min
      logs.append(
        Log(
          name: name, inputs: ledgers.count, events: ledgers.reduce(0) { $0 + $1.accepted },
          first: first == Int64.max ? nil : first, last: last == Int64.min ? nil : last))
    }
    logs.sort { $0.name < $1.name }
    machines = StoreRows(engine).identities().all.filter { ActorKind(name: $0.kind)?.isMachine ?? false }
      .sorted { ($1.events, $0.name) < ($0.events, $1.name) }
    look(engine)
  }

  private mutating func look(_ engine: DetectionEngine) {
    struct Users {
      var sessions: Set<Symbol> = []
      var names: Set<Symbol> = []
    }
    var users: [Address: Users] = [:]
    var tenants: Set<Symbol> = []
    let dictionaries = engine.window.dictionaries
    for (id, use) in engine.lineage.usage.entries.enumerated() where use.events > 0 {
      let subject = dictionaries.subjects[UInt32(id)]
      tenants.insert(use.tenant)
      guard subject.kind.isMachine, !subject.flags.contains(.serviceMade) else { continue }
      let session = subject.session.isPresent ? subject.session : subject.credential
      guard session.isPresent else { continue }
      for origin in use.origins {
        let place = dictionaries.origins[origin]
        guard place.kind == .public else { continue }
        users[place.address.originKey, default: Users()].sessions.insert(session)
        users[place.address.originKey]?.names.insert(subject.name)
      }
    }
    func texts(_ symbols: Set<Symbol>) -> [String] {
      symbols.filter(\.isPresent).map(dictionaries.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
    accounts = texts(tenants).filter { $0.utf8.count == 12 && $0.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } }
    let often = users.filter { $0.value.sessions.count >= Reconnaissance.sessions }.sorted { "\($0.key)" < "\($1.key)" }
    // Neighbours that one identity uses are one pool: CI runners, a NAT gateway's addresses.
    var pools: [(addresses: [Address], users: Users)] = []
    for (address, who) in often {
      let at = pools.firstIndex { pool in
        Reconnaissance.block(pool.addresses[0]) == Reconnaissance.block(address)
          && !pool.users.names.isDisjoint(with: who.names)
      }
      if let at {
        pools[at].addresses.append(address)
        pools[at].users.sessions.formUnion(who.sessions)
        pools[at].users.names.formUnion(who.names)
      } else {
        pools.append(([address], who))
      }
    }
    shared = pools.map { pool in
      SharedAddress(
        networks: pool.addresses.map { $0.v4 == nil ? "\($0)/64" : "\($0)/32" }, sessions: pool.users.sessions.count,
        identities: Array(texts(pool.users.names).prefix(10)))
    }.sorted { ($1.sessions, $0.networks[0]) < ($0.sessions, $1.networks[0]) }
  }

  /// The IPv4 /24 or IPv6 /48 of an address.
  private static func block(_ address: Address) -> Address {
    address.v4 == nil
      ? Address(high: address.high & ~0xffff, low: 0) : Address(high: address.high, low: address.low & ~0xff)
  }
}

extension Scan {
  /// Reads everything and judges nothing that is kept: no store is touched.
  public func reconnoitre() throws(RunError) -> Reconnaissance {
    let plan = try ScanPlan(options.inputs)
    let key = StoreKey([:])
    var engine: DetectionEngine
    do throws(DetectionError) {
      engine = try DetectionEngine(content.engine, memory: LongMemory(hasher: key.hash))
    } catch { throw .content(ContentError(file: "pipelines/", reason: error.reason)) }
    var report = ScanReport(plan: plan)
    read(plan, key, nil, nil, &engine, &report)
    if stop.signal != 0 { throw .stopped(signal: stop.signal) }
    engine.judge()
    return Reconnaissance(engine, report)
  }
}

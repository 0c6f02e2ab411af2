import EventModel
import EventWindow
import Lineage

/// What must be known before anything is judged, whatever the order of arrival: lineage, coverage, runs of infrastructure
/// as code, learned egress, denials that later succeed. One pass over the rows in event-time order.
public struct Survey: Sendable {
  public private(set) var lineage = Lineage()
  private(set) var runs = IaCRuns()
  private(set) var egress = EgressZones()
  private(set) var reach: Reach
  private(set) var mintEdges = MintEdges()
  private(set) var execs: ExecEdges
  /// First event time of each log (tenant and source).
  private(set) var coverage: [UInt64: Int64] = [:]
  /// When a denied call of the same actor, action and resource succeeded.
  private(set) var successes: [UInt64: [Int64]] = [:]
  private var denials: Set<UInt64> = []
  /// Instances whose address was changed on purpose, and when (guard G5).
  private(set) var readdressed: [Int64] = []
  private(set) var tokenPlaces: [Symbol: TokenPlaces] = [:]
  private let zones: ZoneMap
  private let oneVPC: [Bool]
  private let facts: SurveyFacts

  /// How many tokens and places a cluster has: a proxy in front shows as few places for all (TR2's guard).
  struct TokenPlaces: Sendable {
    var tokens: Set<Symbol> = []
    var places: Set<OriginKey> = []
    var isBehindProxy: Bool { tokens.count >= 8 && places.count <= 3 }
  }

  struct SurveyFacts: Sendable {
    var addressGrant: Fact?
    /// Facts whose later occurrence on the same target excuses an act (a key made and its predecessor deleted: rotation).
    var undoing: FactSet
  }

  private struct Undone: Hashable, Sendable {
    var fact: UInt8
    var target: Symbol
  }
  private var undone: [Undone: [Int64]] = [:]
  /// Where each node's kubelet calls from.
  private(set) var nodePlaces: [Symbol: Set<OriginKey>] = [:]
  private(set) var secrets = SecretRoutine()

  /// - Parameter oneVPC: by source number, whether private addresses are one place.
  public init(
    configuration: DetectionConfiguration, oneVPC: [Bool], facts: FactVocabulary, undoing: FactSet = .none
  ) {
    zones = ZoneMap(zones: configuration.zones)
    self.oneVPC = oneVPC
    reach = Reach(facts: facts)
    execs = ExecEdges(facts: facts)
    self.facts = SurveyFacts(addressGrant: facts["address-grant"], undoing: undoing)
  }

  /// Counts what came too late for rows that were judged already: when it changed, they must be judged again.
  public var revision: Int {
    lineage.lateMints + runs.recognisedLate + egress.learned + mintEdges.steadied + secrets.learned
  }

  public mutating func survey(_ event: Event, at row: Row, in window: EventWindow) {
    lineage.survey(event, at: row, in: window)
    if event.flags.contains(.echo) { return }
    let moment = Moment(event, row, window.dictionaries)
    let log = Survey.log(moment)
    if moment.time != Timestamp.none { coverage[log] = min(coverage[log] ?? Int64.max, moment.time) }
    runs.survey(moment)
    reach.survey(moment)
    if moment.operation.verb == .mint || event.mint > 0 {
      let mint = window.mint(event, at: row)
      if !moment.isServiceMade { mintEdges.survey(moment, mint, reach) }
      if let mint { execs.name(mint, moment, in: window) }
    }
    if event.detailCount > 0 { execs.survey(moment, in: window) }
    let place = zones.key(of: moment.origin, oneVPC: oneVPC[Int(moment.operation.source)])
    egress.survey(moment, place)
    retries(moment)
    if moment.operation.verb == .secretRead { secrets.survey(moment, window.details(event, at: row), window.dictionaries) }
    if let fact = facts.addressGrant, event.facts.contains(fact), moment.tookPlace { readdressed.append(moment.time) }
    if event.facts.intersects(facts.undoing), moment.tookPlace { undo(moment) }
    if moment.subject.node.isPresent, place.isPlace, !moment.subject.attestor.isPresent {
      nodePlaces[moment.subject.node, default: []].insert(place)
    }
    if moment.subject.credentialKind == .boundJWT, place.isPlace {
      var known = tokenPlaces[moment.operation.tenant] ?? TokenPlaces()
      if known.tokens.count < 64 { known.tokens.insert(moment.subject.credential) }
      if known.places.count < 8 { known.places.insert(place) }
      tokenPlaces[moment.operation.tenant] = known
    }
  }

  static func log(_ moment: Moment) -> UInt64 {
    UInt64(moment.operation.source) << 32 | UInt64(moment.operation.tenant.raw)
  }

  private mutating func retries(_ moment: Moment) {
    let on = Survey.call(moment)
    if moment.event.outcome == .denied {
      if denials.count < 1_000_000 { denials.insert(on) }
    } else if moment.event.outcome == .success, !denials.isEmpty {
      if denials.contains(on), successes[on, default: []].count < 64 { successes[on, default: []].append(moment.time) }
      let bare = Survey.call(moment, of: .none)
      if bare != on, denials.contains(bare), successes[bare, default: []].count < 64 {
        successes[bare, default: []].append(moment.time)
      }
    }
  }

  /// One actor's calls of one action on one resource. Where a denied call hides its resource, the action alone.
  static func call(_ moment: Moment) -> UInt64 {
    call(moment, of: moment.event.target.isPresent ? moment.event.target : moment.event.resource)
  }

  private static func call(_ moment: Moment, of resource: Symbol) -> UInt64 {
    let h = ByteHash.process
    return h.mix(
      h.mix(5, UInt64(moment.subject.name.raw)), UInt64(moment.operation.action.raw) << 32 | UInt64(resource.raw))
  }

  /// The same call of the same actor succeeded within `span` after a denial.
  func succeedsSoon(_ moment: Moment, within span: Int64) -> Bool {
    if successes.isEmpty { return false }
    return successes[Survey.call(moment)]?.contains { $0 >= moment.time && $0 - moment.time <= span } ?? false
  }

  private mutating func undo(_ moment: Moment) {
    for bit in UInt8(0)..<128 where facts.undoing.contains(Fact(bit: bit)) && moment.event.facts.contains(Fact(bit: bit)) {
      undone[Undone(fact: bit, target: moment.event.target), default: []].append(moment.time)
    }
  }

  /// The fact held of the same target within `span` before or after.
  func happensSoon(_ fact: Fact, _ moment: Moment, within span: Int64) -> Bool {
    guard moment.event.target.isPresent else { return false }
    return undone[Undone(fact: fact.bit, target: moment.event.target)]?.contains { abs($0 - moment.time) <= span } ?? false
  }
}

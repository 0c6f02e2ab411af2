import EventModel
import EventWindow
import Lineage

/// What must be known before anything is judged, whatever the order of arrival: lineage, coverage, runs of infrastructure
/// as code, learned egress, denials that later succeed. One pass over the rows in event-time order.
public struct Survey: Sendable {
  public private(set) var lineage = Lineage()
  private(set) var runs = IaCRuns()
  private(set) var egress: EgressZones
  private(set) var reach: Reach
  private(set) var mintEdges = MintEdges()
  private(set) var execs: ExecEdges
  /// First event time of each log (tenant and source).
  private(set) var coverage: [UInt64: Int64] = [:]
  private var covered: [Int64] = []  // by operation id
  /// When a denied call of the same actor, action and resource succeeded.
  private(set) var successes: [UInt64: [Int64]] = [:]
  private var denials: Set<UInt64> = []
  /// Who was denied anything; the others' successes need no look.
  private var refused = SymbolSet()
  /// Which instances (none: a whole network's) had their address changed on purpose, and when (guard G5).
  private var readdressed: [Readdressed] = []
  private(set) var tokenPlaces: [Symbol: TokenPlaces] = [:]
  private let zones: ZoneMap
  private let ablation: Ablation
  private let oneVPC: [Bool]
  private let facts: SurveyFacts

  /// How many tokens and places a cluster has: a proxy in front shows as few places for all (TR2's guard).
  struct TokenPlaces: Sendable {
    var tokens: Set<Symbol> = []
    var places: Set<OriginKey> = []
    var isBehindProxy: Bool { tokens.count >= 8 && places.count <= 3 }
  }

  private struct Readdressed: Sendable {
    var time: Int64
    var tenant: Symbol
    var compute: Symbol
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
  private struct Undoing: Sendable {
    var time: Int64
    /// The credential that was taken back, where the record names it.
    var revoked: Symbol
  }
  private var undone: [Undone: [Undoing]] = [:]
  /// Targets that lasting credentials were made for, and which.
  private var minted: [Symbol: Symbol] = [:]
  /// An act was undone after it was judged.
  private(set) var undoneLate = 0
  /// Where each node's kubelet calls from.
  private(set) var nodePlaces: [Symbol: Set<OriginKey>] = [:]
  private(set) var secrets = SecretRoutine()
  private(set) var endpoints: EndpointOwners
  private(set) var issuance = Issuance()
  private(set) var templates = Templates()
  private(set) var crowds = Crowds()
  private var acts = ActMarks()

  /// - Parameter oneVPC: by source number, whether private addresses are one place.
  public init(
    configuration: DetectionConfiguration, oneVPC: [Bool], facts: FactVocabulary, undoing: FactSet = .none
  ) {
    zones = ZoneMap(zones: configuration.zones)
    ablation = configuration.ablation
    self.oneVPC = oneVPC
    egress = EgressZones(clouds: configuration.cloudRanges.map(\.network))
    reach = Reach(facts: facts)
    execs = ExecEdges(facts: facts)
    endpoints = EndpointOwners(facts: facts)
    self.facts = SurveyFacts(addressGrant: facts["address-changed"], undoing: undoing)
  }

  /// Counts what came too late for rows that were judged already: when it changed, they must be judged again.
  public var revision: Int {
    lineage.lateMints + lineage.lateJoins + runs.recognisedLate + egress.learned + mintEdges.learnedLate
      + secrets.learned + undoneLate + endpoints.learned + crowds.learned
  }

  /// - Returns: whether the event is news of its day; see ``ActMarks``.
  public mutating func survey(_ event: Event, at row: Row, in window: EventWindow) -> Bool {
    lineage.survey(ablation.contains(.lineage) ? event.withoutMint : event, at: row, in: window)
    if event.flags.contains(.echo) { return true }
    let moment = Moment(event, row, window)
    let isNews = acts.isNews(moment)
    if isNews, moment.time != Timestamp.none { cover(moment) }
    let guarded = !ablation.contains(.guards)
    if guarded { runs.survey(moment) }
    endpoints.survey(moment, in: window)
    issuance.survey(moment, lineage, in: window)
    if let risen = reach.survey(moment) { mintEdges.rises(Reach.identity(moment.subject), to: risen) }
    if moment.operation.verb == .mint || event.mint > 0 {
      let mint = window.mint(event, at: row)
      if !moment.isServiceMade { mintEdges.survey(moment, mint, reach) }
      if let mint { execs.name(mint, moment, in: window) }
    }
    if event.detailCount > 0 { execs.survey(moment, in: window) }
    let place = zones.key(of: moment.origin, oneVPC: oneVPC[Int(moment.operation.source)])
    if guarded { egress.survey(moment, place, attestor: attestor(moment.subject)) }
    if isNews { templates.note(moment, window) }
    if guarded, isNews { crowds.note(moment, place) }
    if guarded { retries(moment) }
    if guarded, moment.operation.verb == .secretRead {
      secrets.survey(moment, window.details(event, at: row), window.dictionaries)
    }
    if guarded, let fact = facts.addressGrant, event.facts.contains(fact), moment.tookPlace {
      readdress(moment, window)
    }
    if event.mint > 0, moment.tookPlace, event.target.isPresent, let mint = window.mint(event, at: row),
      mint.kind.isLongLived
    {
      minted[event.target] = mint.child
    }
    if guarded, event.facts.intersects(facts.undoing), moment.tookPlace { undo(moment, window) }
    if !isNews { return false }
    if moment.subject.node.isPresent, place.isPlace, !moment.subject.attestor.isPresent {
      nodePlaces[moment.subject.node, default: []].insert(place)
    }
    if moment.subject.credentialKind == .boundJWT, place.isPlace {
      var known = tokenPlaces[moment.operation.tenant] ?? TokenPlaces()
      if known.tokens.count < 64 { known.tokens.insert(moment.subject.credential) }
      if known.places.count < 8 { known.places.insert(place) }
      tokenPlaces[moment.operation.tenant] = known
    }
    return true
  }

  /// What attests the session: as the record says, else as its mint does.
  private func attestor(_ subject: Subject) -> Symbol {
    subject.attestor.isPresent ? subject.attestor : lineage.attestor(of: subject.credential)
  }

  /// Rows come in order of time: after an operation's first one there is seldom anything to note.
  private mutating func cover(_ moment: Moment) {
    let at = Int(moment.event.operation)
    if at >= covered.count {
      covered.append(contentsOf: repeatElement(Int64.max, count: max(256, at + 1 - covered.count)))
    }
    if covered[at] <= moment.time { return }
    covered[at] = moment.time
    let log = Survey.log(moment)
    coverage[log] = min(coverage[log] ?? Int64.max, moment.time)
  }

  private mutating func readdress(_ moment: Moment, _ window: EventWindow) {
    guard readdressed.count < 100_000 else { return }
    var compute = Symbol.none
    for detail in window.details(moment.event, at: moment.row) where window.dictionaries.text(detail.name) == "compute"
    {
      compute = detail.value
    }
    readdressed.append(Readdressed(time: moment.time, tenant: moment.operation.tenant, compute: compute))
  }

  /// The address of this instance, or of its network, was changed on purpose around the event.
  func isReaddressed(_ moment: Moment, attestor: Symbol, within span: Int64) -> Bool {
    readdressed.contains {
      Timestamp.gap($0.time, moment.time) <= span && $0.tenant == moment.operation.tenant
        && (!$0.compute.isPresent || $0.compute == attestor)
    }
  }

  static func log(_ moment: Moment) -> UInt64 {
    UInt64(moment.operation.source) << 32 | UInt64(moment.operation.tenant.raw)
  }

  private mutating func retries(_ moment: Moment) {
    if moment.event.outcome == .denied {
      if denials.count < 1_000_000 {
        denials.insert(Survey.call(moment))
        refused.insert(moment.subject.name)
      }
    } else if moment.event.outcome == .success, refused.contains(moment.subject.name) {
      let on = Survey.call(moment)
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
    return successes[Survey.call(moment)]?.contains { $0 >= moment.time && Timestamp.gap($0, moment.time) <= span }
      ?? false
  }

  private mutating func undo(_ moment: Moment, _ window: EventWindow) {
    var revoked = Symbol.none
    for detail in window.details(moment.event, at: moment.row) where window.dictionaries.text(detail.name) == "revoked"
    {
      revoked = detail.value
    }
    if let made = minted[moment.event.target], made != revoked || !revoked.isPresent { undoneLate += 1 }
    for bit in UInt8.min...UInt8.max
    where facts.undoing.contains(Fact(bit: bit)) && moment.event.facts.contains(Fact(bit: bit)) {
      let key = Undone(fact: bit, target: moment.event.target)
      if undone[key, default: []].count < 64 {
        undone[key, default: []].append(Undoing(time: moment.time, revoked: revoked))
      }
    }
  }

  /// The fact held of the same target within `span` before or after, and was not about `made` itself: who deletes the very
  /// key that was made covers a trace, who deletes its predecessor rotates.
  func happensSoon(_ fact: Fact, _ moment: Moment, within span: Int64, besides made: Symbol = .none) -> Bool {
    guard moment.event.target.isPresent else { return false }
    return undone[Undone(fact: fact.bit, target: moment.event.target)]?.contains {
      Timestamp.gap($0.time, moment.time) <= span && (!made.isPresent || $0.revoked != made)
    } ?? false
  }
}

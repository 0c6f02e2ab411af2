import EventModel
import EventWindow
import Lineage

/// What detectors judge with: the window's dictionaries, the survey, declarations, long memory, and the findings so far.
public struct Judgement: Sendable {
  public internal(set) var window: EventWindow
  public internal(set) var survey: Survey
  public let configuration: DetectionConfiguration
  public var memory: LongMemory
  /// Everything that there is has been read: what is absent now is absent (a scan). A watch never knows.
  var isWhole = true
  /// Inputs before this one are known to be good: what they bring is learned, however new it is.
  var trustedInputs: UInt32 = 0
  let definitions: [DetectionDefinition]
  let facts: FactVocabulary
  let zones: ZoneMap
  let oneVPC: [Bool]
  let sourceNames: [String]
  /// What each source is a log of; sources of one plane share identities.
  let planes: [String]
  var tenure = Tenure()
  var whereabouts = Whereabouts()
  /// Who is where with the event at hand: indices into `whereabouts`.
  var visit: (holder: Int, home: Int)?
  /// The event at hand is news, and the first of its day in which its holder, and in which its identity, did this operation with these
  /// facts and this kind of outcome. False also where nobody is told apart: people, services, copies.
  var isHoldersFirst = false
  var isIdentitysFirst = false
  var holdersMarks = DayMarks()
  var identitysMarks = DayMarks()
  var rates = StreamRates()
  /// The log of the event at hand, when it spoke last before it, and which event of its hour this is.
  var pulse: (stream: Int, before: Int64, count: Int)?
  var drafts: [DraftKey: Draft] = [:]
  /// Acts that an exception allowed, by detection: counted, never silent (guard G8).
  public internal(set) var allowed: [String: Int] = [:]
  private var profiles: [Profile?] = []
  private var places: [OriginKey?] = []
  private var providers: [UInt64?] = []

  /// What is known of a subject; computed once.
  struct Profile: Sendable {
    var sessionClass = SessionClass.other
    /// Node of its credential in the lineage; -1 none.
    var node: Int32 = -1
    var root: Int32 = -1
    /// Declaration in the configuration; -1 none.
    var declared: Int32 = -1
    var isHuman = false
    /// What the session is locked to.
    var lock = Symbol.none
  }

  init(
    window: EventWindow, survey: Survey, configuration: DetectionConfiguration, memory: LongMemory,
    definitions: [DetectionDefinition], facts: FactVocabulary, oneVPC: [Bool], sourceNames: [String],
    planes: [String] = []
  ) {
    self.window = window
    self.survey = survey
    self.configuration = configuration
    self.memory = memory
    self.definitions = definitions
    self.facts = facts
    self.oneVPC = oneVPC
    self.sourceNames = sourceNames
    self.planes = planes
    zones = ZoneMap(zones: configuration.zones)
  }

  func trusts(_ moment: Moment) -> Bool { moment.event.input < trustedInputs }
  var lineage: Lineage { survey.lineage }
  var dictionaries: EventDictionaries { window.dictionaries }
  func text(_ symbol: Symbol) -> String { window.dictionaries.symbols.text(symbol) }
  func bytes(_ symbol: Symbol) -> [UInt8] { window.dictionaries.symbols.bytes(symbol) }

  /// The place of an event; cached for each distinct origin.
  mutating func place(_ moment: Moment) -> OriginKey {
    let source = Int(moment.operation.source)
    let slot = Int(moment.event.origin) * 2 + (oneVPC[source] ? 1 : 0)
    if slot < places.count, let known = places[slot] { return known }
    let key = zones.key(of: moment.origin, oneVPC: oneVPC[source])
    if places.count <= slot { places.append(contentsOf: repeatElement(nil, count: max(256, slot + 1 - places.count))) }
    places[slot] = key
    return key
  }

  /// What stands for the provider of an address where there is no ASN data: the cloud it belongs to, else the coarse network
  /// (semantics.md 11). Cached for each distinct origin.
  mutating func provider(_ moment: Moment) -> UInt64 {
    let slot = Int(moment.event.origin)
    if slot < providers.count, let known = providers[slot] { return known }
    let address = moment.origin.address
    var provider = memory.hasher.mix(memory.hasher.mix(7, address.network.high), address.network.low)
    if let cloud = configuration.cloudRanges.first(where: { $0.network.contains(address) }) {
      provider = memory.hasher.hash(Array(cloud.provider.utf8))
    }
    if providers.count <= slot {
      providers.append(contentsOf: repeatElement(nil, count: max(256, slot + 1 - providers.count)))
    }
    providers[slot] = provider
    return provider
  }

  mutating func profile(_ moment: Moment) -> Profile {
    let slot = Int(moment.event.subject)
    if slot < profiles.count, let known = profiles[slot] { return known }
    let profile = makeProfile(moment.subject)
    if profiles.count <= slot {
      profiles.append(contentsOf: repeatElement(nil, count: max(256, slot + 1 - profiles.count)))
    }
    profiles[slot] = profile
    return profile
  }

  mutating func forgetProfiles() {
    tenure = Tenure()
    forgetActs()
  }

  /// Lets go what is only needed to judge further events.
  mutating func forgetActs() {
    whereabouts = Whereabouts()
    rates = StreamRates()
    holdersMarks = DayMarks()
    identitysMarks = DayMarks()
    profiles.removeAll()
    places.removeAll()
    providers.removeAll()
  }

  private func makeProfile(_ subject: Subject) -> Profile {
    var p = Profile()
    p.node = lineage.find(subject.credential) ?? -1
    if p.node >= 0 {
      p.root = lineage.root(of: p.node)
      p.isHuman = lineage.isHuman(p.node)
    }
    if subject.kind == .human || subject.flags.contains(.console) { p.isHuman = true }
    p.declared = declaration(of: subject)
    p.sessionClass = sessionClass(subject, p)
    p.lock = configuration.ablation.contains(.sessionLocks) ? subject.credential : lock(subject, p)
    return p
  }

  private func declaration(of subject: Subject) -> Int32 {
    if configuration.identities.isEmpty { return -1 }
    let names = [subject.name, subject.actor, subject.session].filter(\.isPresent).map(bytes)
    for (n, declared) in configuration.identities.enumerated() {
      for glob in declared.matches where names.contains(where: { glob.matches($0) }) { return Int32(n) }
    }
    return -1
  }

  func declared(_ profile: Profile) -> IdentityDeclaration? {
    profile.declared < 0 ? nil : configuration.identities[Int(profile.declared)]
  }

  func hasDuty(_ duty: String, _ profile: Profile) -> Bool { declared(profile)?.duties.contains(duty) ?? false }

  private func sessionClass(_ subject: Subject, _ profile: Profile) -> SessionClass {
    if profile.isHuman { return .human }
    let attestor = subject.attestor.isPresent ? subject.attestor : attestorSymbol(profile)
    let prefix = attestor.isPresent ? bytes(attestor).prefix { $0 != 0x3a } : []
    switch subject.credentialKind {
    case .boundJWT: return .clusterToken
    case .vaultToken: return .vaultToken
    case .oauthAccess: return .accessToken
    case .agentSession: return .agent
    case .longLivedKey, .pat, .apiKey, .legacyJWT, .password: return .longLivedKey
    case .stsSession:
      switch String(decoding: prefix, as: UTF8.self) {
      case "INST": return .instance
      case "TASK": return .task
      case "POD": return .podIdentity
      case "SA": return .federatedPod
      case "FN": return .function
      case "RUN", "REPO": return .pipeline
      case "CERT", "SERIAL": return .certificate
      case "SVC": return .serviceLinked
      default: return .roleSession
      }
    default: return .other
    }
  }

  /// What attests the session: as the record says, else as its mint does.
  func attestor(_ moment: Moment, _ profile: Profile) -> Symbol {
    moment.subject.attestor.isPresent ? moment.subject.attestor : attestorSymbol(profile)
  }

  private func attestorSymbol(_ profile: Profile) -> Symbol {
    guard profile.node >= 0, lineage[profile.node].attestor >= 0 else { return .none }
    return lineage[lineage[profile.node].attestor].credential
  }

  /// Taken with another session of the same workload: a role further on, not a second key of the first.
  func isChained(_ profile: Profile) -> Bool {
    guard profile.node >= 0, lineage[profile.node].parent >= 0 else { return false }
    return lineage[lineage[profile.node].parent].attestor == lineage[profile.node].attestor
  }

  /// An instance holds several keys at once: it is locked by session, everything else by credential.
  private func lock(_ subject: Subject, _ profile: Profile) -> Symbol {
    switch profile.sessionClass {
    case .instance, .task, .certificate: subject.session.isPresent ? subject.session : subject.credential
    case .podIdentity where isChained(profile): subject.credential
    case .podIdentity:
      attestorSymbol(profile).isPresent
        ? attestorSymbol(profile) : subject.attestor.isPresent ? subject.attestor : subject.credential
    default: subject.credential
    }
  }
}

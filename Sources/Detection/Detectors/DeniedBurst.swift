import EventModel
import EventWindow

/// OS4: somebody tries what it may not, one thing after another.
///
/// Forms: `burst` many distinct refused calls in a minute; `services` refusals by many services in minutes; `cluster` probing of
/// Kubernetes kinds; `introspection` a long-lived key that asks who it is and is refused by several services; `doors` a few grave
/// operations, each another one; `slow` many distinct refused calls in a day. Repetition of one call is no burst, and a refusal that turns into success was a new permission on its way.
///
/// State: 4 B for each subject; about 4 KB for each principal that was refused something in the last ten minutes, and its day's
/// distinct calls (8 B each, at most ``Daily/limit``).
struct DeniedBurst: Detector {
  static let kind = "denied-burst"

  struct Refusal: Sendable {
    var time: Int64
    var pair: UInt64
    var operation: UInt32
    var resource: Symbol
    var row: Row
    /// Refused; else a call that was allowed to a principal that is being refused others.
    var denied: Bool
  }
  struct Daily: Sendable {
    var day: Int32 = -1
    var pairs: Set<UInt64> = []
    var first: Row?
    static let limit = 512
  }
  struct Probe: Sendable {
    var recent: [Refusal] = []
    var lookups: [(time: Int64, action: Symbol, row: Row)] = []
    var daily = Daily()
    var doors: [Door] = []
    var lastAllowed: Row?
    /// The day on which a faster form fired: the slow one would say it again.
    var told: Int32 = -1
    var last: Int64 = Int64.min
    static let recentLimit = 192
  }
  struct Principal: Hashable, Sendable {
    var name: Symbol
    var session: Symbol
    var tenant: Symbol
  }

  let number: Int
  let base: Severity
  let burstSpan, servicesSpan, clusterSpan, introspectionSpan, retrySpan: Int64
  let burstDenied, burstPairs, burstPercent: Int
  let services: Int
  let clusterURIs, clusterKinds, clusterDeniedKinds, clusterEvents: Int
  let introspectionServices, introspectionCalls: Int
  let slowPairs, slowFactor: Int
  let lookups, lasting: FactSet
  /// By raw value of the verb.
  let graveVerbs: UInt32
  let doorActs, grantActs: Int
  let doorSpan: Int64
  let deployers: [String]
  let clusterSources: Set<String>
  let duties: [String]
  let containers: [[UInt8]]

  /// By subject: index of its principal in `probes`; -1 not yet known.
  var slots: [Int32] = []
  var indices: [Principal: Int32] = [:]
  var probes: [Probe?] = []
  var sweep: Int64 = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    base = definition.severity
    var p = definition.parameters
    burstSpan = Int64(try p.number("burst_seconds", default: 60)) * Timestamp.second
    burstDenied = try p.number("burst_denied", default: 10)
    burstPairs = try p.number("burst_pairs", default: 8)
    burstPercent = try p.number("burst_percent", default: 70)
    services = try p.number("services", default: 5)
    servicesSpan = try p.minutes("services_minutes", default: 5)
    clusterURIs = try p.number("cluster_uris", default: 6)
    clusterKinds = try p.number("cluster_kinds", default: 4)
    clusterDeniedKinds = try p.number("cluster_denied_kinds", default: 3)
    clusterEvents = try p.number("cluster_events", default: 75)
    clusterSpan = try p.minutes("cluster_minutes", default: 10)
    clusterSources = Set(try p.list("cluster_sources", default: ["k8s_audit"]))
    introspectionServices = try p.number("introspection_services", default: 3)
    introspectionCalls = try p.number("introspection_calls", default: 2)
    introspectionSpan = try p.minutes("introspection_minutes", default: 10)
    slowPairs = try p.number("slow_pairs", default: 20)
    slowFactor = try p.number("slow_factor", default: 5)
    retrySpan = try p.minutes("retry_minutes", default: 10)
    lookups = facts.set(try p.list("lookup_facts", default: ["identity-lookup"]))
    doorActs = try p.number("door_acts", default: 4)
    grantActs = try p.number("grant_acts", default: 6)
    doorSpan = try p.minutes("door_minutes", default: 10)
    lasting = facts.set(try p.list("lasting_facts", default: []))
    deployers = try p.list("deploy_clients", default: [])
    var grave: UInt32 = 0
    for word in try p.list("grave_verbs", default: ["grant", "logcfg"]) {
      guard let verb = Verb(name: word) else { throw DetectionError("parameter 'grave_verbs' knows no verb '\(word)'") }
      grave |= 1 << UInt32(verb.rawValue)
    }
    graveVerbs = grave
    duties = try p.list("excused_duties", default: ["scanner"])
    containers = try p.list("objects_below", default: []).map { Array($0.utf8) }
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let denied = moment.event.outcome == .denied
    let slot = Int(moment.event.subject)
    let isLookup = moment.event.facts.intersects(lookups)
    if moment.tookPlace, isGrave(moment), moment.isNews, moment.time != Timestamp.none {
      notePermitted(moment, &judgement)
    }
    if !denied, !isLookup {
      // Of somebody who is not being refused anything.
      guard slot < slots.count, slots[slot] >= 0, probes[Int(slots[slot])] != nil, moment.event.outcome == .success
      else { return }
    }
    if moment.time == Timestamp.none || moment.isServiceMade || moment.event.flags.contains(.echo)
      || moment.event.flags.contains(.sharedCopy) || moment.event.flags.contains(.systemActor)
      || moment.event.flags.contains(.console) || moment.subject.kind == .service
    {
      return
    }
    // A person's lookups and allowed calls tell nothing; refusals of the nameless are the door's, not an identity's.
    guard moment.subject.name.isPresent, moment.subject.kind != .anonymous else { return }
    if denied, judgement.survey.succeedsSoon(moment, within: retrySpan) { return }
    evict(moment.time)
    let index = principal(moment, slot)
    var probe = probes[index] ?? Probe()
    probes[index] = nil  // the only reference while it changes
    probe.last = moment.time
    if isLookup, moment.subject.credentialKind.isLongLived {
      probe.lookups.removeAll { moment.time - $0.time > introspectionSpan }
      if probe.lookups.count < 32 { probe.lookups.append((moment.time, moment.operation.action, moment.row)) }
    }
    note(moment, denied, &probe, judgement)
    if denied || isLookup { weigh(moment, denied, &probe, &judgement) }
    probes[index] = probe
  }

  private mutating func principal(_ moment: Moment, _ slot: Int) -> Int {
    if slot < slots.count, slots[slot] >= 0 { return Int(slots[slot]) }
    let key = Principal(name: moment.subject.name, session: moment.subject.session, tenant: moment.subject.home)
    let index: Int32
    if let known = indices[key] {
      index = known
    } else {
      index = Int32(probes.count)
      indices[key] = index
      probes.append(nil)
    }
    if slots.count <= slot { slots.append(contentsOf: repeatElement(-1, count: max(256, slot + 1 - slots.count))) }
    slots[slot] = index
    return Int(index)
  }

  private func note(_ moment: Moment, _ denied: Bool, _ probe: inout Probe, _ judgement: borrowing Judgement) {
    if !denied, moment.event.outcome == .success { probe.lastAllowed = moment.row }
    let oldest = moment.time - max(servicesSpan, clusterSpan, burstSpan)
    if let first = probe.recent.first, first.time < oldest {
      probe.recent.removeFirst(probe.recent.firstIndex { $0.time >= oldest } ?? probe.recent.count)
    }
    if probe.recent.count >= Probe.recentLimit { probe.recent.removeFirst(Probe.recentLimit / 4) }
    let resource = container(moment, judgement)
    let pair =
      UInt64(moment.operation.action.raw) << 32 | UInt64(resource.raw) ^ UInt64(moment.operation.namespace.raw) << 16
    if !denied, probe.recent.isEmpty { return }
    probe.recent.append(
      Refusal(
        time: moment.time, pair: pair, operation: moment.event.operation, resource: resource, row: moment.row,
        denied: denied))
    guard denied else { return }
    if probe.daily.day != moment.day { probe.daily = Daily(day: moment.day, pairs: [], first: moment.row) }
    if probe.daily.pairs.count < Daily.limit { probe.daily.pairs.insert(pair) }
  }

  /// What a call was about: where objects of one store are many (keys of a bucket), the store.
  private func container(_ moment: Moment, _ judgement: borrowing Judgement) -> Symbol {
    let resource = moment.event.resource.isPresent ? moment.event.resource : moment.event.target
    guard resource.isPresent, !containers.isEmpty else { return resource }
    return judgement.dictionaries.symbols.withBytes(resource) { bytes in
      for prefix in containers where bytes.count > prefix.count {
        var same = true
        for i in prefix.indices where bytes[i] != prefix[i] { same = false; break }
        if !same { continue }
        var end = prefix.count
        while end < bytes.count, bytes[end] != 0x2f { end += 1 }
        if end < bytes.count { return judgement.dictionaries.symbols.find(bytes.extracting(0..<end)) ?? .none }
      }
      return resource
    }
  }

  private mutating func weigh(_ moment: Moment, _ denied: Bool, _ probe: inout Probe, _ judgement: inout Judgement) {
    let profile = judgement.profile(moment)
    if duties.contains(where: { judgement.hasDuty($0, profile) }) { return }
    let attested = profile.sessionClass.isAttested
    var severity = attested ? max(base, .high) : base
    if profile.isHuman { severity = .low }
    if judgement.survey.runs.contains(moment) { severity = severity.raised(by: -1) }
    if denied {
      burst(moment, &probe, severity, &judgement)
      if isGrave(moment) { doors(moment, &probe, severity, &judgement) }
      byServices(moment, &probe, severity, &judgement)
      if clusterSources.contains(judgement.sourceNames[Int(moment.operation.source)]) {
        cluster(moment, &probe, severity, &judgement)
      }
    }
    if moment.subject.credentialKind.isLongLived { introspection(moment, &probe, min(severity, .medium), &judgement) }
    if denied { slow(moment, &probe, min(severity, .low), &judgement) }
  }

  func report(
    _ form: String, _ moment: Moment, _ refused: [Refusal], _ probe: Probe, _ severity: Severity, seen: String,
    threshold: String, _ judgement: inout Judgement, also: [Row] = []
  ) {
    let rows = refused.reversed().prefix(7).map(\.row) + also.prefix(4)
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name), cause: Array(form.utf8), severity: severity,
      baseline: probe.lastAllowed.map { [$0] } ?? [], cite: rows.map { (.trigger, $0) }
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let first = refused.last ?? refused.first
      draft.title = "\(who) tries what it may not: \(seen)"
      draft.summary =
        "\(who) with \(j.credentialWords(moment.subject)) from \(j.words(moment.origin)): \(seen), "
        + "from \(j.words(first?.time ?? moment.time)) to \(j.words(moment.time)), the last \(j.text(moment.operation.action))."
      draft.explanation.expected = "a workload calls what it was given; refusals repeat one call or turn into success"
      draft.explanation.seen = seen
      draft.explanation.threshold = threshold
      draft.explanation.state = [("form", form), ("distinct refused calls today", "\(probe.daily.pairs.count)")]
      if let first { draft.firstSeen = min(draft.firstSeen, first.time) }
    }
  }

  private mutating func evict(_ now: Int64) {
    guard sweep == Int64.min || now - sweep > Timestamp.hour else { return }
    sweep = now
    for n in probes.indices {
      // Who was refused something today is remembered for the slow form; everybody else goes.
      guard let probe = probes[n] else { continue }
      let idle = now - probe.last
      if idle > Timestamp.day || (probe.daily.pairs.isEmpty && idle > introspectionSpan) { probes[n] = nil }
    }
  }
}

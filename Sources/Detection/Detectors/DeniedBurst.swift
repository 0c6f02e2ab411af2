import EventModel
import EventWindow

/// OS4: somebody tries what it may not, one thing after another.
///
/// Forms: `burst` many distinct refused calls in a minute; `services` refusals by many services in minutes; `cluster` probing of
/// Kubernetes kinds; `introspection` a long-lived key that asks who it is and is refused by several services; `slow` many distinct
/// refused calls in a day. Repetition of one call is no burst, and a refusal that turns into success was a new permission on its way.
///
/// State: 4 B for each subject; about 4 KB for each principal that was refused something in the last ten minutes, and its day's
/// distinct calls (8 B each, at most ``Daily/limit``).
struct DeniedBurst: Detector {
  static let kind = "denied-burst"

  private struct Refusal: Sendable {
    var time: Int64
    var pair: UInt64
    var operation: UInt32
    var resource: Symbol
    var row: Row
    /// Refused; else a call that was allowed to a principal that is being refused others.
    var denied: Bool
  }
  private struct Daily: Sendable {
    var day: Int32 = -1
    var pairs: Set<UInt64> = []
    var first: Row?
    static let limit = 512
  }
  private struct Probe: Sendable {
    var recent: [Refusal] = []
    var lookups: [(time: Int64, action: Symbol, row: Row)] = []
    var daily = Daily()
    var lastAllowed: Row?
    /// The day on which a faster form fired: the slow one would say it again.
    var told: Int32 = -1
    var last: Int64 = Int64.min
    static let recentLimit = 192
  }
  private struct Principal: Hashable, Sendable {
    var name: Symbol
    var session: Symbol
    var tenant: Symbol
  }

  private let number: Int
  private let base: Severity
  private let burstSpan, servicesSpan, clusterSpan, introspectionSpan, retrySpan: Int64
  private let burstDenied, burstPairs, burstPercent: Int
  private let services: Int
  private let clusterURIs, clusterKinds, clusterDeniedKinds, clusterEvents: Int
  private let introspectionServices, introspectionCalls: Int
  private let slowPairs, slowFactor: Int
  private let lookups: FactSet
  private let clusterSources: Set<String>
  private let duties: [String]
  private let containers: [[UInt8]]

  /// By subject: index of its principal in `probes`; -1 not yet known.
  private var slots: [Int32] = []
  private var indices: [Principal: Int32] = [:]
  private var probes: [Probe?] = []
  private var sweep: Int64 = Int64.min

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
    duties = try p.list("excused_duties", default: ["scanner"])
    containers = try p.list("objects_below", default: []).map { Array($0.utf8) }
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let denied = moment.event.outcome == .denied
    let slot = Int(moment.event.subject)
    let isLookup = moment.event.facts.intersects(lookups)
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
      byServices(moment, &probe, severity, &judgement)
      if clusterSources.contains(judgement.sourceNames[Int(moment.operation.source)]) {
        cluster(moment, &probe, severity, &judgement)
      }
    }
    if moment.subject.credentialKind.isLongLived { introspection(moment, &probe, min(severity, .medium), &judgement) }
    if denied { slow(moment, &probe, min(severity, .low), &judgement) }
  }

  // (i)
  private func burst(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement) {
    let recent = probe.recent.reversed().prefix { moment.time - $0.time <= burstSpan }
    let refused = recent.filter(\.denied)
    guard refused.count >= burstDenied, refused.count * 100 >= recent.count * burstPercent else { return }
    let pairs = Set(refused.map(\.pair)).count
    guard pairs >= burstPairs else { return }
    probe.told = moment.day
    report(
      "burst", moment, refused, probe, severity,
      seen:
        "\(refused.count) refused calls, \(pairs) of them distinct, among \(recent.count) in \(burstSpan / Timestamp.second) seconds",
      threshold:
        "\(burstDenied) refused, \(burstPairs) distinct, \(burstPercent) % of all calls within \(burstSpan / Timestamp.second) seconds",
      &judgement)
  }

  // (ii)
  private func byServices(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement) {
    if clusterSources.contains(judgement.sourceNames[Int(moment.operation.source)]) { return }
    let refused = probe.recent.reversed().prefix { moment.time - $0.time <= servicesSpan }.filter(\.denied)
    guard refused.count >= services else { return }
    let names = serviceNames(refused, judgement)
    guard names.count >= services else { return }
    probe.told = moment.day
    report(
      "services", moment, refused, probe, severity,
      seen:
        "refused by \(names.count) services within \(servicesSpan / Timestamp.minute) minutes: \(names.joined(separator: ", "))",
      threshold: "\(services) services within \(servicesSpan / Timestamp.minute) minutes, whatever else was allowed",
      &judgement)
  }

  // (iii)
  private func cluster(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement) {
    let recent = Array(probe.recent.reversed().prefix { moment.time - $0.time <= clusterSpan })
    guard recent.count < clusterEvents, recent.contains(where: { !$0.denied }) else { return }
    let refused = recent.filter(\.denied)
    let kinds = Set(recent.map { judgement.dictionaries.operations[$0.operation].resourceKind })
    let refusedKinds = Set(refused.map { judgement.dictionaries.operations[$0.operation].resourceKind })
    let paths = Set(recent.map(\.pair))
    guard paths.count >= clusterURIs, kinds.count >= clusterKinds, refusedKinds.count >= clusterDeniedKinds else {
      return
    }
    probe.told = moment.day
    report(
      "cluster", moment, refused, probe, severity,
      seen:
        "\(paths.count) distinct calls on \(kinds.count) kinds, refused on \(refusedKinds.count) of them, allowed on others",
      threshold:
        "\(clusterURIs) calls on \(clusterKinds) kinds, \(clusterDeniedKinds) kinds refused, within "
        + "\(clusterSpan / Timestamp.minute) minutes and \(clusterEvents) calls",
      &judgement)
  }

  // (iv)
  private func introspection(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement)
  {
    let asked = probe.lookups.filter { moment.time - $0.time <= introspectionSpan }
    guard Set(asked.map(\.action)).count >= introspectionCalls else { return }
    let refused = probe.recent.reversed().prefix { moment.time - $0.time <= introspectionSpan }.filter(\.denied)
    let names = serviceNames(refused, judgement)
    guard names.count >= introspectionServices else { return }
    let calls = Set(asked.map { judgement.text($0.action) }).sorted()
    probe.told = moment.day
    report(
      "introspection", moment, refused, probe, severity,
      seen: "asked \(calls.joined(separator: ", ")) and was refused by \(names.joined(separator: ", "))",
      threshold:
        "a long-lived key, \(introspectionCalls) questions about itself and \(introspectionServices) services that refuse, within "
        + "\(introspectionSpan / Timestamp.minute) minutes",
      &judgement, also: asked.map(\.row))
  }

  /// Days with many refused calls raise the threshold: five times what two of the last thirty days reached.
  private func slow(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement) {
    let count = probe.daily.pairs.count
    let name = judgement.bytes(moment.subject.name)
    if count >= 4, count & (count - 1) == 0 {
      judgement.memory.remember(key(count, name, judgement), on: moment.day)
    }
    guard count > slowPairs, probe.told != moment.day else { return }
    var usual = 0
    var level = 4
    while level <= Daily.limit {
      let known = judgement.memory.recall(key(level, name, judgement), on: moment.day)
      if known.days >= (level <= count ? 3 : 2) { usual = level } else { break }
      level *= 2
    }
    guard count > usual * slowFactor else { return }
    let refused = probe.recent.filter(\.denied)
    report(
      "slow", moment, refused, probe, severity,
      seen: "\(count) distinct refused calls on one day",
      threshold:
        "more than \(max(slowPairs, usual * slowFactor)) on one day; its usual day has \(usual == 0 ? "none on record" : "\(usual)")",
      &judgement, also: probe.daily.first.map { [$0] } ?? [])
  }

  private func key(_ level: Int, _ name: [UInt8], _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("denied".utf8), Array("\(level)".utf8), name])
  }

  private func serviceNames(_ refused: some Sequence<Refusal>, _ judgement: borrowing Judgement) -> [String] {
    var found: Set<Symbol> = []
    for item in refused {
      let service = judgement.dictionaries.operations[item.operation].service
      if service.isPresent { found.insert(service) }
    }
    return found.map { judgement.text($0) }.sorted()
  }

  private func report(
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

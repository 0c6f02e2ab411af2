import EventModel
import EventWindow

/// LM1: an identity takes another one's place for the first time, and gains by it.
///
/// An edge is (parent identity, target identity, mechanism), of roles and accounts, never of sessions. It is news when it was
/// not seen in 30 days and is not the parent's routine in this data; it gains when the target does what the parent never
/// did, or lies where the parent never was. What the new credential then does may raise it to critical.
///
/// State: memory of edges and reach; for a day after a finding, the child credential (80 B).
struct MintEdge: Detector {
  static let kind = "mint-edge"

  struct Watched: Sendable {
    var id: DraftKey
    var until: Int64
    /// Classes that the parent had before.
    var parentClass: Int
    var severity: Severity
  }
  struct Probe: Sendable {
    var since: Int64
    var targets: [Symbol: Row] = [:]
  }
  struct Made: Sendable {
    var time: Int64
    var row: Row
    var inRun: Bool
  }

  let number: Int
  let follow: Int64
  let grace: Int64
  let peers: Int
  let probes: Int
  let probeSpan: Int64
  let duties: [String]
  let exemptParents: [Glob]
  let systemNamespaces: Set<String>
  let requests: FactSet
  let impersonation: FactSet
  let created: FactSet
  let trusts: FactSet
  let open: FactSet
  let administrative: FactSet
  var watched: [Symbol: Watched] = [:]
  var made: [Symbol: Made] = [:]
  var trusted: [Symbol: Made] = [:]
  var probing: [Symbol: Probe] = [:]
  var copies: [Symbol: Row] = [:]
  var granted: [Symbol: Row] = [:]
  var learned: [UInt64] = []  // by subject id: day and classes remembered
  var fired: [UInt64: (day: Int32, severity: Severity)] = [:]

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    follow = try p.minutes("follow_minutes", default: 1440)
    grace = try p.minutes("new_identity_minutes", default: 1440)
    peers = try p.number("peers", default: 3)
    probes = try p.number("probed_targets", default: 3)
    probeSpan = try p.minutes("probe_minutes", default: 60)
    duties = try p.list("excused_duties", default: ["deployer", "broker"])
    exemptParents = try p.list("exempt_parents", default: []).map { Glob($0) }
    systemNamespaces = Set(try p.list("system_namespaces", default: ["kube-system"]))
    requests = facts.set(try p.list("request_facts"))
    impersonation = facts.set(try p.list("impersonation_facts"))
    created = facts.set(try p.list("created_facts"))
    trusts = facts.set(try p.list("trust_facts"))
    open = facts.set(try p.list("open_facts"))
    administrative = facts.set(try p.list("admin_facts"))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    if moment.event.flags.contains(.echo) { return }
    if !watched.isEmpty, let child = watched[moment.subject.credential] { followed(moment, child, &judgement) }
    learn(moment, &judgement)
    let said = moment.event.facts
    if !said.isEmpty, moment.tookPlace, moment.event.target.isPresent {
      if said.intersects(created) { note(moment, &made, judgement) }
      if said.intersects(trusts) { note(moment, &trusted, judgement) }
      // What an identity was given counts as much as what it did.
      if said.intersects(administrative), moment.time != Timestamp.none {
        judgement.memory.remember(grantKey(moment.event.target, judgement), on: moment.day)
        granted[moment.event.target] = moment.row
        if granted.count > 65_536 { granted.removeAll() }
      }
    }
    guard moment.event.mint > 0 || moment.operation.verb == .mint || said.intersects(impersonation),
      !moment.isServiceMade,
      moment.time != Timestamp.none
    else { return }
    if moment.event.outcome == .denied { return probe(moment) }
    if moment.tookPlace { edge(moment, &judgement) }
  }

  // MARK: the edge

  struct Edge {
    var parent: Symbol
    var target: Symbol
    var mechanism: Symbol
    var child = Symbol.none
    var key: UInt64 = 0
  }

  mutating func edge(_ moment: Moment, _ judgement: inout Judgement) {
    let profile = judgement.profile(moment)
    guard let edge = parties(moment, profile, &judgement) else { return }
    let known = judgement.memory.recall(edge.key, on: moment.day)
    judgement.memory.remember(edge.key, on: moment.day)
    if let now = fired[edge.key], now.day == moment.day {
      return report(moment, edge, Weighed(severity: now.severity), profile, &judgement)
    }
    guard !known.isKnown, !judgement.survey.mintEdges.isSteady(edge.parent, edge.target),
      let weighed = weigh(moment, edge, profile, &judgement)
    else { return }
    if fired.count > 65_536 { fired = fired.filter { $0.value.day == moment.day } }
    fired[edge.key] = (moment.day, weighed.severity)
    report(moment, edge, weighed, profile, &judgement)
  }

  /// Who takes whose place; nil where no identity takes another's.
  mutating func parties(
    _ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) -> Edge? {
    if moment.event.flags.contains(.systemActor) { return nil }
    var edge = Edge(parent: moment.subject.name, target: moment.event.target, mechanism: moment.operation.action)
    if let mint = judgement.window.mint(moment.event, at: moment.row) {
      // A key that lives on is told by LL2; a session is what one moves with.
      if mint.kind.isLongLived { return nil }
      edge.child = mint.child
      edge.mechanism = mint.mechanism
      edge.target = MintEdges.target(mint, moment)
      if isCopy(moment, mint, &judgement) { return nil }
    } else if moment.event.facts.intersects(impersonation) {
      edge = Edge(parent: moment.subject.onBehalf, target: moment.subject.name, mechanism: moment.operation.action)
      // A person who acts as somebody else is a person.
      guard judgement.text(edge.parent).hasPrefix("system:serviceaccount:") else { return nil }
      edge.mechanism = .none
    } else if !moment.event.facts.intersects(requests) {
      return nil
    }
    let byParent = !moment.event.facts.intersects(impersonation)
    guard edge.parent.isPresent, edge.target.isPresent, edge.parent != edge.target,
      !byParent || !profile.isHuman && moment.subject.kind.isMachine
    else { return nil }
    let parent = judgement.bytes(edge.parent)
    if exemptParents.contains(where: { $0.matches(parent) }) { return nil }
    edge.key = judgement.memory.key([
      Array("mint-edge".utf8), parent, judgement.bytes(edge.target), judgement.bytes(edge.mechanism),
    ])
    return edge
  }

  /// Both accounts tell one act: the copy that the lineage did not take is cited, not judged.
  mutating func isCopy(_ moment: Moment, _ mint: Mint, _ judgement: inout Judgement) -> Bool {
    guard let node = judgement.lineage.find(mint.child), let row = judgement.lineage[node].mintRow, row != moment.row
    else {
      return false
    }
    if copies.count > 4096 { copies.removeAll() }
    copies[mint.child] = moment.row
    if let told = watched[mint.child] { judgement.follow(told.id, moment.row, told.severity, as: .trigger, note: "") }
    return true
  }

  // MARK: memory

  /// Remembers, once a day and class, that the identity was there and what it could do.
  mutating func learn(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.time != Timestamp.none, let privilege = judgement.survey.reach.privilege(moment) else { return }
    let at = Int(moment.event.subject)
    if at >= learned.count { learned.append(contentsOf: repeatElement(0, count: max(256, at + 1 - learned.count))) }
    let day = UInt64(UInt32(bitPattern: moment.day)) << 8
    var bits = learned[at] & ~UInt64(0xff) == day ? learned[at] & 0xff : 0
    let bit: UInt64 = 1 << UInt64(privilege >= 2 ? privilege : 0)
    if bits & bit != 0 { return }
    if moment.subject.kind.isMachine {
      let name = Reach.identity(moment.subject)
      if bits == 0 {
        judgement.memory.remember(
          judgement.memory.key([Array("identity".utf8), judgement.bytes(name)]), on: moment.day)
      }
      if privilege >= 2 { judgement.memory.remember(classKey(name, privilege, judgement), on: moment.day) }
    }
    bits |= bit
    learned[at] = day | bits
  }

  func note(_ moment: Moment, _ table: inout [Symbol: Made], _ judgement: borrowing Judgement) {
    if table.count > 4096 { table = table.filter { moment.time - $0.value.time <= grace } }
    table[moment.event.target] = Made(
      time: moment.time, row: moment.row, inRun: moment.isServiceMade || judgement.survey.runs.contains(moment))
  }

  mutating func probe(_ moment: Moment) {
    guard moment.subject.name.isPresent, moment.event.target.isPresent else { return }
    var probe = probing[moment.subject.name] ?? Probe(since: moment.time)
    if moment.time - probe.since > probeSpan { probe = Probe(since: moment.time) }
    if probe.targets.count < 64 { probe.targets[moment.event.target] = moment.row }
    if probing.count > 4096 { probing = probing.filter { moment.time - $0.value.since <= probeSpan } }
    probing[moment.subject.name] = probe
  }

  // MARK: what came of it

  mutating func followed(_ moment: Moment, _ child: Watched, _ judgement: inout Judgement) {
    if moment.time > child.until {
      watched[moment.subject.credential] = nil
      return
    }
    guard let privilege = judgement.survey.reach.privilege(moment), privilege >= 2, privilege > child.parentClass else {
      return
    }
    judgement.follow(
      child.id, moment.row, child.severity >= .medium ? .critical : child.severity,
      note: "the new credential then \(Weighing.deed(privilege)), which its parent never did")
  }

  mutating func report(
    _ moment: Moment, _ edge: Edge, _ weighed: Weighed, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    let key = judgement.bytes(edge.parent)
    let cause = judgement.bytes(edge.target)
    let tenant = moment.subject.home.isPresent ? moment.subject.home : moment.operation.tenant
    let grade = profile.node >= 0 ? judgement.lineage.grade(of: profile.node) : .exact
    judgement.report(
      number, moment, key: key, cause: cause, severity: weighed.severity,
      confidence: grade == .candidate ? .candidate : .exact,
      baseline: weighed.baseline, cite: copies[edge.child].map { [(.trigger, $0)] } ?? [], tenant: tenant
    ) { draft, j in
      let who = j.shortName(edge.parent)
      let whom = j.shortName(edge.target)
      let mechanism = edge.mechanism.isPresent ? j.text(edge.mechanism) : "impersonation"
      let there = Tenancy.account(j.text(edge.target)).map { " of \($0)" } ?? ""
      draft.title = "\(who): first time it becomes \(whom)\(there)"
      draft.summary =
        "\(who) took the place of \(whom)\(there) by \(mechanism) at \(j.words(moment.time)) from \(j.words(moment.origin)), with "
        + "\(moment.subject.credential.isPresent ? j.text(moment.subject.credential) : "an unlogged credential")"
        + (edge.child.isPresent ? "; the new credential is \(j.text(edge.child))." : ".")
        + (weighed.gains.isEmpty ? "" : " It gains \(weighed.gains.joined(separator: " and ")).")
      draft.explanation.expected =
        "the identities that \(who) took the place of in 30 days; nothing that exceeds what it does itself"
      draft.explanation.seen = "\(who) → \(whom) by \(mechanism)"
      draft.explanation.threshold =
        "an edge not seen in 30 days whose target does what the parent's lineage never did, or lies in another tenant"
      draft.explanation.state = [("parent_did", Weighing.word(weighed.parentClass))] + weighed.why
    }
    guard edge.child.isPresent else { return }
    if watched.count > 65_536 { watched = watched.filter { $0.value.until >= moment.time } }
    watched[edge.child] = Watched(
      id: DraftKey(detection: number, tenant: tenant, key: key, cause: cause, day: moment.day),
      until: moment.time + follow,
      parentClass: weighed.parentClass, severity: weighed.severity)
  }
}

/// Privilege classes in words.
enum Weighing {
  static func word(_ privilege: Int) -> String {
    switch privilege {
    case 0: "reading"
    case 1: "writing in its own place"
    case 2: "reading secrets"
    case 3: "minting, granting or running commands"
    default: "administration"
    }
  }

  static func deed(_ privilege: Int) -> String {
    switch privilege {
    case 2: "read a secret"
    case 3: "minted, granted or ran a command"
    default: "administered"
    }
  }
}

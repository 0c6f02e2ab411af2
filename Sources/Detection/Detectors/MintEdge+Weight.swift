import EventModel
import EventWindow

// What a new edge weighs: what it gains, and what excuses it.
extension MintEdge {
  struct Weighed {
    var severity: Severity
    var gains: [String] = []
    var why: [(name: String, value: String)] = []
    var baseline: [Row] = []
    var parentClass = 0
  }

  mutating func weigh(
    _ moment: Moment, _ edge: Edge, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) -> Weighed? {
    let parentClass = reach(of: edge.parent, moment, profile, judgement)
    let (targetClass, shownBy) = power(of: edge.target, moment, judgement)
    let account = Tenancy.account(judgement.text(edge.target))
    let foreign = judgement.home(moment).map { account != nil && account != $0 } ?? false
    if isDeclared(account, profile, judgement) { return nil }
    let newTenant = foreign && !wasIn(account ?? "", edge.parent, moment, &judgement)
    let newClass = targetClass > parentClass
    let opens = moment.event.facts.intersects(open)
    guard newTenant || newClass || opens else { return nil }
    // The first credential of a workload that federates in is its purpose, not a move.
    let isFirst = moment.subject.credentialKind == .none && judgement.survey.reach[edge.parent]?.firstRow == moment.row
    let known = judgement.isKnownIdentity(edge.parent, moment)
    if isFirst, !known { return nil }
    guard var severity = base(moment, edge, account, newClass ? targetClass : 0, newTenant, opens, known, judgement)
    else { return nil }
    var weighed = Weighed(severity: severity, parentClass: parentClass)
    if newClass { weighed.gains.append(Weighing.word(targetClass)) }
    if newTenant { weighed.gains.append("tenant \(account ?? "")") }
    if opens { weighed.gains.append("a session without limits that outlives its key") }
    weighed.why.append(
      ("coverage", known ? "the parent is known for longer than a day" : "first seen, less than a day of coverage"))
    if let probe = probing[edge.parent], moment.time - probe.since <= probeSpan, probe.targets.count >= probes {
      severity = max(severity, .medium)
      weighed.why.append(("refused_before", "\(probe.targets.count) other identities within the hour"))
      weighed.baseline += probe.targets.values.sorted { ($0.batch, $0.row) < ($1.batch, $1.row) }.prefix(3)
    }
    excuse(moment, edge, profile, judgement, &severity, &weighed)
    if !known { excuseHub(edge, judgement, &severity, &weighed) }
    weighed.severity = severity
    weighed.baseline += judgement.firstSeen(edge.parent, besides: moment.row) + shownBy
    return weighed
  }

  func base(
    _ moment: Moment, _ edge: Edge, _ account: String?, _ gained: Int, _ newTenant: Bool, _ opens: Bool, _ known: Bool,
    _ judgement: borrowing Judgement
  ) -> Severity? {
    if known { return gained >= 3 || newTenant ? .high : .medium }
    if gained >= 3 || opens { return .medium }
    if newTenant {
      // In its own organization an account is another tenant only against what the parent was seen to do without it.
      let observed = judgement.survey.reach[edge.parent].map { moment.time - $0.first >= Timestamp.hour } ?? false
      let own = judgement.configuration.accounts.contains(account ?? "")
      return observed || !own ? .medium : .low
    }
    return gained >= 2 ? .low : nil
  }

  func excuse(
    _ moment: Moment, _ edge: Edge, _ profile: Judgement.Profile, _ judgement: borrowing Judgement,
    _ severity: inout Severity, _ weighed: inout Weighed
  ) {
    func lower(_ name: String, _ why: String) {
      severity = min(severity, .low)
      weighed.why.append((name, why))
    }
    if duties.contains(where: { judgement.hasDuty($0, profile) }) { lower("duty", "declared as deployer or broker") }
    for (name, identity) in [("new_parent", edge.parent), ("new_target", edge.target)] {
      if let birth = made[identity], moment.time - birth.time <= grace {
        lower(name, "made at \(judgement.words(birth.time))")
      }
    }
    if let trust = trusted[edge.target], moment.time - trust.time <= grace {
      if trust.inRun { lower("trust", "opened by an infrastructure-as-code run") }
      weighed.baseline.append(trust.row)
    }
    if judgement.survey.runs.contains(moment) || judgement.survey.runs.contains(credential: edge.child) {
      lower("iac", "part of an infrastructure-as-code run")
    }
    let siblings = (judgement.survey.mintEdges.parents[edge.target] ?? []).subtracting([edge.parent])
      .filter { isSibling($0, edge.parent, judgement) }
    if siblings.count >= peers { lower("peers", "\(siblings.count) sibling identities have the edge") }
  }

  /// Without a history: a parent that takes the role of one name in several accounts goes round them (posture, backup, deployment).
  func excuseHub(
    _ edge: Edge, _ judgement: borrowing Judgement, _ severity: inout Severity, _ weighed: inout Weighed
  ) {
    let name = judgement.text(edge.target)
    guard let account = Tenancy.account(name), let cut = name.lastIndex(of: ":") else { return }
    let others = (judgement.survey.mintEdges.targets[edge.parent] ?? []).filter {
      let other = judgement.text($0)
      return other.hasSuffix(name[cut...]) && Tenancy.account(other) != account
    }
    guard others.count >= peers else { return }
    severity = min(severity, .low)
    weighed.why.append(("hub", "the parent takes the role of that name in \(others.count) other accounts"))
  }

  /// The same template: equal up to digits and the last word.
  func isSibling(_ a: Symbol, _ b: Symbol, _ judgement: borrowing Judgement) -> Bool {
    let x = judgement.text(a)
    let y = judgement.text(b)
    func stem(_ s: String) -> Substring {
      let cut = s.lastIndex { "-_/:@".contains($0) } ?? s.startIndex
      return s[..<cut]
    }
    return stem(x) == stem(y)
  }

  func isDeclared(_ account: String?, _ profile: Judgement.Profile, _ judgement: borrowing Judgement) -> Bool {
    guard let account, let scope = judgement.declared(profile)?.scope else { return false }
    return scope.accounts.contains { $0.matches(account) }
  }

  /// The highest class that the parent or the root of its lineage had before: in this data, or in memory.
  func reach(
    of parent: Symbol, _ moment: Moment, _ profile: Judgement.Profile, _ judgement: borrowing Judgement
  ) -> Int {
    var best = 0
    var names = [parent]
    if profile.root >= 0 { names.append(judgement.lineage[profile.root].holder) }
    for name in names where name.isPresent {
      best = max(best, judgement.survey.reach[name]?.privilege(before: moment.time) ?? 0)
      best = max(best, remembered(name, moment, judgement))
    }
    return best
  }

  /// What the target is for: the highest class it was ever seen to exercise; an account of a system namespace is a controller.
  func power(of target: Symbol, _ moment: Moment, _ judgement: borrowing Judgement) -> (Int, [Row]) {
    let seen = judgement.survey.reach[target]
    let now = seen?.privilege() ?? 0
    let row = seen?.rows[now]
    var best = max(now, remembered(target, moment, judgement))
    let parts = judgement.text(target).split(separator: ":")
    if parts.count == 4, parts[0] == "system", parts[1] == "serviceaccount", systemNamespaces.contains(String(parts[2]))
    {
      best = max(best, 3)
    }
    if judgement.memory.recall(grantKey(target, judgement), on: moment.day).isKnown {
      return (4, granted[target].map { [$0] } ?? [])
    }
    return (best, now == best && now > 0 ? row.map { [$0] } ?? [] : [])
  }

  func remembered(_ name: Symbol, _ moment: Moment, _ judgement: borrowing Judgement) -> Int {
    for privilege in stride(from: 4, to: 1, by: -1)
    where judgement.memory.recall(classKey(name, privilege, judgement), before: moment.day).isKnown { return privilege }
    return 0
  }

  func classKey(_ name: Symbol, _ privilege: Int, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("class".utf8), judgement.bytes(name), [UInt8(privilege)]])
  }

  func grantKey(_ name: Symbol, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("granted-admin".utf8), judgement.bytes(name)])
  }

  func wasIn(_ account: String, _ parent: Symbol, _ moment: Moment, _ judgement: inout Judgement) -> Bool {
    let key = judgement.memory.key([Array("mint-tenant".utf8), judgement.bytes(parent), Array(account.utf8)])
    let known = judgement.memory.recall(key, before: moment.day).isKnown
    judgement.memory.remember(key, on: moment.day)
    if known { return true }
    return judgement.survey.reach[parent]?.tenants.contains {
      $0.first < moment.time && judgement.text($0.tenant) == account
    } ?? false
  }
}

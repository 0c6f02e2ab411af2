import EventModel
import EventWindow

/// Acts that are rare and legitimate at best, judged by what they are (detections.md 4.4 and 5.9): LM8, LC5, LL2, LS2 and
/// their kind. A map states a fact about the act, the parameters say which facts count and what raises or lowers them.
///
/// State: targets and acts of the last day, 48 B each, at most 4,096 of each.
struct RareAct: Detector {
  static let kind = "rare-act"

  let number: Int
  let base: Severity
  let rules: RareActRules
  var made: [Symbol: RareActMemory] = [:]
  var prepared: [Symbol: RareActMemory] = [:]
  var told: [Symbol: Told] = [:]
  var authored: Set<[UInt8]> = []
  var trippers: [Symbol: Set<[UInt8]>] = [:]

  /// A finding that a later act on the same target raises.
  struct Told: Sendable {
    var draft: DraftKey
    var time: Int64
    var severity: Severity
    var name: Symbol
  }

  static let limit = 4096
  /// Past so many actors in the first week, later ones join one finding (detections.md 4.4).
  static let crowd = 5
  static let firstWeek = 7 * Timestamp.day

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    base = definition.severity
    rules = try RareActRules(definition.parameters, facts)
  }

  /// The facts that it looks at; events without any concern it only if it ``looksAtAll``.
  var facts: FactSet { rules.interesting }
  var asksForKeyHolders: Bool { rules.raisedIfTargetHoldsKeys }
  var looksAtAll: Bool { !rules.outsideDetail.isEmpty || rules.raisedByUse }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let facts = moment.event.facts
    if moment.event.flags.contains(.echo) { return }
    if rules.outsideDetail.isEmpty == false { learnAccount(moment, &judgement) }
    if rules.raisedByUse, moment.operation.verb == .mint { raiseUsed(moment, &judgement) }
    guard facts.intersects(rules.interesting) else { return }
    defer { remember(moment) }
    raiseEarlier(moment, &judgement)
    guard facts.intersects(rules.wanted), !facts.intersects(rules.unless),
      facts.isSuperset(of: rules.with), moment.event.outcome != .dryRun,
      moment.event.outcome != .throttled
    else { return }
    if rules.attempts == .ignore, !moment.tookPlace { return }
    var owner: [UInt8]?
    if rules.systemActors == .silent, moment.event.flags.contains(.systemActor) {
      guard let found = workload(moment, judgement) else { return }
      owner = found
    }
    if rules.serviceMade == .silent, moment.isServiceMade { return }
    let profile = judgement.profile(moment)
    guard concerns(moment, profile, judgement) else { return }
    if rules.dutiesThatAllow.contains(where: { judgement.hasDuty($0, profile) }) { return judgement.allow(number) }
    let resource = judgement.bytes(moment.event.resource)
    if rules.skippedResources.contains(where: { $0.matches(resource) }) { return }
    if rules.selfTarget == .silent, moment.event.target.isPresent, moment.event.target == moment.subject.name { return }
    var preparation: RareActMemory?
    if facts.intersects(rules.sequenced), !facts.intersects(rules.wanted.subtracting(rules.sequenced)) {
      guard let before = prepared[moment.subject.name], Timestamp.gap(moment.time, before.time) <= rules.afterSpan
      else { return }
      preparation = before
    }
    var outsider: String?
    if facts.intersects(rules.outside) {
      outsider = outside(moment, judgement)
      if outsider == nil, !facts.intersects(rules.wanted.subtracting(rules.outside)) { return }
    }
    if rules.ownerDetail.isEmpty == false, owner == nil {
      if authored.count >= RareAct.limit { authored.removeAll() }
      authored.insert(judgement.bytes(moment.event.resource))
    }
    fire(moment, profile, outsider, owner, preparation, &judgement)
  }

  /// What a controller made is judged by the workload that owns it, in whose name it acts; nil where that is a system's, or
  /// its author was judged.
  private func workload(_ moment: Moment, _ judgement: borrowing Judgement) -> [UInt8]? {
    let name = judgement.bytes(moment.subject.name)
    guard rules.controllers.contains(where: { $0.matches(name) }), !moment.event.facts.intersects(rules.lowering) else {
      return nil
    }
    for detail in judgement.window.details(moment.event, at: moment.row)
    where judgement.text(detail.name) == rules.ownerDetail {
      var owner = judgement.bytes(moment.operation.namespace) + Array("/".utf8) + judgement.bytes(detail.value)
      // A ReplicaSet is named after its Deployment and a hash.
      if Glob("*:replicaset-controller").matches(name), let dash = owner.lastIndex(of: 0x2d) {
        owner.removeSubrange(dash...)
      }
      return authored.contains(owner) ? nil : owner
    }
    return nil
  }

  /// Whether the detection is about actors like this one.
  private func concerns(_ moment: Moment, _ profile: Judgement.Profile, _ judgement: borrowing Judgement) -> Bool {
    switch rules.actors {
    case .any: return true
    case .programmatic: return !profile.isHuman
    case .machine:
      if let kind = judgement.declared(profile)?.kind { return kind != "human" }
      return moment.subject.kind.isMachine && !profile.isHuman
    }
  }

  private mutating func fire(
    _ moment: Moment, _ profile: Judgement.Profile, _ outsider: String?, _ owner: [UInt8]?,
    _ preparation: RareActMemory?, _ judgement: inout Judgement
  ) {
    let word = rules.names.first { moment.event.facts.contains($0.fact) }?.name ?? ""
    let actor = owner ?? judgement.bytes(moment.subject.name)
    var weighed = weigh(moment, profile, word, actor, &judgement)
    guard var severity = weighed.severity else { return }
    var baseline = preparation.map { [$0.row] } ?? []
    if let before = made[moment.event.target], moment.event.target.isPresent, moment.tookPlace, severity >= base,
      Timestamp.gap(moment.time, before.time) <= rules.madeSpan, before.isSame(moment, profile)
    {
      severity = severity.raised(by: 1)
      baseline.append(before.row)
      weighed.raised.append(
        "the same actor made its target \(Wording.span(Timestamp.gap(moment.time, before.time))) before")
    }
    if rules.tier == .occasional, moment.event.flags.contains(.mfa), moment.event.flags.contains(.console) {
      severity = min(severity, .medium)
    }
    let crowd = joinsCrowd(moment, actor, severity, judgement)
    let key = crowd ? Array("first week".utf8) : actor
    let cause = Array(word.utf8) + Array((outsider ?? "").utf8) + place(moment, judgement)
    if moment.event.target.isPresent, severity >= base {
      trim(&told, moment.time)
      told[moment.event.target] = Told(
        draft: judgement.draftKey(number, moment, key: key, cause: cause), time: moment.time, severity: severity,
        name: moment.subject.name)
    }
    judgement.report(number, moment, key: key, cause: cause, severity: severity, baseline: baseline) { draft, j in
      describe(moment, word, outsider, owner, crowd, weighed, &draft, j)
    }
  }

  /// The perimeter or place, where each is a finding of its own.
  private func place(_ moment: Moment, _ judgement: borrowing Judgement) -> [UInt8] {
    switch rules.cause {
    case .fact: []
    case .endpoint: judgement.bytes(moment.origin.endpoint)
    case .target: judgement.bytes(moment.event.target.isPresent ? moment.event.target : moment.event.resource)
    case .resourceKind: judgement.bytes(moment.operation.resourceKind)
    }
  }

  private func describe(
    _ moment: Moment, _ word: String, _ outsider: String?, _ owner: [UInt8]?, _ crowd: Bool, _ weighed: Weighed,
    _ draft: inout Draft, _ j: borrowing Judgement
  ) {
    let who =
      owner.map { "\(String(decoding: $0, as: UTF8.self)) (through \(j.shortName(moment.subject.name)))" }
      ?? j.shortName(moment.subject.name)
    let target = moment.event.target.isPresent ? moment.event.target : moment.event.resource
    let what = rules.phrases[word] ?? j.definitions[number].title
    let named = target.isPresent && target != moment.subject.name && j.text(target) != "*"
    let to = named ? " (\(j.shortName(target)))" : ""
    let tried = moment.tookPlace ? "" : ", refused"
    draft.title =
      crowd
      ? "more than \(RareAct.crowd) identities in their first week, \(who) among them: \(what); confirm or declare them"
      : "\(who): \(what)\(to)\(tried)"
    let credential = moment.subject.credential.isPresent ? " with \(j.text(moment.subject.credential))" : ""
    draft.summary =
      "\(who) called \(j.text(moment.operation.action))\(to) at \(j.words(moment.time)) from \(j.words(moment.origin))"
      + credential + (outsider.map { ", which names \($0), no account of the organization" } ?? "")
      + (moment.tookPlace ? "." : "; the call was refused.")
    draft.explanation.expected =
      rules.tier == .never
      ? "nobody does this as routine" : "nobody does this as routine; a habit is the same act on three days of thirty"
    draft.explanation.seen = "\(j.text(moment.operation.action)): \(word)"
    draft.explanation.threshold = "the first such act of this identity on a day"
    draft.explanation.state =
      [("days_seen_before", "\(weighed.daysBefore)"), ("client", j.text(moment.origin.agent))]
      + weighed.raised.map { ("raised", $0) } + weighed.lowered.map { ("lowered", $0) }
  }
}

import EventModel
import EventWindow

extension Judgement {
  /// States that a detection fired on an event. The first report of a key and cause on a day makes a finding, later ones
  /// raise its count, severity and evidence.
  ///
  /// - Parameters:
  ///   - key: the entity that the finding is about; `cause`: the one new value.
  ///   - severity: nil keeps silent (a guard excused the act).
  ///   - baseline: what it was compared with; every comparing detection must cite one.
  ///   - tenant: where the entity lives, if that is not where the event was logged.
  ///   - describe: fills title, summary and explanation; called once for each finding.
  mutating func report(
    _ detection: Int, _ moment: Moment, key: [UInt8], cause: [UInt8], severity: Severity?, confidence: Grade = .exact,
    baseline: [Row] = [], cite extra: [(role: Finding.Citation.Role, row: Row)] = [], tenant: Symbol? = nil,
    describe: (inout Draft, borrowing Judgement) -> Void
  ) {
    guard var severity else { return }
    let definition = definitions[detection]
    let profile = profile(moment)
    if let declared = declared(profile),
      declared.exceptions.contains(where: {
        $0.detection == definition.id && (moment.time == Timestamp.none || $0.expires > moment.time)
      })
    {
      allowed[definition.id, default: 0] += 1
      return
    }
    // A finding rests on its weakest join: a candidate never says more than medium (detections.md 4.2).
    if confidence == .candidate { severity = min(severity, .medium) }
    let id = DraftKey(
      detection: detection, tenant: tenant ?? moment.operation.tenant, key: key, cause: cause, day: moment.day)
    if var draft = drafts[id] {
      draft.count += 1
      draft.severity = max(draft.severity, severity)
      draft.lastSeen = max(draft.lastSeen, moment.time)
      draft.cite(.trigger, moment.row)
      for item in extra { draft.cite(item.role, item.row) }
      drafts[id] = draft
      return
    }
    var draft = Draft(
      severity: severity, confidence: confidence, subject: moment.event.subject, operation: moment.event.operation,
      node: profile.node, firstSeen: moment.time, lastSeen: moment.time)
    draft.cite(.trigger, moment.row)
    for row in baseline { draft.cite(.baseline, row) }
    for item in extra { draft.cite(item.role, item.row) }
    if profile.node >= 0 {
      for at in lineage.path(from: profile.node).prefix(4) {
        if let row = lineage[at].mintRow { draft.cite(at == profile.node ? .mint : .parent, row) }
      }
    }
    draft.explanation.guards = definition.guards
    describe(&draft, self)
    drafts[id] = draft
  }

  /// Counts an act that a declaration allows.
  mutating func allow(_ detection: Int) { allowed[definitions[detection].id, default: 0] += 1 }

  /// Raises a finding that was reported before; does nothing if there is none.
  mutating func raise(_ detection: Int, _ moment: Moment, key: [UInt8], cause: [UInt8], to severity: Severity) {
    let id = DraftKey(detection: detection, tenant: moment.operation.tenant, key: key, cause: cause, day: moment.day)
    if let draft = drafts[id], draft.severity < severity { drafts[id]?.severity = severity }
  }

  /// Takes back what a later act explains: nothing of it stands.
  mutating func withdraw(_ draft: DraftKey) { drafts[draft] = nil }

  /// Tells what came of an act that was reported before: cites it and raises the finding. Nothing if there is none.
  /// - Returns: whether there was one.
  @discardableResult
  mutating func follow(
    _ id: DraftKey, _ row: Row, _ severity: Severity, as role: Finding.Citation.Role = .followUp, note: String
  ) -> Bool {
    guard var draft = drafts[id] else { return false }
    draft.cite(role, row)
    if draft.severity < severity {
      draft.severity = severity
      draft.explanation.state.append(("raised", note))
    }
    drafts[id] = draft
    return true
  }

  /// The event that an identity was first seen with in this data, if it is not this one: what a first act is compared with.
  func firstSeen(_ name: Symbol, besides row: Row) -> [Row] {
    guard let first = survey.reach[name]?.firstRow, first != row else { return [] }
    return [first]
  }

  /// What a report of these would be filed under.
  func draftKey(_ detection: Int, _ moment: Moment, key: [UInt8], cause: [UInt8]) -> DraftKey {
    DraftKey(detection: detection, tenant: moment.operation.tenant, key: key, cause: cause, day: moment.day)
  }

  /// Raises a finding of an earlier act to which a later one adds; does nothing if there is none.
  mutating func raise(_ draft: DraftKey, to severity: Severity, followUp row: Row) {
    guard var raised = drafts[draft] else { return }
    raised.severity = max(raised.severity, severity)
    raised.cite(.followUp, row)
    drafts[draft] = raised
  }

  /// A place in words that are the same in every run: what a finding's cause and the long memory hold.
  func name(_ place: OriginKey, _ origin: Origin) -> [UInt8] {
    switch place.kind {
    case .none, .service: []
    case .zone: Array("zone:\(configuration.zones[Int(place.value)].name)".utf8)
    case .endpoint: Array("endpoint:".utf8) + bytes(origin.endpoint)
    case .private where place.value == 0: Array("private".utf8)
    case .private, .publicV4, .publicV6: Array("\(origin.address.originKey)".utf8)
    }
  }

  /// An address inside a published range of a cloud provider.
  func isCloud(_ address: Address) -> Bool { configuration.cloudRanges.contains { $0.network.contains(address) } }

  /// The place is the node's own: a pod on the host's network, or behind the node's address translation.
  func isNodeAddress(_ moment: Moment, _ place: OriginKey) -> Bool {
    moment.subject.node.isPresent && survey.nodePlaces[moment.subject.node]?.contains(place) == true
  }

  /// Severity of an act of tier 1 (detections.md 4.4): rare but legitimate.
  ///
  /// Low when a service made the call or inside an IaC run; one lower when it failed, unless the intent counts; low once the
  /// same actor did the same to the same class of target on three days of the last thirty; never high for a person with MFA.
  /// - Parameter habit: the key of the pair; remembered here.
  mutating func rare(
    _ base: Severity, _ moment: Moment, habit: [[UInt8]], intentCounts: Bool = false
  ) -> Severity {
    var severity = base
    let key = memory.key(habit)
    let known = memory.recall(key, on: moment.day)
    if moment.time != Timestamp.none { memory.remember(key, on: moment.day) }
    if known.days >= 3 { severity = min(severity, .low) }
    if moment.isServiceMade || survey.runs.contains(moment) { severity = min(severity, .low) }
    if !moment.tookPlace, !intentCounts { severity = severity.raised(by: -1) }
    if moment.event.flags.contains(.mfa), moment.event.flags.contains(.console) { severity = min(severity, .medium) }
    return severity
  }

  /// What a place is called in a sentence.
  public func words(_ origin: Origin) -> String {
    if let zone = origin.kind == .public || origin.kind == .private || origin.kind == .cgnat
      ? zones.zone(of: origin.address) : nil
    {
      return "\(origin.address) (\(configuration.zones[zone].name))"
    }
    if origin.host.isPresent { return text(origin.host) }
    let endpoint = origin.endpoint.isPresent ? " through \(text(origin.endpoint))" : ""
    return origin.kind == .none ? "an unlogged address" : "\(origin.address)\(endpoint)"
  }

  /// Where the event of another row came from.
  func words(originOf row: Row) -> String { words(window.dictionaries.origin(window[row])) }

  func words(_ time: Int64) -> String { time == Timestamp.none ? "an unlogged time" : Timestamp.text(time) }

  /// The shortest name of an identity that a person recognises: the last part of an ARN, else the name.
  func shortName(_ symbol: Symbol) -> String {
    let name = text(symbol)
    guard name.hasPrefix("arn:") else { return name.isEmpty ? "an unnamed identity" : name }
    return name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).last.map(String.init) ?? name
  }
}

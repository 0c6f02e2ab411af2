import EventModel
import EventWindow

/// a. Platforms: what a workload runs on, and what a role was used from before.
extension ClientBreak {
  mutating func judgePlatform(
    _ moment: Moment, _ name: Symbol, _ role: Role, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) -> Bool {
    let os = moment.origin.os
    guard os == .darwin || os == .windows || os == .browser else { return false }
    let who = judgement.bytes(name)
    // A Mac build host, a Windows fleet: seen on three days, it is how the role is.
    let habit = judgement.memory.recall(key("client-os", who, Array(os.word.utf8), judgement), before: moment.day)
    if habit.days >= 3 { return false }
    let workload = runsOnPlatform(moment, profile, judgement)
    let impossible = workload && (os != .windows || profile.sessionClass == .function)
    guard impossible || isAged(moment, who, role, judgement) && role.systems[os] == nil && habit.days == 0 else {
      return false
    }
    var severity: Severity = workload ? .high : .medium
    if role.hostSystems.contains(os) || isHostAgent(moment, judgement) { severity = severity.raised(by: -1) }
    if told[profile.lock]?.day != moment.day {
      if told.count > 4096 { told = told.filter { $0.value.day == moment.day } }
      told[profile.lock] = (moment.day, moment.operation.tenant)
    }
    let baseline = role.systems[.linux] ?? (role.firstRow == moment.row ? nil : role.firstRow)
    judgement.report(
      number, moment, key: judgement.bytes(profile.lock), cause: Array("os:\(os.word)".utf8), severity: severity,
      baseline: baseline.map { [$0] } ?? judgement.firstSeen(name, besides: moment.row),
      tenant: told[profile.lock]?.tenant
    ) { draft, j in
      let who = j.shortName(name)
      draft.title = "\(who): \(profile.sessionClass.words) used from \(os.phrase)"
      draft.summary =
        "The \(profile.sessionClass.words) \(j.text(moment.subject.credential)) of \(who) called "
        + "\(j.text(moment.operation.action)) with \(j.text(moment.origin.agent)) from \(j.words(moment.origin)) at "
        + "\(j.words(moment.time)); \(impossible ? "what it was issued to does not run there" : "the identity never did so before")."
      draft.explanation.expected =
        impossible ? "a client on the workload's own platform" : "the platforms seen in \(learnDays) days of use"
      draft.explanation.seen = "\(os.phrase): \(j.text(moment.origin.agent))"
      draft.explanation.threshold =
        impossible
        ? "one such client on an attested workload"
        : "0 such clients in \(learnDays) days and \(learnEvents) events"
      draft.explanation.state = [
        ("session", j.text(profile.lock)), ("events_before", "\(j.tenure.eventsBefore(moment))"),
      ]
    }
    return true
  }

  /// The provider's own agent on the host speaks.
  func isHostAgent(_ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    let agent = judgement.bytes(moment.origin.agent).lowered
    return hostAgents.contains { agent.span.contains($0) }
  }

  /// Issued to something whose platform is known: an instance, a task, a pod, a function.
  private func runsOnPlatform(
    _ moment: Moment, _ profile: Judgement.Profile, _ judgement: borrowing Judgement
  ) -> Bool {
    switch profile.sessionClass {
    // Its mint lies before the data, its session name says what it was issued to.
    case .roleSession:
      let session = judgement.bytes(moment.subject.session)
      return workloadSessions.contains { $0.matches(session) }
    case .instance, .task, .podIdentity, .federatedPod, .function: return true
    case .clusterToken: return moment.subject.attestor.isPresent
    default: return false
    }
  }

  func isAged(_ moment: Moment, _ who: [UInt8], _ role: Role, _ judgement: borrowing Judgement) -> Bool {
    guard moment.time != Timestamp.none else { return false }
    let past = judgement.tenure.standing(moment)
    guard let first = past.firstDay, first <= moment.day - learnDays else { return false }
    return judgement.tenure.eventsBefore(moment) >= learnEvents || past.days >= 5
  }

  /// e. A role's session that nothing attests was at work on one platform and is now, in another network, on another one:
  /// its keys were copied. One host, or one network (a container on a laptop), says nothing.
  func judgeChange(
    _ moment: Moment, _ name: Symbol, _ profile: Judgement.Profile, _ began: inout Began?, _ judgement: inout Judgement
  ) -> Bool {
    let os = moment.origin.os
    let place = judgement.place(moment)
    guard os != .none, place.kind == .publicV4 || place.kind == .publicV6 || place.kind == .zone else { return false }
    let network = place.kind == .zone ? place.value : judgement.provider(moment)
    guard let began else {
      began = Began(os: os, kind: place.kind, network: network, row: moment.row, time: moment.time)
      return false
    }
    // IPv4 and IPv6 are two ways out of one host.
    let isComparable = began.kind == place.kind || began.kind == .zone || place.kind == .zone
    guard began.os != os, began.network != network, isComparable, moment.time != Timestamp.none else { return false }
    let who = judgement.bytes(name)
    let habit = judgement.memory.recall(key("client-os", who, Array(os.word.utf8), judgement), before: moment.day)
    if habit.days >= 3 { return false }
    judgement.report(
      number, moment, key: judgement.bytes(profile.lock), cause: Array("change:\(os.word)".utf8), severity: .medium,
      baseline: [began.row]
    ) { draft, j in
      let who = j.shortName(name)
      let there = j.words(originOf: began.row)
      draft.title =
        "\(who): one \(profile.sessionClass.words), first on \(began.os.phrase), then on \(os.phrase) elsewhere"
      draft.summary =
        "The \(profile.sessionClass.words) \(j.text(moment.subject.credential)) of \(who) worked on \(began.os.phrase) from "
        + "\(there) at \(j.words(began.time)), and on \(os.phrase) from \(j.words(moment.origin)) at \(j.words(moment.time))."
      draft.explanation.expected = "the keys of a session stay where it was made"
      draft.explanation.seen = "\(os.phrase): \(j.text(moment.origin.agent)) for \(j.text(moment.operation.action))"
      draft.explanation.threshold = "another platform in another network, within one session"
      draft.explanation.state = [("days_of_habit", "\(habit.days)")]
    }
    return true
  }
}

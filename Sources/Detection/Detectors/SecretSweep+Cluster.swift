import EventModel
import EventWindow

/// Secrets of Kubernetes: all of a cluster, or those of another namespace.
extension SecretSweep {
  mutating func judgeCluster(_ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement) {
    if moment.event.facts.intersects(lists), !moment.operation.namespace.isPresent {
      clusterList(moment, profile, &judgement)
    } else if moment.subject.kind == .serviceAccount, moment.subject.namespace.isPresent,
      moment.operation.namespace.isPresent,
      moment.subject.namespace != moment.operation.namespace
    {
      foreign(moment, profile, &judgement)
    }
  }

  /// All secrets of all namespaces. A controller does it as routine, on its first day too: medium until there is history.
  private func clusterList(_ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement) {
    let habit = judgement.memory.key([Array("secret-list".utf8), judgement.bytes(moment.subject.name)])
    let known = judgement.memory.recall(habit, on: moment.day)
    if moment.time != Timestamp.none { judgement.memory.remember(habit, on: moment.day) }
    if let first = known.firstDay, first < moment.day { return }
    var severity: Severity = history(moment, judgement) ? base : .medium
    if profile.isHuman { severity = .low }
    if !moment.tookPlace { severity = severity.raised(by: -1) }
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name), cause: Array("cluster-list".utf8), severity: severity
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let tried = moment.tookPlace ? "lists" : "tries to list"
      draft.title = "\(who) \(tried) the secrets of the whole cluster"
      draft.summary =
        "\(who) with \(j.credentialWords(moment.subject)) called \(j.text(moment.operation.action)) over all namespaces at "
        + "\(j.words(moment.time)) from \(j.words(moment.origin))\(moment.tookPlace ? ", which returns their values." : "; the call was refused.")"
      draft.explanation.expected = "secrets of its own namespace; no earlier day has such a listing"
      draft.explanation.seen = "\(j.text(moment.operation.action)) without a namespace"
      draft.explanation.threshold =
        "the first on record\(self.history(moment, j) ? "" : ", first seen, less than a day of coverage")"
    }
  }

  /// Another namespace's secret, by a service account: first seen for the pair.
  private mutating func foreign(_ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement) {
    let visit = (name: moment.subject.name, namespace: moment.operation.namespace)
    let habit = judgement.memory.key([
      Array("secret-namespace".utf8), judgement.bytes(visit.name), judgement.bytes(visit.namespace),
    ])
    let known = judgement.memory.recall(habit, on: moment.day)
    if moment.time != Timestamp.none { judgement.memory.remember(habit, on: moment.day) }
    if let first = known.firstDay, first < moment.day { return }
    var routine = false
    SecretRoutine.members(moment, judgement.window.details(moment.event, at: moment.row), judgement.dictionaries) {
      secret in
      if judgement.survey.secrets.isRoutine(moment.subject.name, secret) { routine = true }
    }
    if routine { return }
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name),
      cause: Array("ns:".utf8) + judgement.bytes(visit.namespace),
      severity: moment.tookPlace ? .medium : .low
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let there = j.text(visit.namespace)
      let own = j.text(moment.subject.namespace)
      draft.title = "\(who) \(moment.tookPlace ? "reads" : "tries to read") secrets of namespace \(there)"
      draft.summary =
        "\(who) of namespace \(own) with \(j.credentialWords(moment.subject)) called \(j.text(moment.operation.action)) in \(there) "
        + "at \(j.words(moment.time)) from \(j.words(moment.origin))\(moment.tookPlace ? "." : "; the call was refused.")"
      draft.explanation.expected = "secrets of its own namespace \(own)"
      draft.explanation.seen = "\(j.text(moment.operation.action)) in \(there)"
      draft.explanation.threshold = "the first time on record for this identity and namespace"
    }
  }

  /// The log reaches at least a day back.
  func history(_ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    guard moment.time != Timestamp.none, let start = judgement.survey.coverage[Survey.log(moment)] else { return false }
    return moment.time - start >= Timestamp.day
  }
}

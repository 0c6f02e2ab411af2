import EventModel
import EventWindow

/// The forms that count refused calls: within a minute, over services, over kinds of a cluster, beside questions, over a day.
extension DeniedBurst {
  // (i)
  func burst(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement) {
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
  func byServices(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement) {
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
  func cluster(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement) {
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
  func introspection(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement) {
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
  func slow(_ moment: Moment, _ probe: inout Probe, _ severity: Severity, _ judgement: inout Judgement) {
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

  func serviceNames(_ refused: some Sequence<Refusal>, _ judgement: borrowing Judgement) -> [String] {
    var found: Set<Symbol> = []
    for item in refused {
      let service = judgement.dictionaries.operations[item.operation].service
      if service.isPresent { found.insert(service) }
    }
    return found.map { judgement.text($0) }.sorted()
  }
}

import EventModel
import EventWindow

/// TR7: an old token of a pod is used while the pod itself already works with a fresher one.
///
/// The API server says how much older a token is than it should be. A client that never reads the file again uses it as it did
/// when the token was fresh: that is no theft. Somebody who appears with it later, or elsewhere, copied it.
/// State: per pod its latest fresh use, and up to 16 clients of its tokens: about 200 B, a day since the last use.
struct StaleToken: Detector {
  static let kind = "stale-token"

  private struct Use: Sendable {
    var credential: Symbol
    var place: OriginKey
    var row: Row
    var time: Int64
  }
  private struct Pod: Sendable {
    var fresh: Use?
    /// Clients (token, place, family) seen before the pod had a fresher token.
    var clients: Set<UInt64> = []
    var last: Int64
  }

  private let number: Int
  private let limit: Int
  private var pods: [Symbol: Pod] = [:]
  private var sweep = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    limit = try p.number("stale_seconds", default: 3600)
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let subject = moment.subject
    guard subject.credentialKind == .boundJWT, subject.attestor.isPresent, subject.credential.isPresent,
      moment.time != Timestamp.none, !moment.event.flags.contains(.echo)
    else { return }
    evict(moment.time)
    let place = judgement.place(moment)
    let client = client(moment, place)
    var pod = pods[subject.attestor] ?? Pod(last: moment.time)
    pod.last = moment.time
    defer { pods[subject.attestor] = pod }
    guard moment.event.flags.contains(.staleToken) else {
      pod.fresh = Use(credential: subject.credential, place: place, row: moment.row, time: moment.time)
      if pod.clients.count < 16 { pod.clients.insert(client) }
      return
    }
    guard let fresh = pod.fresh, fresh.credential != subject.credential else {
      // All of the workload is old: its client is.
      if pod.clients.count < 16 { pod.clients.insert(client) }
      return
    }
    guard !pod.clients.contains(client), let age = staleness(moment, judgement), age > limit else { return }
    let elsewhere = isElsewhere(place, fresh, moment, judgement)
    // From the pod's own place only where the log covers the token's whole life: else its client may always have had it.
    if !elsewhere, !isCovered(moment, Int64(age + 3607) * Timestamp.second, judgement) { return }
    report(moment, place, fresh, age, elsewhere, &judgement)
  }

  private func client(_ moment: Moment, _ place: OriginKey) -> UInt64 {
    let h = ByteHash.process
    return h.mix(
      h.mix(h.mix(11, place.value), UInt64(place.kind.rawValue) << 32 | UInt64(moment.origin.family.raw)),
      UInt64(moment.subject.credential.raw))
  }

  private func staleness(_ moment: Moment, _ judgement: borrowing Judgement) -> Int? {
    for detail in judgement.window.details(moment.event, at: moment.row)
    where judgement.text(detail.name) == "stale-seconds" {
      return Int(judgement.text(detail.value))
    }
    return nil
  }

  private func isElsewhere(
    _ place: OriginKey, _ fresh: Use, _ moment: Moment, _ judgement: borrowing Judgement
  ) -> Bool {
    place.isPlace && fresh.place.isPlace && place != fresh.place
      && !moment.event.flags.contains(.addressSpoofable)
      && judgement.survey.tokenPlaces[moment.operation.tenant]?.isBehindProxy != true
      && !judgement.isNodeAddress(moment, place) && !judgement.isNodeAddress(moment, fresh.place)
  }

  private func isCovered(_ moment: Moment, _ span: Int64, _ judgement: borrowing Judgement) -> Bool {
    guard let began = judgement.survey.coverage[Survey.log(moment)] else { return false }
    return began <= moment.time - span
  }

  private func report(
    _ moment: Moment, _ place: OriginKey, _ fresh: Use, _ age: Int, _ elsewhere: Bool, _ judgement: inout Judgement
  ) {
    let severity: Severity = !moment.tookPlace ? .low : elsewhere ? .high : .medium
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.credential), cause: judgement.name(place, moment.origin),
      severity: severity, baseline: [fresh.row]
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let there = j.words(originOf: fresh.row)
      draft.title = "\(who): \(j.definitions[number].title)" + (elsewhere ? ", from another address" : "")
      draft.summary =
        "\(j.text(moment.subject.attestor)) works with \(j.text(fresh.credential)) from \(there); its old token "
        + "\(j.text(moment.subject.credential)), \(age / 3600) hours past its time, was used from "
        + "\(j.words(moment.origin)) at \(j.words(moment.time)) for \(j.text(moment.operation.action))."
      draft.explanation.expected = "clients that read the token again before it is an hour old, or never do"
      draft.explanation.seen = "\(age) seconds past the warning, with client \(j.text(moment.origin.agent))"
      draft.explanation.threshold =
        "more than \(limit) seconds, by a client that did not have the token when it was fresh"
    }
  }

  private mutating func evict(_ now: Int64) {
    guard Timestamp.gap(now, sweep) > Timestamp.hour else { return }
    sweep = now
    pods = pods.filter { Timestamp.gap(now, $0.value.last) <= Timestamp.day }
    if pods.count > 500_000 { pods.removeAll() }
  }
}

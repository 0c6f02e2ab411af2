import EventModel
import EventWindow

/// AM1: two statements of issuers about one credential disagree.
///
/// In one record (facts of the map), or between the mint and a use, or between two uses: a token names one pod and one node,
/// a session one instance, a pod one node. A credential is looked at once for each way it is described: 24 B each. What is
/// declared, and accounts that were made again, are in files of their own.
struct BindingMismatch: Detector {
  static let kind = "binding-mismatch"

  private struct Bound: Sendable {
    var attestor: Symbol
    var node: Symbol
    var row: Row
  }

  let number: Int
  private let stated: FactSet
  private let lesser: FactSet
  private let foreign: Fact?
  private let deleting: FactSet
  let accountGrace: Int64
  var accounts: [Symbol: Account] = [:]
  /// Where each pod runs: it never moves.
  private var podNodes: [Symbol: (node: Symbol, row: Row)] = [:]
  private var bound: [Symbol: Bound] = [:]
  private var seen: [Bool] = []  // by subject
  static let limit = 500_000

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    stated = facts.set(try p.list("facts"))
    lesser = facts.set(try p.list("lesser_facts", default: []))
    foreign = facts[try p.text("foreign_endpoint_fact", default: "")]
    deleting = facts.set(try p.list("deleting_facts", default: []))
    accountGrace = try p.minutes("account_minutes", default: 5)
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    if moment.event.flags.contains(.echo) || moment.isServiceMade { return }
    let said = moment.event.facts
    if said.intersects(stated) { judgeStated(moment, &judgement) }
    if said.intersects(deleting), moment.event.target.isPresent { noteDeleted(moment) }
    if moment.operation.verb == .mint, moment.subject.attestor.isPresent { judgeLogin(moment, &judgement) }
    if let foreign, said.contains(foreign) { judgeEndpoint(moment, &judgement) }
    let slot = Int(moment.event.subject)
    if slot < seen.count, seen[slot] { return }
    if slot >= seen.count { seen.append(contentsOf: repeatElement(false, count: max(256, slot + 1 - seen.count))) }
    seen[slot] = true
    learnAccount(moment, judgement)
    compareDeclared(moment, &judgement)
    compare(moment, &judgement)
  }

  private func judgeStated(_ moment: Moment, _ judgement: inout Judgement) {
    let severity: Severity = moment.event.facts.intersects(lesser) ? .medium : .high
    var observed = Symbol.none
    for detail in judgement.window.details(moment.event, at: moment.row)
    where judgement.text(detail.name) == "observed" {
      observed = detail.value
    }
    report(
      moment, cause: judgement.bytes(observed), severity, baseline: nil,
      "what the record itself says of it does not agree"
        + (observed.isPresent ? ": it was observed as \(judgement.text(observed))" : ""), &judgement)
  }

  /// A workload's call through a network endpoint that another account owns: its session is used in somebody else's network.
  private func judgeEndpoint(_ moment: Moment, _ judgement: inout Judgement) {
    let profile = judgement.profile(moment)
    guard profile.sessionClass.isAttested || profile.sessionClass == .roleSession else { return }
    for detail in judgement.window.details(moment.event, at: moment.row)
    where judgement.text(detail.name) == "endpoint-account" {
      let account = judgement.text(detail.value)
      // A network account of the organization serves many identities.
      if judgement.configuration.accounts.contains(account) || judgement.survey.endpoints.isShared(detail.value) {
        continue
      }
      report(
        moment, cause: Array(account.utf8), profile.sessionClass.isAttested ? .high : .medium, baseline: nil,
        "it came through a network endpoint of the account \(account), which is not of the organization", &judgement)
    }
  }

  private mutating func compare(_ moment: Moment, _ judgement: inout Judgement) {
    let subject = moment.subject
    guard subject.credential.isPresent, subject.attestor.isPresent || subject.node.isPresent else { return }
    if let node = judgement.lineage.find(subject.credential), subject.attestor.isPresent,
      let mint = judgement.lineage[node].mintRow
    {
      let minted = judgement.lineage.attestor(of: subject.credential)
      if differ(minted, subject.attestor, judgement) {
        return report(
          moment, cause: judgement.bytes(subject.attestor), .high, baseline: mint,
          "it was issued to \(judgement.text(minted)) and is used as \(judgement.text(subject.attestor))", &judgement)
      }
    }
    if comparePod(moment, &judgement) { return }
    guard let known = bound[subject.credential] else {
      if bound.count < BindingMismatch.limit {
        bound[subject.credential] = Bound(attestor: subject.attestor, node: subject.node, row: moment.row)
      }
      return
    }
    if differ(known.attestor, subject.attestor, judgement) {
      report(
        moment, cause: judgement.bytes(subject.attestor), .high, baseline: known.row,
        "one credential, and two workloads: \(judgement.text(known.attestor)) and \(judgement.text(subject.attestor))",
        &judgement)
    } else if known.node.isPresent, subject.node.isPresent, known.node != subject.node,
      subject.credentialKind == .boundJWT
    {
      report(
        moment, cause: judgement.bytes(subject.node), .high, baseline: known.row,
        "one token, and two nodes: \(judgement.text(known.node)) and \(judgement.text(subject.node))", &judgement)
    }
  }

  /// Two tokens of one pod that name two nodes.
  private mutating func comparePod(_ moment: Moment, _ judgement: inout Judgement) -> Bool {
    let subject = moment.subject
    guard subject.credentialKind == .boundJWT, subject.attestor.isPresent, subject.node.isPresent else { return false }
    guard let known = podNodes[subject.attestor] else {
      if podNodes.count < BindingMismatch.limit { podNodes[subject.attestor] = (subject.node, moment.row) }
      return false
    }
    guard known.node != subject.node else { return false }
    report(
      moment, cause: judgement.bytes(subject.node), .high, baseline: known.row,
      "one pod, and two nodes: \(judgement.text(known.node)) and \(judgement.text(subject.node))", &judgement)
    return true
  }

  /// Two names of the same kind of thing (`POD:…` and `POD:…`) that are not one; a pod and its account agree.
  private func differ(_ a: Symbol, _ b: Symbol, _ judgement: borrowing Judgement) -> Bool {
    guard a.isPresent, b.isPresent, a != b else { return false }
    let kinds = [a, b].map { judgement.bytes($0).prefix { $0 != 0x3a } }
    return kinds[0] == kinds[1]
      && ["POD", "INST", "TASK", "SERIAL"].contains(String(decoding: kinds[0], as: UTF8.self))
  }

  func report(
    _ moment: Moment, cause: [UInt8], _ severity: Severity, baseline: Row?, _ what: String, _ judgement: inout Judgement
  ) {
    let subject = moment.subject
    let key = subject.credential.isPresent ? subject.credential : subject.name
    judgement.report(
      number, moment, key: judgement.bytes(key), cause: cause,
      severity: moment.tookPlace ? severity : min(severity, .medium),
      baseline: baseline.map { [$0] } ?? []
    ) { draft, j in
      let who = j.shortName(subject.name)
      draft.title = "\(who): \(j.definitions[number].title)"
      draft.summary =
        "\(who) called \(j.text(moment.operation.action)) at \(j.words(moment.time)) from \(j.words(moment.origin)), and "
        + what + "."
      draft.explanation.expected = "all that issuers say of one credential agrees"
      draft.explanation.seen = what
      draft.explanation.threshold = "any disagreement"
      draft.explanation.state = [
        ("credential", j.text(subject.credential)), ("attestor", j.text(subject.attestor)),
        ("node", j.text(subject.node)),
      ]
    }
  }
}

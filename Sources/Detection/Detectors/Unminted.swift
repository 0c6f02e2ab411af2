import EventModel
import EventWindow

/// TR6: a credential is used that nobody issued, though the issuer's log is complete where it must have been issued; or one is
/// issued for longer than its mechanism can.
///
/// Absence proves something only where presence is the rule: of the same principal at least three credentials have their
/// mint in the data and hardly any has not, the log of those mints began an hour before this credential, and it told of
/// mints before, at and after. In a scan only. State: none beyond the survey's.
struct Unminted: Detector {
  static let kind = "unminted"

  private struct Ceiling: Sendable {
    var mechanism: Glob
    var seconds: Int64
  }
  private let number: Int
  private let least, missingPercent: Int
  private let margin, unknownAge: Int64
  private let ceilings: [Ceiling]
  private let chained: Int64
  private var seen: [Bool] = []  // by subject

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    least = try p.number("minted_peers", default: 3)
    missingPercent = try p.number("missing_percent", default: 10)
    margin = try p.minutes("margin_minutes", default: 60)
    unknownAge = try p.minutes("unknown_age_minutes", default: 2880)
    chained = Int64(try p.number("chained_minutes", default: 60)) * 60
    var ceilings: [Ceiling] = []
    for text in try p.list("ceilings", default: []) {
      let parts = text.split(separator: "=").map { String($0.trimming) }
      guard parts.count == 2, let minutes = Int64(parts[1]) else {
        throw DetectionError("a ceiling is written 'sts:AssumeRole = 720' (minutes): '\(text)'")
      }
      ceilings.append(Ceiling(mechanism: Glob(parts[0]), seconds: minutes * 60))
    }
    self.ceilings = ceilings
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.time != Timestamp.none, !moment.event.flags.contains(.echo) else { return }
    if moment.event.mint > 0, moment.tookPlace { judgeLifetime(moment, &judgement) }
    if moment.isServiceMade { return }
    let slot = Int(moment.event.subject)
    if slot < seen.count, seen[slot] { return }
    if slot >= seen.count { seen.append(contentsOf: repeatElement(false, count: max(256, slot + 1 - seen.count))) }
    seen[slot] = true
    if judgement.isWhole, Issuance.ends(moment.subject) { judgeUse(moment, &judgement) }
  }

  private func judgeUse(_ moment: Moment, _ judgement: inout Judgement) {
    let subject = moment.subject
    let profile = judgement.profile(moment)
    guard moment.tookPlace, subject.kind.isMachine, !profile.isHuman, profile.node >= 0,
      !judgement.lineage[profile.node].mintSeen, judgement.lineage[profile.node].parent < 0
    else { return }
    switch profile.sessionClass {
    // What a provider's own service takes is not always logged (functions); service-linked sessions are its own.
    case .function, .serviceLinked, .human, .agent, .other, .longLivedKey, .accessToken: return
    default: break
    }
    guard let holder = judgement.survey.issuance.holders[subject.name], let example = holder.example,
      holder.minted >= least,
      holder.missing * 100 <= max(100, holder.minted * missingPercent), isComplete(moment, holder, judgement)
    else { return }
    let severity: Severity = profile.sessionClass == .clusterToken ? .high : .medium
    judgement.report(
      number, moment, key: judgement.bytes(subject.credential), cause: Array("unminted".utf8), severity: severity,
      baseline: [example]
    ) { draft, j in
      let who = j.shortName(subject.name)
      draft.title = "\(who): \(profile.sessionClass.words) that nobody issued"
      draft.summary =
        "\(j.text(subject.credential)) of \(who) was used from \(j.words(moment.origin)) at \(j.words(moment.time)) for "
        + "\(j.text(moment.operation.action)); its issuer's log, which tells of \(holder.minted) others of the same identity, "
        + "has no mint of it."
      draft.explanation.expected = "a mint for each credential, as for \(holder.minted) others of \(who)"
      draft.explanation.seen = "none; \(holder.missing) of \(holder.minted + holder.missing) are without"
      draft.explanation.threshold =
        "at least \(least) others with a mint, and mints in the log before, at and after the time of issue; a missing file of "
        + "the log would look the same"
      draft.explanation.state = [
        ("issued_at", subject.issuedAt > 0 ? j.words(Int64(subject.issuedAt) * Timestamp.second) : "unlogged")
      ]
    }
  }

  /// The log of the mints covers the time when this credential must have been issued.
  private func isComplete(_ moment: Moment, _ holder: Issuance.Holder, _ judgement: borrowing Judgement) -> Bool {
    guard let began = judgement.survey.coverage.first(where: { $0.key == holder.log })?.value else { return false }
    let issued = moment.subject.issuedAt
    if issued > 0 {
      let time = Int64(issued) * Timestamp.second
      return began <= time - margin && judgement.survey.issuance.isUnbroken(holder.log, around: time)
    }
    // Its age is not logged: no token of a pod is older than this, and the log is that old.
    return began <= moment.time - unknownAge && judgement.survey.issuance.isUnbroken(holder.log, around: moment.time)
  }

  private func judgeLifetime(_ moment: Moment, _ judgement: inout Judgement) {
    guard let mint = judgement.window.mint(moment.event, at: moment.row), mint.expiresAt > 0 else { return }
    let mechanism = judgement.bytes(mint.mechanism.isPresent ? mint.mechanism : moment.operation.action)
    guard var ceiling = ceilings.first(where: { $0.mechanism.matches(mechanism) })?.seconds else { return }
    // Who takes a role with a role's session gets an hour.
    if moment.subject.credentialKind == .stsSession, moment.subject.kind == .role, !moment.isServiceMade {
      ceiling = min(ceiling, chained)
    }
    let lifetime = Int64(mint.expiresAt) - moment.time / Timestamp.second
    guard lifetime > ceiling + 300 else { return }
    let child = mint.child.isPresent ? mint.child : mint.session
    judgement.report(
      number, moment, key: judgement.bytes(child), cause: Array("lifetime".utf8), severity: .medium
    ) { draft, j in
      draft.title = "\(j.shortName(moment.subject.name)): a credential that is valid for longer than its kind can be"
      draft.summary =
        "\(j.text(moment.operation.action)) at \(j.words(moment.time)) gave \(j.text(child)) for \(lifetime / 60) minutes; "
        + "its mechanism gives \(ceiling / 60) at most."
      draft.explanation.expected = "at most \(ceiling / 60) minutes"
      draft.explanation.seen = "\(lifetime / 60) minutes"
      draft.explanation.threshold = "the issuer's own limit and five minutes"
    }
  }
}

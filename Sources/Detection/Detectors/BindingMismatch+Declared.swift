import EventModel
import EventWindow

/// What attests an identity's credentials is declared (`attested_by`), and somebody works with one that something else
/// attests, or nothing does. One look at each way a credential is described.
extension BindingMismatch {
  func compareDeclared(_ moment: Moment, _ judgement: inout Judgement) {
    let profile = judgement.profile(moment)
    guard profile.declared >= 0 else { return }
    let expected = judgement.configuration.identities[Int(profile.declared)].attestedBy
    if expected.isEmpty { return }
    let attestor = judgement.attestor(moment, profile)
    let mint = profile.node < 0 ? nil : judgement.lineage[profile.node].mintRow
    let names = names(attestor, mint, judgement)
    if names.contains(where: { name in expected.contains { $0.matches(name) } }) { return }
    let globs = judgement.configuration.identities[Int(profile.declared)].attestedByTexts.joined(separator: " or ")
    guard let shown = names.first else {
      // Nothing is said of it: only where its mint was seen does that say that nothing attests it.
      guard let mint else { return }
      return report(
        moment, cause: Array("unattested".utf8), .medium, baseline: mint,
        "nothing attests the session that it came with; declared is \(globs)", &judgement)
    }
    report(
      moment, cause: shown, .high, baseline: mint,
      "its credential was issued to \(String(decoding: shown, as: UTF8.self)); declared is \(globs)", &judgement)
  }

  /// What issuers say it was issued to: the attestor, the subject of the token that it was exchanged for, a pod's account.
  private func names(_ attestor: Symbol, _ mint: Row?, _ judgement: borrowing Judgement) -> [[UInt8]] {
    var names: [[UInt8]] = []
    var namespace: [UInt8]?
    var account: [UInt8]?
    if let mint {
      for detail in judgement.window.details(judgement.window[mint], at: mint) {
        switch judgement.text(detail.name) {
        case "subject": names.append(judgement.bytes(detail.value))
        case "tag-namespace": namespace = judgement.bytes(detail.value)
        case "tag-service-account": account = judgement.bytes(detail.value)
        default: break
        }
      }
    }
    if let namespace, let account { names.append(namespace + Array("/".utf8) + account) }
    if attestor.isPresent { names.append(judgement.bytes(attestor)) }
    return names
  }
}

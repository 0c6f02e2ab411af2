import EventModel
import Evidence

/// What to look at after a finding: commands with this finding's own ids, and what to ask, by family.
enum NextSteps {
  static func steps(_ finding: Finding) -> [String] {
    var steps: [String] = []
    let credential = finding.credential.id
    let identity = finding.identity.name.isEmpty ? finding.identity.id : finding.identity.name
    if !credential.isEmpty, finding.family != .logIntegrity {
      steps.append("Who minted it and what it minted: bittern lineage \(shell(credential))")
    }
    steps += questions(finding.family)
    if !identity.isEmpty {
      steps.append("What else this identity did: bittern findings --all --identity \(shell(identity))")
    }
    if !finding.incident.isEmpty {
      steps.append("What belongs to it: bittern findings --all --incident \(shell(finding.incident))")
    }
    if let stop = containment(finding) { steps.append(stop) }
    steps.append(
      "Keep the evidence: bittern export \(finding.id.prefix(16)) --sign KEY -o case-\(finding.id.prefix(8))")
    return steps
  }

  private static func questions(_ family: Family) -> [String] {
    switch family {
    case .tokenReuse:
      [
        "Is the new place yours (NAT, VPN, a new region)? Ask whoever owns the network, not the credential's user.",
        "What was called from the new place first: who-am-I and list calls are how a thief begins.",
      ]
    case .lateralMovement:
      [
        "Which identity was reached, what may it do, and did it do anything after this?",
        "Was the step made by a deployment or a person at work: look at the calls in the minutes before.",
      ]
    case .outOfScope:
      [
        "Was the workload changed lately: a new version explains new calls, a quiet week does not.",
        "What the calls reached: names of secrets, tables and buckets in the cited records.",
      ]
    case .longLivedSecret:
      [
        "Who uses the secret, from how many places, and could a role or a short-lived token do?",
        "Rotate it, watch the old one for use, then remove it.",
      ]
    case .interactiveUse:
      [
        "Who sat there: the address, the client and the hour of the cited sign-in.",
        "What was done in the session: every call of the credential until it expires.",
      ]
    case .attestationMismatch:
      [
        "Where the credential was issued and where it was used: compare the mint's record with the trigger's.",
        "Is the workload that it was issued for still there, and was its host replaced?",
      ]
    case .lifecycle:
      [
        "Who asked for the change: a ticket, a commit, a pipeline run at that minute.",
        "Was the power used since it was given, and by whom?",
      ]
    case .logIntegrity:
      [
        "Which log has the gap or the change, and which other log of the same hours can fill it: bittern status",
        "Who could have done it: the identities with log control that acted around that time.",
      ]
    }
  }

  /// How the credential is stopped, by the log that it was seen in.
  private static func containment(_ finding: Finding) -> String? {
    let id = finding.credential.id
    // The normal form names its kind: AKID:, VACC:, K8SJTI: (lineage.md 3.2).
    let key = id.split(separator: ":", maxSplits: 1).last.map(String.init) ?? id
    if key.hasPrefix("AKIA") {
      return "To stop it: aws iam update-access-key --status Inactive --access-key-id \(shell(key)) --user-name USER"
    }
    if key.hasPrefix("ASIA") {
      return "To stop it: revoke the role's sessions (a policy that denies all where aws:TokenIssueTime is before now)"
    }
    if id.hasPrefix("VACC:") { return "To stop it: vault token revoke -accessor \(shell(key))" }
    if finding.identity.source.hasPrefix("k8s") {
      return "To stop it: delete the pod that the token is bound to, or the ServiceAccount; a bound token dies with it"
    }
    if finding.credential.kind == "agent_session" {
      return "To stop it: end the conversation and take the tool away from the agent"
    }
    return nil
  }

  /// A word of a shell command line.
  static func shell(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
      byte >= 0x61 && byte <= 0x7a || byte >= 0x41 && byte <= 0x5a || byte >= 0x30 && byte <= 0x39
        || [0x2d, 0x2e, 0x2f, 0x3a, 0x5f, 0x40, 0x3d, 0x2c].contains(byte)
    }
    if plain, !text.isEmpty { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}

import Detection
import EventModel
import Lineage

/// Of the machine credentials that were used: for how many the mint was seen, by source and grade, and what an operator
/// could switch on so that more were sure. One pass over subjects and one over claims.
public struct LineageCoverage: Sendable {
  public struct Share: Sendable {
    public var used = 0
    public var minted = 0
    /// How sure the step up from the credential is: to its parent, to what a join found, else to what attests it.
    public var grades: [Grade: Int] = [:]
  }

  /// What makes a join exact that can otherwise only be composed (lineage.md 3.3), and what it would have helped.
  public enum Switch: String, Sendable, CaseIterable {
    case podIdentity = "pod-identity"
    case runID = "run-id"
    case vaultKeys = "vault-keys"
    case peerCertificates = "peer-certificates"

    public var advice: String {
      switch self {
      case .podIdentity: "EKS Pod Identity instead of IRSA: the pod's uid then stands in both logs"
      case .runID:
        "configure-aws-credentials 6.2.0 or later, or run_id in the token's subject: a session then names its run"
      case .vaultKeys:
        "audit_non_hmac_response_keys=access_key on Vault's AWS mount: the audit log then names the key it gave out"
      case .peerCertificates:
        "the peer certificate's serial or fingerprint in Envoy's log format: calls then name a certificate, not an identity"
      }
    }
  }

  public private(set) var sources: [String: Share] = [:]
  /// How many used credentials each switch would make surer; none that would help nobody.
  public private(set) var switches: [Switch: Int] = [:]
  /// The sources whose credentials those are.
  private var wantedBy: [Switch: Set<String>] = [:]
  /// Machine identities, and those of them that have a history to compare with.
  public private(set) var identities = 0
  public private(set) var mature = 0

  init(_ engine: DetectionEngine) {
    let lineage = engine.lineage
    (identities, mature) = engine.census
    var counted: Set<Int32> = []
    for (id, use) in lineage.usage.entries.enumerated() where use.events > 0 {
      let subject = engine.window.dictionaries.subjects[UInt32(id)]
      guard subject.kind.isMachine, !subject.credentialKind.isLongLived, !subject.flags.contains(.serviceMade),
        subject.credentialKind != .agentSession, let node = lineage.find(subject.credential),
        counted.insert(node).inserted
      else { continue }
      let source = engine.content.sourceNames[Int(use.source)]
      sources[source, default: Share()].used += 1
      if source == "envoy_access", has(engine, subject.credential, prefix: "SPIFFE:") {
        want(.peerCertificates, for: source)
      }
      guard lineage[node].mintSeen else { continue }
      sources[source, default: Share()].minted += 1
      sources[source, default: Share()].grades[lineage.grade(above: node), default: 0] += 1
      if let wanted = wanted(engine, node) { want(wanted, for: source) }
    }
  }

  private mutating func want(_ wanted: Switch, for source: String) {
    switches[wanted, default: 0] += 1
    wantedBy[wanted, default: []].insert(source)
  }

  /// Which switch would have made a join unnecessary.
  private func wanted(_ engine: DetectionEngine, _ node: Int32) -> Switch? {
    let lineage = engine.lineage
    let claim = lineage.claim(of: node)
    guard claim.isPresent, lineage[node].joinGrade < .exact else { return nil }
    if has(engine, claim, prefix: "system:serviceaccount:") {
      return has(engine, lineage[node].mechanism, prefix: "sts:AssumeRoleWithWebIdentity") ? .podIdentity : nil
    }
    if has(engine, claim, prefix: "repo:") { return .runID }
    return has(engine, claim, prefix: "vault-") || has(engine, claim, prefix: "vault:") ? .vaultKeys : nil
  }

  private func has(_ engine: DetectionEngine, _ symbol: Symbol, prefix: String) -> Bool {
    engine.window.dictionaries.text(symbol).utf8.starts(with: prefix.utf8)
  }

  /// What `bittern status` shows of it, by source.
  var meta: [String: String] {
    var meta: [String: String] = [:]
    if identities > 0 {
      meta["coverage.history"] =
        "\(mature) of \(identities) machine identities have a history to compare with; the others are learned until they have 14 active days or 500 events over three days"
    }
    for (name, share) in sources {
      meta["coverage." + name] =
        "the mint of \(share.minted) of \(share.used) used machine credentials was seen\(share.words)"
    }
    for (wanted, count) in switches {
      meta["switch." + wanted.rawValue] = "\(count): \(wanted.advice)"
      meta["switch_of." + wanted.rawValue] = wantedBy[wanted, default: []].sorted().joined(separator: " ")
    }
    return meta
  }

  /// What of a store's meta holds no longer: switches that none of the credentials of their sources would need now. Where
  /// none of those was used, nothing is known.
  func outdated(in stored: [String: String]) -> [String] {
    Switch.allCases.filter { switches[$0] == nil && stored["switch." + $0.rawValue] != nil }.filter { wanted in
      let of = stored["switch_of." + wanted.rawValue]?.split(separator: " ").map(String.init)
      return (of ?? Array(sources.keys)).contains { sources[$0, default: Share()].used > 0 }
    }.flatMap { ["switch." + $0.rawValue, "switch_of." + $0.rawValue] }
  }
}

extension LineageCoverage.Share {
  /// ` (12 exact, 3 strong)`; nothing where no mint was seen.
  public var words: String {
    let parts = grades.sorted { $0.key > $1.key }.map {
      "\($0.value) \($0.key == .none ? "without a parent" : $0.key.name)"
    }
    return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
  }
}

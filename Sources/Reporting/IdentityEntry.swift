import EventModel
import Evidence

/// One identity as governance sees it: what it is, whose it is, what it uses, and which practices it breaks.
public struct IdentityEntry: Sendable, Equatable {
  /// A practice that an identity does not keep (product.md, "five practices").
  public enum Flag: String, Sendable, CaseIterable {
    /// Logs in as a human would: console, browser, password.
    case humanLogin = "human-login"
    /// Holds a credential that is valid until somebody revokes it.
    case longLivedSecret = "long-lived-secret"
    /// None of its sessions was attested.
    case noAttestation = "no-attestation"
    /// Used power to grant, launch, exec or change logging, and not for 30 days of its data.
    case standingPrivilege = "standing-privilege"
    case noOwner = "no-owner"
    /// Unused for 45 days before the newest event of the store.
    case dormant
    /// Its oldest live long-lived credential is older than 90 days, or of unknown age.
    case notRotated = "not-rotated"
  }

  public var id: String
  public var name = ""
  public var kind = ""
  public var owner: String?
  /// The declaration in identities.yml that covers it.
  public var declaredAs: String?
  public var isScopeDeclared = false
  public var sources: [String] = []
  public var tenants: [String] = []
  /// Nanoseconds since 1970.
  public var firstUsed: Int64?
  public var lastUsed: Int64?
  public var events: Int64 = 0
  public var denied: Int64 = 0
  public var liveCredentials = 0
  /// Whole days of the oldest live credential; nil: none is live, or one has no known issue time.
  public var oldestDays: Int?
  /// A live credential whose issue time no log tells.
  public var isAgeUnknown = false
  public var credentialKinds: [String] = []
  public var verbs: [String: Int64] = [:]
  public var origins: [String] = []
  public var services: [String] = []
  public var isAttested = false
  public var lastPrivileged: Int64?
  /// How far detections of history know it; nil where they learn nothing of it: people, services.
  public var history: History?
  /// In the order of the cases.
  public var flags: [Flag] = []

  /// What there is to compare an identity with, at the newest event of the store.
  public struct History: Sendable, Equatable {
    /// Of the last 30.
    public var activeDays: Int
    /// Of those days, at least.
    public var events: Int
    /// Midnight (ns since 1970) from which on it is compared, if it works every day until then; nil: it is compared.
    public var learnsUntil: Int64?
    public init(activeDays: Int, events: Int, learnsUntil: Int64?) {
      self.activeDays = activeDays
      self.events = events
      self.learnsUntil = learnsUntil
    }

    var day: String { learnsUntil.map { String(Timestamp.text($0).prefix(10)) } ?? "" }
    var words: String {
      learnsUntil == nil
        ? "learned (\(activeDays) active days)"
        : "learning until \(day) or later (\(activeDays) active day\(activeDays == 1 ? "" : "s") so far)"
    }
    var json: JSONValue {
      .object([
        "active_days": .int(Int64(activeDays)), "events_at_least": .int(Int64(events)),
        "learned": .bool(learnsUntil == nil), "learns_until": learnsUntil == nil ? .null : .text(day),
      ])
    }
  }

  public init(id: String) { self.id = id }

  /// It acts without a person at the keyboard.
  public var isMachine: Bool { ActorKind(name: kind)?.isMachine ?? false }

  /// What a person calls it: the last part of an ARN, else the name.
  public var shortName: String { IdentityEntry.shortName(name.isEmpty ? id : name) }

  static func shortName(_ full: String) -> String {
    guard full.hasPrefix("arn:") else { return full }
    return full.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false).last.map(String.init) ?? full
  }

  /// By number of flags, most first; then by name.
  public static func graver(_ a: IdentityEntry, _ b: IdentityEntry) -> Bool {
    if a.flags.count != b.flags.count { return a.flags.count > b.flags.count }
    if a.name != b.name { return a.name.utf8.lexicographicallyPrecedes(b.name.utf8) }
    return a.id.utf8.lexicographicallyPrecedes(b.id.utf8)
  }

  /// One NDJSON object; members that nothing is known of are null.
  public var json: JSONValue {
    .object([
      "id": .text(id), "name": .text(name), "kind": .text(kind), "owner": owner.map { .text($0) } ?? .null,
      "declared_as": declaredAs.map { .text($0) } ?? .null, "scope": .text(scope), "sources": .texts(sources),
      "tenants": .texts(tenants), "first_used": .time(firstUsed), "last_used": .time(lastUsed), "events": .int(events),
      "denied": .int(denied), "live_credentials": .int(Int64(liveCredentials)),
      "oldest_credential_days": oldestDays.map { .int(Int64($0)) } ?? .null, "age_unknown": .bool(isAgeUnknown),
      "credential_kinds": .texts(credentialKinds), "verbs": .object(verbs.mapValues { .int($0) }),
      "origins": .texts(origins), "services": .texts(services), "attested": .bool(isAttested),
      "last_privileged": .time(lastPrivileged), "history": history?.json ?? .null,
      "flags": .texts(flags.map(\.rawValue)),
    ])
  }

  var scope: String { isScopeDeclared ? "declared" : "none" }
  /// The age of the oldest live credential in words.
  var age: String { isAgeUnknown ? "?" : oldestDays.map { "\($0) d" } ?? "" }
}

/// Identities as CSV: a header, then a row each, CRLF, every cell through `EscapedText.csv`.
public enum IdentityCSV {
  public static let columns = [
    "id", "name", "kind", "owner", "declared_as", "scope", "sources", "tenants", "first_used", "last_used", "events",
    "denied", "live_credentials", "oldest_credential_days", "age_unknown", "credential_kinds", "origins", "services",
    "attested", "last_privileged", "flags", "active_days", "learns_until",
  ]

  /// With CRLF.
  public static var header: String { FindingCSV.row(columns) }

  /// With CRLF; lists are joined with "; ".
  public static func row(_ i: IdentityEntry) -> String {
    func time(_ time: Int64?) -> String { time.map(Timestamp.text) ?? "" }
    func list(_ texts: [String]) -> String { texts.joined(separator: "; ") }
    let who = [i.id, i.name, i.kind, i.owner ?? "", i.declaredAs ?? "", i.scope, list(i.sources), list(i.tenants)]
    let use = [time(i.firstUsed), time(i.lastUsed), String(i.events), String(i.denied), String(i.liveCredentials)]
    let age = [i.oldestDays.map(String.init) ?? "", i.isAgeUnknown ? "true" : "false"]
    let what = [list(i.credentialKinds), list(i.origins), list(i.services), i.isAttested ? "true" : "false"]
    let history = [i.history.map { String($0.activeDays) } ?? "", i.history?.day ?? ""]
    return FindingCSV.row(
      who + use + age + what + [time(i.lastPrivileged), list(i.flags.map(\.rawValue))] + history)
  }
}

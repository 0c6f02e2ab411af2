import Detection
import EventModel
import Evidence
import PipelineContent
import Reporting

/// Every identity that the store knows, with what is declared of it and the practices it breaks. O(identities + credentials).
public struct StoredInventory {
  private let rows: [IdentityRow]
  private let credentials: [String: [CredentialRow]]
  private let declarations: [IdentityDeclaration]
  /// The newest event of the store, and of each log.
  private let newest: Int64
  private let newestOf: [String: Int64]
  private let history: StoredHistory?

  static let unusedPrivilege = 30 * Timestamp.day
  static let dormant = 45 * Timestamp.day
  static let rotation = 90 * Timestamp.day
  /// A session without a known expiry counts as live for so long after its last use.
  static let quiet = Timestamp.day

  public init(
    identities: [IdentityRow], credentials: [CredentialRow], sources: [SourceRow], configuration: Configuration,
    history: StoredHistory? = nil
  ) {
    self.history = history
    rows = identities
    let held = credentials.filter { !$0.holder.isEmpty && $0.kind != CredentialKind.none.name }
    self.credentials = Dictionary(grouping: held, by: \.holder)
    declarations = configuration.detection.identities
    newestOf = LogEnds.of(sources, identities)
    newest = newestOf.values.max() ?? 0
  }

  /// Rows of one name are one identity, whichever log and tenant they come from.
  /// Flags are for machines only.
  /// - Parameter all: people, the cloud's own services, root, anonymous and unknown callers too.
  public func entries(all: Bool) -> [IdentityEntry] {
    Dictionary(grouping: rows) { $0.name.isEmpty ? $0.id : $0.name }.values.map(entry)
      .filter { all || $0.isMachine }.sorted(by: IdentityEntry.graver)
  }

  private func entry(_ rows: [IdentityRow]) -> IdentityEntry {
    let rows = rows.sorted { ($0.events, $1.id) > ($1.events, $0.id) }
    var entry = IdentityEntry(id: rows[0].id)
    entry.name = rows[0].name
    entry.kind = rows[0].kind
    for row in rows {
      entry.owner = entry.owner ?? row.owner
      entry.firstUsed = [entry.firstUsed, row.firstUsed].compactMap { $0 }.min()
      entry.lastUsed = [entry.lastUsed, row.lastUsed].compactMap { $0 }.max()
      entry.lastPrivileged = [entry.lastPrivileged, row.lastPrivileged].compactMap { $0 }.max()
      entry.events += row.events
      entry.denied += row.denied
      entry.verbs.merge(row.verbs, uniquingKeysWith: +)
      entry.isAttested = entry.isAttested || row.isAttested
    }
    entry.sources = union(rows.map { [$0.source] })
    entry.tenants = union(rows.map { [$0.tenant] })
    entry.services = union(rows.map(\.services))
    entry.origins = union(rows.map(\.origins))
    entry.credentialKinds = union(rows.map(\.credentialKinds))
    declare(&entry)
    let live = measure(&entry)
    if entry.isMachine {
      entry.history = history.map { IdentityEntry.History($0.learning(of: entry.name.isEmpty ? entry.id : entry.name)) }
      entry.flags = flags(entry, live, isInteractive: rows.contains(where: \.isInteractive))
    }
    return entry
  }

  private func union(_ lists: [[String]]) -> [String] {
    Set(lists.joined()).subtracting([""]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What identities.yml says now goes before what it said when the log was read.
  private func declare(_ entry: inout IdentityEntry) {
    let names = [entry.name, entry.id].filter { !$0.isEmpty }
    guard
      let declared = declarations.first(where: { d in d.matches.contains { g in names.contains { g.matches($0) } } })
    else { return }
    entry.declaredAs = declared.id
    entry.owner = declared.owner ?? entry.owner
    entry.isScopeDeclared = declared.scope != nil
  }

  /// Live credentials and the age of the oldest.
  private func measure(_ entry: inout IdentityEntry) -> [CredentialRow] {
    let live = (credentials[entry.name] ?? []).filter(isLive)
    entry.liveCredentials = live.count
    entry.isAgeUnknown = live.contains { $0.issuedAt == nil }
    if let oldest = live.compactMap(\.issuedAt).min() {
      entry.oldestDays = Int(max(0, newest - oldest) / Timestamp.day)
    }
    return live
  }

  /// At the newest event of the store.
  private func isLive(_ row: CredentialRow) -> Bool {
    if let expires = row.expiresAt { return expires > newest }
    if isLongLived(row.kind) { return true }
    return [row.lastUsed, row.issuedAt].compactMap { $0 }.max().map { newest - $0 <= StoredInventory.quiet } ?? false
  }

  private func isLongLived(_ kind: String) -> Bool { CredentialKind(name: kind)?.isLongLived ?? false }

  private func flags(_ entry: IdentityEntry, _ live: [CredentialRow], isInteractive: Bool) -> [IdentityEntry.Flag] {
    let secrets = live.filter { isLongLived($0.kind) }
    let usesSecret = entry.credentialKinds.contains(where: isLongLived)
    // Its key may be known by the identity's use only: then nothing tells how old it is.
    let isOld = secrets.contains { $0.issuedAt.map { newest - $0 > StoredInventory.rotation } ?? true }
    let end = entry.sources.compactMap { newestOf[$0] }.max() ?? newest
    let broken: [(IdentityEntry.Flag, Bool)] = [
      (.humanLogin, isInteractive), (.longLivedSecret, usesSecret || !secrets.isEmpty),
      (.noAttestation, !entry.isAttested),
      (.standingPrivilege, entry.lastPrivileged.map { end - $0 > StoredInventory.unusedPrivilege } ?? false),
      (.noOwner, entry.owner == nil),
      (.dormant, entry.lastUsed.map { newest - $0 > StoredInventory.dormant } ?? false),
      (.notRotated, isOld || usesSecret && secrets.isEmpty),
    ]
    return broken.filter(\.1).map(\.0)
  }
}

/// How far each log reaches.
public enum LogEnds {
  /// The newest event of each log. An input is named after the log that most of its records belong to; the others that came
  /// through the same pipe reach at least as far as their identities were seen.
  public static func of(_ sources: [SourceRow], _ identities: [IdentityRow]) -> [String: Int64] {
    let seen = sources.map { ($0.log, $0.lastEvent) } + identities.map { ($0.source, $0.lastUsed) }
    return seen.reduce(into: [:]) { ends, item in
      if let last = item.1, !item.0.isEmpty { ends[item.0] = max(ends[item.0] ?? last, last) }
    }
  }
}

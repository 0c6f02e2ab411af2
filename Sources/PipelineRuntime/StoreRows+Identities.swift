import Detection
import EventModel
import Evidence
import Lineage

extension StoreRows {
  /// One row for each principal: its subjects (sessions, credentials) added up. O(subjects).
  func identities() -> [IdentityRow] {
    var rows: [IdentityRow] = []
    var index: [Symbol: Int] = [:]
    // Events by kind: a name may act as several, the busiest one is what it is.
    var kinds: [[Int]] = []
    for (id, use) in lineage.usage.entries.enumerated() where use.events > 0 {
      let subject = engine.window.dictionaries.subjects[UInt32(id)]
      guard subject.actor.isPresent || subject.name.isPresent else { continue }
      let key = subject.name.isPresent ? subject.name : subject.actor
      let at = index[key] ?? rows.count
      if at == rows.count {
        index[key] = at
        var row = IdentityRow(id: text(subject.actor))
        row.name = text(subject.name)
        row.source = engine.content.sourceNames[Int(use.source)]
        row.tenant = text(subject.home.isPresent ? subject.home : use.tenant)
        row.owner = engine.judgement.owner(of: subject)
        rows.append(row)
        kinds.append(Array(repeating: 0, count: ActorKind.allCases.count))
      }
      kinds[at][Int(subject.kind.rawValue)] += Int(use.events)
      add(use, to: &rows[at])
      add(subject, use, to: &rows[at])
    }
    for (n, counts) in kinds.enumerated() {
      let busiest = counts.indices.max { (counts[$0], $1) < (counts[$1], $0) } ?? 0
      rows[n].kind = ActorKind.words[busiest]
    }
    return rows
  }

  private func add(_ use: Usage.Entry, to row: inout IdentityRow) {
    row.events += Int64(use.events)
    row.denied += Int64(use.denied)
    if use.firstUsed != Int64.max { row.firstUsed = min(row.firstUsed ?? Int64.max, use.firstUsed) }
    if use.lastUsed != Int64.min { row.lastUsed = max(row.lastUsed ?? Int64.min, use.lastUsed) }
    if use.lastPrivileged > 0 {
      row.lastPrivileged = max(row.lastPrivileged ?? 0, Int64(use.lastPrivileged) * Timestamp.second)
    }
    for verb in Verb.allCases where use.verbs[Int(verb.rawValue)] > 0 {
      row.verbs[verb.name, default: 0] += Int64(use.verbs[Int(verb.rawValue)])
    }
    for service in use.services where service.isPresent && row.services.count < 16 {
      let name = text(service)
      if !row.services.contains(name) { row.services.append(name) }
    }
    for origin in use.origins where row.origins.count < 8 {
      let name = engine.place(origin)
      if !name.isEmpty, !row.origins.contains(name) { row.origins.append(name) }
    }
  }

  private func add(_ subject: Subject, _ use: Usage.Entry, to row: inout IdentityRow) {
    let flags = subject.flags.union(use.flags)
    if flags.contains(.interactiveLogin) || flags.contains(.console) { row.isInteractive = true }
    if flags.contains(.attested) || subject.attestor.isPresent { row.isAttested = true }
    if !row.isAttested, let node = lineage.find(subject.credential), lineage.attestor(of: node) != nil {
      row.isAttested = true
    }
    let kind = subject.credentialKind
    if kind != .none, !row.credentialKinds.contains(kind.name) { row.credentialKinds.append(kind.name) }
  }
}

extension DetectionEngine {
  /// The words of an origin; empty where the record names no place.
  func place(_ origin: UInt32) -> String {
    let place = window.dictionaries.origins[origin]
    return place.kind == .none && !place.host.isPresent ? "" : judgement.words(place)
  }
}

/// What was done with each credential: its subjects' usage, added up. O(subjects) to make.
struct CredentialDeeds: Sendable {
  private let engine: DetectionEngine
  /// The first subject of each node and the next one of each subject; -1 none.
  private var first: [Int32]
  private var next: [Int32]

  init(_ engine: DetectionEngine) {
    self.engine = engine
    let entries = engine.lineage.usage.entries
    first = Array(repeating: -1, count: engine.lineage.nodes.count)
    next = Array(repeating: -1, count: entries.count)
    for id in entries.indices where entries[id].events > 0 {
      let subject = engine.window.dictionaries.subjects[UInt32(id)]
      guard let node = engine.lineage.find(subject.credential) else { continue }
      next[id] = first[Int(node)]
      first[Int(node)] = Int32(id)
    }
  }

  func fill(_ row: inout CredentialRow, _ node: Int32) {
    var at = first[Int(node)]
    while at >= 0 {
      let use = engine.lineage.usage.entries[Int(at)]
      at = next[Int(at)]
      for verb in Verb.allCases where use.verbs[Int(verb.rawValue)] > 0 {
        row.verbs[verb.name, default: 0] += Int64(use.verbs[Int(verb.rawValue)])
      }
      for origin in use.origins where row.origins.count < CredentialRow.kept {
        let name = engine.place(origin)
        if !name.isEmpty, !row.origins.contains(name) { row.origins.append(name) }
      }
      let log = engine.content.sourceNames[Int(use.source)]
      if !row.logs.contains(log) { row.logs.append(log) }
      guard use.lastActed != Int64.min else { continue }
      let action = engine.window.dictionaries.text(engine.window.dictionaries.operations[use.lastOperation].action)
      // Of two acts at one moment the first by name: the same in every order.
      let isLater = row.lastActed.map { use.lastActed > $0 || use.lastActed == $0 && action < row.lastAction } ?? true
      if isLater { (row.lastActed, row.lastAction) = (use.lastActed, action) }
    }
    row.origins.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    row.logs.sort()
  }
}

import Detection
import EventModel
import EventWindow
import Evidence
import Lineage

extension StoreRows {
  /// One row for each principal: its subjects (sessions, credentials) added up. O(n log n) subjects to begin with.
  func identities() -> LazyRows<IdentityRow> {
    var subjects: [(key: Symbol, id: Int32)] = []
    for (id, use) in lineage.usage.entries.enumerated() where use.events > 0 {
      let subject = window.subject(UInt32(id))
      let key = subject.name.isPresent ? subject.name : subject.actor
      if key.isPresent { subjects.append((key, Int32(id))) }
    }
    subjects.sort { ($0.key.raw, $0.id) < ($1.key.raw, $1.id) }
    var groups: [Range<Int>] = []
    var start = 0
    for n in subjects.indices where n + 1 == subjects.count || subjects[n + 1].key != subjects[n].key {
      groups.append(start..<(n + 1))
      start = n + 1
    }
    return LazyRows(count: groups.count) { [self, subjects, groups] n in identity(subjects[groups[n]].map(\.id)) }
  }

  private func identity(_ subjects: [Int32]) -> IdentityRow {
    let first = window.subject(UInt32(subjects[0]))
    let entries = lineage.usage.entries
    var row = IdentityRow(id: text(first.actor))
    row.name = text(first.name)
    row.source = engine.content.sourceNames[Int(entries[Int(subjects[0])].source)]
    row.tenant = text(first.home.isPresent ? first.home : entries[Int(subjects[0])].tenant)
    row.owner = engine.judgement.owner(of: first)
    // Events by kind: a name may act as several, the busiest one is what it is.
    var kinds = Array(repeating: 0, count: ActorKind.allCases.count)
    for id in subjects {
      let (subject, use) = (window.subject(UInt32(id)), entries[Int(id)])
      kinds[Int(subject.kind.rawValue)] += Int(use.events)
      add(use, to: &row)
      add(subject, use, to: &row)
    }
    let busiest = kinds.indices.max { (kinds[$0], $1) < (kinds[$1], $0) } ?? 0
    row.kind = ActorKind.words[busiest]
    return row
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
  private let window: EventWindow
  private let entries: [Usage.Entry]
  /// The first subject of each node and the next one of each subject; -1 none.
  private var first: [Int32]
  private var next: [Int32]

  init(_ engine: DetectionEngine) {
    self.engine = engine
    let lineage = engine.lineage
    window = engine.window
    entries = lineage.usage.entries
    first = Array(repeating: -1, count: lineage.nodes.count)
    next = Array(repeating: -1, count: entries.count)
    for id in entries.indices where entries[id].events > 0 {
      let subject = window.dictionaries.subjects[UInt32(id)]
      guard let node = lineage.find(subject.credential) else { continue }
      next[id] = first[Int(node)]
      first[Int(node)] = Int32(id)
    }
  }

  func fill(_ row: inout CredentialRow, _ node: Int32) {
    var at = first[Int(node)]
    while at >= 0 {
      let use = entries[Int(at)]
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
      let action = window.dictionaries.text(window.dictionaries.operations[use.lastOperation].action)
      // Of two acts at one moment the first by name: the same in every order.
      let isLater = row.lastActed.map { use.lastActed > $0 || use.lastActed == $0 && action < row.lastAction } ?? true
      if isLater { (row.lastActed, row.lastAction) = (use.lastActed, action) }
    }
    row.origins.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    row.logs.sort()
  }
}

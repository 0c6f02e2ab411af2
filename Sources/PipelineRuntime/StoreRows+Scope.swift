import EventModel
import EventWindow
import Evidence
import Lineage

extension StoreRows {
  /// What each machine identity did, for its scope: all rows of one identity at a time, in the order of their names.
  /// Namespaces and kinds of objects are added up. O(n log n) pairs to begin with.
  func scope() -> LazyRows<[ScopeRow]> {
    let kinds = kindsOfMachines()
    let entries = lineage.acts.entries.filter { kinds[$0.name] != nil }.sorted { $0.name.raw < $1.name.raw }
    var groups: [Range<Int>] = []
    var start = 0
    for n in entries.indices where n + 1 == entries.count || entries[n + 1].name != entries[n].name {
      groups.append(start..<(n + 1))
      start = n + 1
    }
    let symbols = window.dictionaries.symbols
    groups.sort { symbols.precedes(entries[$0.lowerBound].name, entries[$1.lowerBound].name) }
    return LazyRows(count: groups.count) { [self, groups] n in
      scope(entries[groups[n]], kinds[entries[groups[n].lowerBound].name] ?? .unknown)
    }
  }

  private func scope(_ entries: ArraySlice<ActCounts.Entry>, _ kind: ActorKind) -> [ScopeRow] {
    var index: [Act: Int] = [:]
    var rows: [ScopeRow] = []
    for entry in entries {
      let operation = window.operation(entry.operation)
      let act = Act(
        source: operation.source, service: operation.service, action: operation.action, region: operation.region,
        tenant: operation.tenant)
      let at = index[act] ?? rows.count
      if at == rows.count {
        index[act] = at
        rows.append(
          ScopeRow(
            identity: text(entry.name), source: engine.content.sourceNames[Int(act.source)],
            service: text(act.service), action: text(act.action), region: text(act.region), account: text(act.tenant),
            kind: kind.name))
      }
      if entry.isRefused { rows[at].denied += Int64(entry.count) } else { rows[at].count += Int64(entry.count) }
      rows[at].lastDay = max(rows[at].lastDay, Int32(entry.lastDay))
      if entry.firstDay > 0, rows[at].firstDay == 0 || Int32(entry.firstDay) < rows[at].firstDay {
        rows[at].firstDay = Int32(entry.firstDay)
      }
    }
    return rows
  }

  private struct Act: Hashable {
    var source: UInt8
    var service: Symbol
    var action: Symbol
    var region: Symbol
    var tenant: Symbol
  }

  /// Machine identities by name, without those that a person's sessions share a name with.
  private func kindsOfMachines() -> [Symbol: ActorKind] {
    let subjects = window.dictionaries.subjects.values
    var kinds: [Symbol: ActorKind] = [:]
    for subject in subjects where subject.kind.isMachine && subject.name.isPresent {
      kinds[subject.name] = subject.kind
    }
    for subject in subjects where subject.kind == .human { kinds[subject.name] = nil }
    return kinds
  }
}

import EventModel
import EventWindow
import Evidence
import Lineage

extension StoreRows {
  /// What each machine identity did, for its scope. Namespaces and kinds of objects are added up. O(pairs).
  func scope() -> [ScopeRow] {
    let dictionaries = engine.window.dictionaries
    let kinds = kindsOfMachines()
    var index: [Act: Int] = [:]
    var rows: [ScopeRow] = []
    for entry in engine.lineage.acts.entries {
      guard let kind = kinds[entry.name] else { continue }
      let operation = dictionaries.operations[entry.operation]
      let act = Act(
        name: entry.name, source: operation.source, service: operation.service, action: operation.action,
        region: operation.region, tenant: operation.tenant)
      let at = index[act] ?? rows.count
      if at == rows.count {
        index[act] = at
        rows.append(
          ScopeRow(
            identity: dictionaries.text(act.name), source: engine.content.sourceNames[Int(act.source)],
            service: dictionaries.text(act.service), action: dictionaries.text(act.action),
            region: dictionaries.text(act.region), account: dictionaries.text(act.tenant), kind: kind.name))
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
    var name: Symbol
    var source: UInt8
    var service: Symbol
    var action: Symbol
    var region: Symbol
    var tenant: Symbol
  }

  /// Machine identities by name, without those that a person's sessions share a name with.
  private func kindsOfMachines() -> [Symbol: ActorKind] {
    let subjects = engine.window.dictionaries.subjects.values
    var kinds: [Symbol: ActorKind] = [:]
    for subject in subjects where subject.kind.isMachine && subject.name.isPresent {
      kinds[subject.name] = subject.kind
    }
    for subject in subjects where subject.kind == .human { kinds[subject.name] = nil }
    return kinds
  }
}

import EventModel
import Evidence
import Reporting

extension StoredLineage {
  /// Whether what `id` names, or anything that it minted, still acted after `time`; nil if nothing is called so.
  /// O(descendants).
  /// - Parameter ends: the newest event of each log.
  public func containment(
    of id: String, since time: Int64, ends: [String: Int64], inputs: [SourceRow]
  ) -> Containment? {
    let subjects = named(id)
    if subjects.isEmpty { return nil }
    let line = descendants(of: subjects)
    var found = Containment(since: time)
    found.credentials = line.count
    for id in line.sorted() {
      guard let row = credentials[id] else { continue }
      // A store of an earlier version does not tell acts from attempts.
      let acted = row.lastActed ?? (row.verbs.isEmpty ? row.lastUsed : nil)
      if let acted, acted > time {
        found.acts.append(act(row, row.lastAction, acted, subjects))
      } else if let used = row.lastUsed, used > time {
        found.refused.append(act(row, "", used, subjects))
      }
    }
    found.acts.sort { ($1.at, $0.credential) < ($0.at, $1.credential) }
    found.refused.sort { ($1.at, $0.credential) < ($0.at, $1.credential) }
    found.logs = logs(of: line, ends)
    let end = found.logs.compactMap(\.end).max() ?? 0
    found.stillValid = line.count { id in
      guard let row = credentials[id], row.kind != CredentialKind.none.name else { return false }
      return row.expiresAt.map { $0 > end } ?? true
    }
    found.reasons = doubts(found, inputs, time)
    found.answer = !found.acts.isEmpty ? .yes : found.reasons.isEmpty ? .no : .unknown
    if found.answer == .yes { found.reasons = [] }
    return found
  }

  private func act(_ row: CredentialRow, _ action: String, _ at: Int64, _ subjects: Set<String>) -> Containment.Act {
    Containment.Act(
      credential: row.id, holder: row.holder, kind: row.kind == CredentialKind.none.name ? "" : row.kind,
      action: action,
      at: at, isSubject: subjects.contains(row.id))
  }

  /// The subjects and all below them, each once.
  private func descendants(of subjects: Set<String>) -> Set<String> {
    var seen = subjects
    var waiting = Array(subjects)
    while let id = waiting.popLast() {
      for edge in children[id] ?? [] where seen.insert(edge.child).inserted { waiting.append(edge.child) }
    }
    return seen
  }

  /// The logs that show these credentials; every log where nothing says which.
  private func logs(of line: Set<String>, _ ends: [String: Int64]) -> [(name: String, end: Int64?)] {
    var names = Set(line.flatMap { credentials[$0]?.logs ?? [] })
    for id in line { names.formUnion((parents[id] ?? []).map(\.source).filter { !$0.isEmpty }) }
    if names.isEmpty { names = Set(ends.keys) }
    return names.sorted().map { ($0, ends[$0]) }
  }

  private func doubts(_ found: Containment, _ inputs: [SourceRow], _ time: Int64) -> [String] {
    var reasons = found.logs.filter { $0.end.map { $0 <= time } ?? true }.map { log in
      "\(log.name) ends \(log.end.map(Timestamp.text) ?? "at no known time"), not after \(Timestamp.text(time))"
    }
    if found.logs.isEmpty { reasons.append("no log with times was read") }
    let names = Set(found.logs.map(\.name))
    let damaged = inputs.filter { names.contains($0.log) && $0.state.hasPrefix("incomplete") }
    if !damaged.isEmpty {
      reasons.append("\(damaged.count) input(s) of these logs could not be read to the end; bittern status names them")
    }
    return reasons
  }
}

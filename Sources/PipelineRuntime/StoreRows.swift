import Detection
import EventModel
import EventWindow
import Evidence
import Lineage

/// Turns what the engine knows into the store's rows. A pass over subjects and credentials, none over events.
struct StoreRows {
  let engine: DetectionEngine
  var lineage: Lineage { engine.lineage }

  init(_ engine: DetectionEngine) { self.engine = engine }

  func text(_ symbol: Symbol) -> String { engine.window.dictionaries.text(symbol) }
  private func seconds(_ value: UInt32) -> Int64? { value == 0 ? nil : Int64(value) * Timestamp.second }
  private func time(_ value: Int64) -> Int64? { value == Timestamp.none ? nil : value }

  func credentials() -> [CredentialRow] {
    let deeds = CredentialDeeds(engine)
    var words = OriginWords(engine)
    return lineage.nodes.indices.map { n in
      let node = lineage.nodes[n]
      let at = Int32(n)
      var row = CredentialRow(id: text(node.credential))
      row.kind = node.kind.name
      row.holder = text(node.holder)
      row.parent = node.parent >= 0 ? text(lineage[node.parent].credential) : ""
      let path = lineage.path(from: at)
      row.root = text(lineage[path[path.count - 1]].credential)
      row.depth = Int64(path.count - 1)
      row.grade = node.grade
      row.mechanism = text(node.mechanism)
      row.issuedAt = seconds(node.issuedAt)
      row.expiresAt = seconds(node.expiresAt)
      row.firstUsed = time(node.firstUsed)
      row.lastUsed = time(node.lastUsed)
      row.uses = Int64(node.uses)
      row.denied = Int64(node.denied)
      row.attestor = node.attestor >= 0 ? text(lineage[node.attestor].credential) : ""
      row.tenant = text(node.tenant)
      deeds.fill(&row, n, &words)
      return row
    }
  }

  func edges() -> [LineageEdgeRow] {
    var rows: [LineageEdgeRow] = []
    for node in lineage.nodes {
      let child = text(node.credential)
      let source = node.mintRow.map { row in
        let operation = engine.window.dictionaries.operation(engine.window[row])
        return engine.content.sourceNames[Int(operation.source)]
      }
      if node.parent >= 0 {
        rows.append(
          LineageEdgeRow(
            child: child, parent: text(lineage[node.parent].credential), mechanism: text(node.mechanism),
            grade: node.grade, joinedOn: ["credential", "minted credential"], time: time(node.mintTime),
            source: source ?? ""))
      }
      if node.attestor >= 0 {
        rows.append(
          LineageEdgeRow(
            child: child, parent: text(lineage[node.attestor].credential), mechanism: "attested by", grade: .exact,
            joinedOn: ["attestor", "attestor"], time: time(node.mintTime), source: source ?? ""))
      }
    }
    return rows
  }

  func memory() -> [MemoryRow] {
    engine.memory.run.map { key, entry in
      MemoryRow(
        kind: 1, key: (0..<8).map { UInt8(truncatingIfNeeded: key >> UInt64($0 * 8)) }, firstDay: entry.firstDay,
        lastDay: entry.lastDay, days: entry.days, count: 0)
    }
  }

  static func memory(_ rows: [MemoryRow]) -> [UInt64: LongMemory.Entry] {
    var entries: [UInt64: LongMemory.Entry] = [:]
    for row in rows where row.kind == 1 && row.key.count == 8 {
      let key = row.key.enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << UInt64($1.offset * 8) }
      entries[key] = LongMemory.Entry(firstDay: row.firstDay, lastDay: row.lastDay, days: row.days)
    }
    return entries
  }
}

extension SourceRow {
  /// The ledger's part of a source row.
  init(id: Int64, ledger: InputLedger, contentHash: String) {
    self.init(id: id, path: ledger.path)
    log = ledger.log
    state = ledger.incomplete.map { "incomplete: \($0)" } ?? (ledger.accepted > 0 ? "complete" : "unrecognised")
    firstEvent = ledger.firstEvent == Int64.max ? nil : ledger.firstEvent
    lastEvent = ledger.lastEvent == Int64.min ? nil : ledger.lastEvent
    self.contentHash = contentHash
    plainOffset = Int64(ledger.decompressedBytes)
    counters = SourceCounters(ledger)
  }
}

extension SourceCounters {
  init(_ ledger: InputLedger) {
    self.init()
    decompressedBytes = Int64(ledger.decompressedBytes)
    eventBytes = Int64(ledger.eventBytes)
    framingBytes = Int64(ledger.framingBytes)
    malformedBytes = Int64(ledger.malformedBytes)
    oversizeBytes = Int64(ledger.oversizeBytes)
    nulBytes = Int64(ledger.nulBytes)
    blankBytes = Int64(ledger.blankBytes)
    pendingTailBytes = Int64(ledger.pendingTailBytes)
    records = Int64(ledger.records)
    accepted = Int64(ledger.accepted)
    duplicate = Int64(ledger.duplicate)
    idConflict = Int64(ledger.idConflict)
    late = Int64(ledger.late)
    future = Int64(ledger.future)
    quarantined = Int64(ledger.quarantined)
    unrecognised = Int64(ledger.unrecognised)
    filtered = Int64(ledger.filtered)
  }
}

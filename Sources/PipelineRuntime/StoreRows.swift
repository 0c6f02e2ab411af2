import Detection
import EventModel
import EventWindow
import Evidence
import Lineage

/// Turns what the engine knows into the store's rows. A pass over subjects and credentials, none over events.
struct StoreRows {
  let engine: DetectionEngine
  /// The engine's, held: asking for them again for each row would count all their references.
  let lineage: Lineage
  let window: EventWindow
  /// All nodes by the bytes of their credentials.
  private let order: [Int32]

  init(_ engine: DetectionEngine) {
    self.engine = engine
    lineage = engine.lineage
    window = engine.window
    order = StoreRows.byCredential(lineage.nodes, window.dictionaries.symbols)
  }

  func text(_ symbol: Symbol) -> String { window.dictionaries.text(symbol) }
  private func seconds(_ value: UInt32) -> Int64? { value == 0 ? nil : Int64(value) * Timestamp.second }
  private func time(_ value: Int64) -> Int64? { value == Timestamp.none ? nil : value }

  /// In the order of their ids: each lands at the end of a new store's table.
  func credentials() -> LazyRows<CredentialRow> {
    let deeds = CredentialDeeds(engine)
    return LazyRows(count: order.count) { [self] n in
      var row = credential(order[n])
      deeds.fill(&row, order[n])
      return row
    }
  }

  /// By the first sixteen bytes, then, where those are the same, by all.
  private static func byCredential(_ nodes: [CredentialNode], _ symbols: SymbolTable) -> [Int32] {
    var keys: [(high: UInt64, low: UInt64, node: Int32)] = []
    keys.reserveCapacity(nodes.count)
    for n in nodes.indices {
      let start = symbols.start(of: nodes[n].credential)
      keys.append((start.high, start.low, Int32(n)))
    }
    keys.sort {
      if $0.high != $1.high { return $0.high < $1.high }
      if $0.low != $1.low { return $0.low < $1.low }
      return symbols.precedes(nodes[Int($0.node)].credential, nodes[Int($1.node)].credential)
    }
    return keys.map(\.node)
  }

  private func credential(_ at: Int32) -> CredentialRow {
    let node = lineage[at]
    let top = lineage.top(of: at)
    var row = CredentialRow(id: text(node.credential))
    row.kind = node.kind.name
    row.holder = text(node.holder)
    row.parent = node.parent >= 0 ? text(lineage[node.parent].credential) : ""
    row.root = text(lineage[top.root].credential)
    row.depth = Int64(top.depth)
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
    return row
  }

  /// Who minted, who stands behind and who attests each credential, in the order of the credentials.
  func edges() -> LazyRows<LineageEdgeRow> {
    var edges: [Edge] = []
    for n in order {
      let node = lineage[n]
      if node.parent >= 0 { edges.append(Edge(child: n, parent: node.parent, kind: .mint, grade: node.grade)) }
      if node.joined >= 0, node.joined != node.parent {
        edges.append(Edge(child: n, parent: node.joined, kind: .join, grade: node.joinGrade))
      }
      for candidate in lineage.candidates[n] ?? [] where candidate != node.parent {
        edges.append(Edge(child: n, parent: candidate, kind: .join, grade: .candidate))
      }
      // A store's edge is one for each pair.
      if node.attestor >= 0, node.attestor != node.parent, node.attestor != node.joined {
        let grade = node.attestorGrade == .none ? .exact : node.attestorGrade
        edges.append(Edge(child: n, parent: node.attestor, kind: .attestor, grade: grade))
      }
    }
    return LazyRows(count: edges.count) { [self, edges] in row(edges[$0]) }
  }

  private struct Edge {
    enum Kind { case mint, join, attestor }
    var child: Int32
    var parent: Int32
    var kind: Kind
    var grade: Grade
  }

  private func row(_ edge: Edge) -> LineageEdgeRow {
    let node = lineage[edge.child]
    let source = node.mintRow.map { row in
      let operation = window.operation(window[row].operation)
      return engine.content.sourceNames[Int(operation.source)]
    }
    let (mechanism, joinedOn) =
      switch edge.kind {
      case .mint: (text(node.mechanism), StoreRows.byMint)
      case .join: (text(node.mechanism), StoreRows.byJoin)
      case .attestor: ("attested by", StoreRows.byAttestor)
      }
    return LineageEdgeRow(
      child: text(node.credential), parent: text(lineage[edge.parent].credential), mechanism: mechanism,
      grade: edge.grade, joinedOn: joinedOn, time: time(node.mintTime), source: source ?? "")
  }

  private static let byMint = ["credential", "minted credential"]
  private static let byJoin = ["claimed value", "offered value"]
  private static let byAttestor = ["attestor", "attestor"]

  static func memory(_ learned: [(key: UInt64, entry: LongMemory.Entry)]) -> LazyRows<MemoryRow> {
    LazyRows(count: learned.count) { n in
      let (key, entry) = learned[n]
      return MemoryRow(
        kind: 1, key: bytes(key), firstDay: entry.firstDay, lastDay: entry.lastDay, days: entry.days, count: 0)
    }
  }

  /// A key of the memory as the store has it.
  static func bytes(_ key: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: key >> UInt64($0 * 8)) } }

  static func memory(_ rows: [MemoryRow]) -> LongMemory.Entries {
    var entries: LongMemory.Entries = [:]
    for row in rows where row.kind == 1 && row.key.count == 8 {
      let key = row.key.enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << UInt64($1.offset * 8) }
      entries[HashedKey(key)] = LongMemory.Entry(firstDay: row.firstDay, lastDay: row.lastDay, days: row.days)
    }
    return entries
  }
}

extension SourceRow {
  /// The ledger's part of a source row.
  init(id: Int64, ledger: InputLedger, contentHash: String) {
    self.init(id: id, path: ledger.path)
    log = ledger.log
    state = ledger.incomplete.map { "incomplete: \($0)" } ?? (ledger.log.isEmpty ? "unrecognised" : "complete")
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

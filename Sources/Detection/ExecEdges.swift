import EventModel
import EventWindow

/// Who ran commands on which compute, and when: what came of it is judged by others (LM4, TR4).
///
/// 24 bytes an edge, at most 256 a compute.
struct ExecEdges: Sendable {
  struct Edge: Sendable {
    var time: Int64
    var row: Row
    var subject: UInt32
  }
  private struct PodName: Sendable {
    var namespace = Symbol.none
    var pod = Symbol.none
  }
  private(set) var edges: [Symbol: [Edge]] = [:]
  /// What a pod is called where somebody execs into it (`namespace/name`), by what attests it (`POD:…`).
  private var names: [Symbol: PodName] = [:]
  private let shells: FactSet
  private let routine: FactSet

  init(facts: FactVocabulary) {
    shells = facts.set(["exec-shell", "exec-interactive", "exec-credential", "node-proxy"])
    routine = facts.set(["patch-document"])
  }

  mutating func survey(_ moment: Moment, in window: EventWindow) {
    let said = moment.event.facts
    guard said.intersects(shells), !said.intersects(routine), moment.tookPlace, moment.time != Timestamp.none else {
      return
    }
    for compute in ExecEdges.computes(moment, window) where edges[compute, default: []].count < 256 {
      edges[compute, default: []].append(Edge(time: moment.time, row: moment.row, subject: moment.event.subject))
    }
  }

  /// A mint that says both what attests the child and what the pod is called.
  mutating func name(_ mint: Mint, _ moment: Moment, in window: EventWindow) {
    guard mint.attestor.isPresent, names[mint.attestor] == nil, moment.event.detailCount > 0 else { return }
    var name = PodName()
    for detail in window.details(moment.event, at: moment.row) {
      switch window.dictionaries.text(detail.name) {
      case "tag-namespace": name.namespace = detail.value
      case "tag-pod": name.pod = detail.value
      default: break
      }
    }
    if name.namespace.isPresent, name.pod.isPresent { names[mint.attestor] = name }
  }

  static func computes(_ moment: Moment, _ window: EventWindow) -> [Symbol] {
    guard moment.event.detailCount > 0, let name = window.dictionaries.symbols.find(Array("compute".utf8)) else {
      return []
    }
    return window.details(moment.event, at: moment.row).filter { $0.name == name }.map(\.value)
  }

  /// The latest exec onto what attests a session, within `span` before `time`.
  func latest(onto attestor: Symbol, before time: Int64, within span: Int64, _ symbols: borrowing SymbolTable) -> Edge?
  {
    guard !edges.isEmpty, attestor.isPresent else { return nil }
    var known = edges[attestor] ?? []
    if let name = names[attestor] {
      let text = symbols.bytes(name.namespace) + [0x2f] + symbols.bytes(name.pod)
      if let compute = symbols.find(text) { known += edges[compute] ?? [] }
    }
    return known.filter { $0.time < time && time - $0.time <= span }.max { $0.time < $1.time }
  }
}

import EventModel
import EventWindow

/// What each identity was seen to do: the first time of every privilege class, and the tenants it was in.
///
/// Detectors that ask "what could it do before?" compare these times with the event's; those that ask "what is it for?"
/// look at all of the data. About 200 bytes an identity; one array look-up an event.
struct Reach: Sendable {
  struct Identity: Sendable {
    var first = Int64.max
    var firstRow: Row?
    /// First time of each privilege class (0 read … 4 admin and log control), and its row.
    var classes = InlineArray<5, Int64>(repeating: Int64.max)
    var rows = InlineArray<5, Row?>(repeating: nil)
    /// Tenants it acted in, with the first time; at most 16.
    var tenants: [(tenant: Symbol, first: Int64)] = []

    /// The highest class exercised before `time`.
    func privilege(before time: Int64 = Int64.max) -> Int {
      for c in stride(from: 4, through: 0, by: -1) where classes[c] < time { return c }
      return 0
    }
  }

  private struct Facts: Sendable {
    var administrative: FactSet
    var execs: FactSet
    var lasting: FactSet
  }

  private var slots = IdentitySlots()
  private(set) var identities: [Identity] = []
  private let facts: Facts

  init(facts vocabulary: FactVocabulary) {
    facts = Facts(
      administrative: vocabulary.set(["admin-grant", "log-stopped", "trust-masters"]),
      execs: vocabulary.set(["exec-shell", "exec-interactive", "exec-credential", "node-proxy"]),
      lasting: vocabulary.set(["key-minted", "password-minted", "client-cert"]))
  }

  /// The identity whose reach counts: the role or account over its sessions, else its id.
  static func identity(_ subject: Subject) -> Symbol { subject.name.isPresent ? subject.name : subject.actor }

  /// What an act shows its actor to be able to do; nil if it did not take place. A session minted for somebody is the door,
  /// not the room: it counts as nothing. A call of a function is a write; a shell is an exec.
  func privilege(_ moment: Moment) -> Int? { moment.tookPlace ? privilege(attempted: moment) : nil }

  /// The same of an act whether or not it took place.
  func privilege(attempted moment: Moment) -> Int {
    let said = moment.event.facts
    if said.intersects(facts.administrative) { return 4 }
    switch moment.operation.verb {
    case .mint: return said.intersects(facts.lasting) ? 3 : 0
    case .exec: return said.intersects(facts.execs) ? 3 : 1
    case let verb: return verb.privilege
    }
  }

  /// - Returns: the class that the identity exercises for the first time, if it is its highest so far.
  @discardableResult
  mutating func survey(_ moment: Moment) -> Int? {
    let at = slots.index(moment)
    if at == identities.count { identities.append(Identity()) }
    return identities[at].note(moment, privilege(moment))
  }

  /// O(1).
  subscript(_ name: Symbol) -> Identity? { slots[name].map { identities[$0] } }
}

extension Reach.Identity {
  /// - Returns: the class that it exercises for the first time, if it is its highest so far.
  fileprivate mutating func note(_ moment: Moment, _ privilege: Int?) -> Int? {
    let time = moment.time
    if time < first || firstRow == nil {
      first = time
      firstRow = moment.row
    }
    guard let privilege else { return nil }
    var risen: Int?
    if time < classes[privilege] {
      if privilege > self.privilege() { risen = privilege }
      classes[privilege] = time
      rows[privilege] = moment.row
    }
    let tenant = moment.operation.tenant
    if tenants.last?.tenant == tenant || tenants.count >= 16 { return risen }
    if !tenants.contains(where: { $0.tenant == tenant }) { tenants.append((tenant, time)) }
    return risen
  }
}

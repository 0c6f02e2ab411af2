import EventModel
import EventWindow

/// What was deployed lately, and for whom: new code, a new policy, a new rollout explain new calls (OS2's guard).
///
/// Keyed by what the record names: the identity, the namespace of a workload, the function. 24 bytes each, a day long,
/// at most ``limit``.
struct Deployments: Sendable {
  struct Marker: Sendable {
    var time: Int64
    var row: Row
  }
  static let limit = 16_384
  private let code, policy: FactSet
  private let rollouts: Set<String>
  private let span: Int64
  private var markers: [Symbol: Marker] = [:]

  /// - Parameter rollouts: resource kinds whose change rolls out a workload.
  init(code: FactSet, policy: FactSet, rollouts: Set<String>, span: Int64) {
    self.code = code
    self.policy = policy
    self.rollouts = rollouts
    self.span = span
  }

  mutating func note(_ moment: Moment, _ judgement: borrowing Judgement) {
    guard moment.tookPlace, moment.time != Timestamp.none, !moment.event.flags.contains(.echo) else { return }
    let verb = moment.operation.verb
    guard verb == .write || verb == .config || verb == .launch || verb == .grant || moment.event.facts.intersects(code)
    else { return }
    let own = Reach.identity(moment.subject)
    // Nobody explains its own new calls by its own change.
    let launches = verb == .launch && moment.event.flags.isDisjoint(with: [.systemActor, .serviceMade])
    if verb == .grant || launches || moment.event.facts.intersects(policy) || moment.event.facts.intersects(code) {
      for name in [moment.event.target, moment.event.resource] where name.isPresent && name != own {
        mark(name, moment)
      }
    }
    guard moment.operation.namespace.isPresent, moment.operation.resourceKind.isPresent,
      moment.operation.namespace != moment.subject.namespace, !moment.event.flags.contains(.systemActor),
      rollouts.contains(judgement.text(moment.operation.resourceKind))
    else { return }
    mark(moment.operation.namespace, moment)
  }

  private mutating func mark(_ name: Symbol, _ moment: Moment) {
    if markers.count >= Deployments.limit { markers = markers.filter { moment.time - $0.value.time <= span } }
    if markers.count < Deployments.limit { markers[name] = Marker(time: moment.time, row: moment.row) }
  }

  /// The latest deployment that concerns the acting identity.
  func latest(_ moment: Moment, _ attestor: Symbol, _ judgement: borrowing Judgement) -> Marker? {
    if markers.isEmpty { return nil }
    var names = [Reach.identity(moment.subject), moment.subject.actor, attestor]
    if moment.subject.namespace.isPresent { names.append(moment.subject.namespace) }
    // A function's session is attested by its ARN; who changes it names the function.
    if attestor.isPresent {
      let text = judgement.bytes(attestor)
      if let cut = text.lastIndex(of: 0x3a),
        let bare = judgement.dictionaries.symbols.find(Array(text[(cut + 1)...]))
      {
        names.append(bare)
      }
    }
    return names.compactMap { markers[$0] }.filter { moment.time - $0.time <= span }.max { $0.time < $1.time }
  }
}

import EventModel
import EventWindow

/// What earlier runs of an agent's task did: values by hash, and how often runs bring values that no other run has.
///
/// A run is a conversation; runs of one (agent, task or charter) are compared with each other. Works by order alone. A value that
/// was reported is not believed until several runs used it, so that one hijacked run does not teach. Where runs bring values of
/// their own as a rule (an agent that serves another customer every time), another such value says nothing: the argument is
/// *open* (``AgentGroup/Habit``).
///
/// State: about 32 B a value and 16 B for each argument of each run, within the limits of ``AgentGroup``; 4,096 groups, 4,096
/// values an agent; past these nothing new is learned.
struct AgentRuns: Sendable {
  struct Key: Hashable, Sendable {
    var agent: Symbol
    var task: Symbol
    var tenant: Symbol
  }

  private struct Agent: Hashable, Sendable {
    var name: Symbol
    var tenant: Symbol
  }

  private struct Use: Sendable {
    var task: Symbol
    var tasks: UInt16
  }

  /// How a value stands to the earlier runs.
  enum Standing {
    /// Too few runs, or runs bring such values as a rule.
    case learning
    case known
    /// - Parameter elsewhere: whether several other tasks of the agent use it.
    case new(runs: Int, elsewhere: Bool, baseline: [Row])
  }

  static let groupLimit = 4096
  /// Runs that must use a reported value before it counts as known.
  static let belief = 3

  let kind: [UInt8]
  let runsNeeded: Int
  let habit: AgentGroup.Habit
  /// Tasks of the agent that use a value, from which on it is the agent's own: its address, the team's channel.
  let commonTasks: Int
  private var groups: [Key: AgentGroup] = [:]
  /// By agent: how many of its tasks use a value.
  private var agents: [Agent: [UInt64: Use]] = [:]

  init(kind: String, runsNeeded: Int, habit: AgentGroup.Habit, commonTasks: Int = Int.max) {
    self.kind = Array(kind.utf8)
    self.runsNeeded = runsNeeded
    self.habit = habit
    self.commonTasks = commonTasks
  }

  /// Takes note of a call's run. nil where the log has no runs or no task: nothing can be compared.
  mutating func enter(_ moment: Moment, _ judgement: borrowing Judgement) -> Key? {
    let subject = moment.subject
    guard subject.session.isPresent, subject.namespace.isPresent, subject.name.isPresent else { return nil }
    let key = Key(agent: subject.name, task: subject.namespace, tenant: moment.operation.tenant)
    var group: AgentGroup
    if let known = groups.removeValue(forKey: key) {
      group = known
    } else {
      guard groups.count < AgentRuns.groupLimit else { return nil }
      group = AgentGroup(moment, isInherited: isKnown(Array("mature".utf8), key, moment, judgement))
    }
    group.enter(subject.session, moment.row)
    groups[key] = group
    return key
  }

  /// Compares a value with the earlier runs and learns it.
  /// - Parameters:
  ///   - unit: what the value belongs to (its class and argument name): in it, values of one's own are a habit or none.
  ///   - counts: whether a new value would be reported; else it is only learned.
  mutating func weigh(
    _ value: UInt64, of unit: UInt64, in key: Key, _ moment: Moment, counts: Bool, _ judgement: inout Judgement
  ) -> Standing {
    guard var group = groups.removeValue(forKey: key) else { return .learning }
    defer { groups[key] = group }
    let session = moment.subject.session
    let earlier = group.runs - 1
    if !group.has(value), isKnown(bytes(value), key, moment, judgement) { group.inherit(value) }
    let standing = group.use(value, of: unit, by: session, counts: counts)
    if standing.isBelieved { remember(bytes(value), key, moment, &judgement) }
    if standing.isKnown { return .known }
    if earlier == runsNeeded { remember(Array("mature".utf8), key, moment, &judgement) }
    let isOpen =
      group.isOpen(unit, habit, without: session)
      || isKnown(Array("open".utf8) + bytes(unit), key, moment, judgement)
    if counts, earlier >= runsNeeded || group.isInherited, !isOpen, !judgement.trusts(moment) {
      group.suspect(value)
      return .new(runs: earlier, elsewhere: isElsewhere(value, key), baseline: group.baseline)
    }
    if group.isFirst(value, session) {
      spread(value, key)
      remember(bytes(value), key, moment, &judgement)
      if isOpen, earlier >= runsNeeded { remember(Array("open".utf8) + bytes(unit), key, moment, &judgement) }
    }
    return .learning
  }

  /// Only values that were not reported spread from one task to the others.
  private mutating func spread(_ value: UInt64, _ key: Key) {
    let agent = Agent(name: key.agent, tenant: key.tenant)
    var known = agents.removeValue(forKey: agent) ?? [:]
    if let use = known[value] {
      if use.task != key.task { known[value] = Use(task: key.task, tasks: use.tasks &+ 1) }
    } else if known.count < AgentGroup.valueLimit {
      known[value] = Use(task: key.task, tasks: 1)
    }
    agents[agent] = known
  }

  private func isElsewhere(_ value: UInt64, _ key: Key) -> Bool {
    guard let use = agents[Agent(name: key.agent, tenant: key.tenant)]?[value] else { return false }
    return Int(use.tasks) >= commonTasks
  }

  // MARK: Long memory: what earlier runs of the program knew

  private func memoryKey(_ what: [UInt8], _ key: Key, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([
      kind, judgement.bytes(key.tenant), judgement.bytes(key.agent), judgement.bytes(key.task), what,
    ])
  }

  private func isKnown(_ what: [UInt8], _ key: Key, _ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    guard moment.time != Timestamp.none else { return false }
    let known = judgement.memory.recall(memoryKey(what, key, judgement), on: moment.day)
    return known.firstDay.map { $0 < moment.day } ?? false
  }

  private func remember(_ what: [UInt8], _ key: Key, _ moment: Moment, _ judgement: inout Judgement) {
    guard moment.time != Timestamp.none else { return }
    judgement.memory.remember(memoryKey(what, key, judgement), on: moment.day)
  }

  private func bytes(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
}

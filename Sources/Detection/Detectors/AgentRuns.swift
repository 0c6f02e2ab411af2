import EventModel
import EventWindow

/// What earlier runs of an agent's task did: values by hash, and how often runs bring new ones (detections.md 5.10).
///
/// A run is a conversation; runs of one (agent, task or charter) are compared with each other. Works by order alone. A value that
/// was reported is not believed until several runs used it, so that one hijacked run does not teach. Where runs bring new values
/// of an argument as a rule (an agent that serves another customer every time), their novelty says nothing: the argument is open.
///
/// State: 16 B a value, at most 4,096 values and 8,192 runs a group, 4,096 groups, 4,096 values an agent; past these nothing new
/// is learned.
struct AgentRuns: Sendable {
  struct Key: Hashable, Sendable {
    var agent: Symbol
    var task: Symbol
    var tenant: Symbol
  }

  fileprivate struct Value: Sendable {
    var session: Symbol
    var runs: UInt16 = 1
    var isSuspect = false
  }

  private struct Agent: Hashable, Sendable {
    var name: Symbol
    var tenant: Symbol
  }

  private struct Use: Sendable {
    var task: Symbol
    var tasks: UInt16
  }

  fileprivate struct Opening: Sendable {
    var session: Symbol
    var runs: UInt16
  }

  struct Group: Sendable {
    /// What each run did: a hash over the set of its acting tools.
    fileprivate var sessions: [Symbol: UInt64] = [:]
    /// How many runs did the same.
    fileprivate var alike: [UInt64: Int] = [:]
    fileprivate var tools: Set<UInt64> = []  // (run, tool) pairs of acting tools
    fileprivate var values: [UInt64: Value] = [:]
    fileprivate var openings: [UInt64: Opening] = [:]
    fileprivate var inherited = false
    /// A row of the first run, and of the latest run other than the current one: what a finding is compared with.
    fileprivate var first: Row
    fileprivate var previous: Row?
    fileprivate var current: (session: Symbol, row: Row)
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
  static let valueLimit = 4096
  static let runLimit = 8192
  /// Runs that must use a reported value before it counts as known.
  static let belief = 3

  let kind: [UInt8]
  let runsNeeded: Int
  let openPercent: Int
  /// Tasks of the agent that use a value, from which on it is the agent's own: its address, the team's channel.
  let commonTasks: Int
  let samePercent: Int
  private var groups: [Key: Group] = [:]
  /// By agent: how many of its tasks use a value.
  private var agents: [Agent: [UInt64: Use]] = [:]

  init(kind: String, runsNeeded: Int, openPercent: Int, samePercent: Int, commonTasks: Int = Int.max) {
    self.samePercent = samePercent
    self.commonTasks = commonTasks
    self.kind = Array(kind.utf8)
    self.runsNeeded = runsNeeded
    self.openPercent = openPercent
  }

  /// Takes note of a call's run. nil where the log has no runs or no task: nothing can be compared.
  /// - Parameter acts: the call changes or sends something.
  mutating func enter(_ moment: Moment, acts: Bool, _ judgement: borrowing Judgement) -> Key? {
    let subject = moment.subject
    guard subject.session.isPresent, subject.namespace.isPresent, subject.name.isPresent else { return nil }
    let key = Key(agent: subject.name, task: subject.namespace, tenant: moment.operation.tenant)
    var group: Group
    if let known = groups.removeValue(forKey: key) {
      group = known
    } else {
      guard groups.count < AgentRuns.groupLimit else { return nil }
      group = Group(first: moment.row, current: (subject.session, moment.row))
      group.inherited = isKnown(Array("mature".utf8), key, moment, judgement)
    }
    if group.current.session != subject.session {
      group.previous = group.current.row
      group.current = (subject.session, moment.row)
    }
    note(moment, acts, &group)
    groups[key] = group
    return key
  }

  private func note(_ moment: Moment, _ acts: Bool, _ group: inout Group) {
    let session = moment.subject.session
    var done = group.sessions[session]
    if done == nil {
      guard group.sessions.count < AgentRuns.runLimit else { return }
      group.sessions[session] = 0
      group.alike[0, default: 0] += 1
      done = 0
    }
    guard acts, let before = done else { return }
    let tool = UInt64(moment.operation.action.raw)
    guard group.tools.insert(UInt64(session.raw) << 32 | tool).inserted else { return }
    let after = before ^ ByteHash.stable.mix(0x70, tool)
    group.alike[before, default: 1] -= 1
    if group.alike[before] == 0 { group.alike[before] = nil }
    group.alike[after, default: 0] += 1
    group.sessions[session] = after
  }

  /// Whether many of the earlier runs did the same.
  private func isOneTask(_ group: Group, _ session: Symbol) -> Bool {
    let own = group.sessions[session]
    let earlier = group.sessions.count - 1
    if earlier < 1 { return group.inherited }
    let most = group.alike.lazy.map { $0.value - ($0.key == own ? 1 : 0) }.max() ?? 0
    return most * 100 >= earlier * samePercent
  }

  /// Compares a value with the earlier runs and learns it.
  /// - Parameters:
  ///   - argument: what the value belongs to (its class and argument name): the unit in which novelty is a habit.
  ///   - counts: whether a new value would be reported; else it is only learned.
  mutating func weigh(
    _ value: UInt64, of argument: UInt64, in key: Key, _ moment: Moment, counts: Bool, _ judgement: inout Judgement
  ) -> Standing {
    guard var group = groups.removeValue(forKey: key) else { return .learning }
    defer { groups[key] = group }
    let session = moment.subject.session
    let earlier = group.sessions.count - 1
    var isLone = false
    if var known = group.values[value] {
      let others = Int(known.runs) - (known.session == session ? 1 : 0)
      if known.session != session {
        known.session = session
        if known.runs < UInt16.max { known.runs += 1 }
        if known.isSuspect, Int(known.runs) > AgentRuns.belief {
          known.isSuspect = false
          remember(value, key, moment, &judgement)
        }
        group.values[value] = known
      }
      if others >= (known.isSuspect ? AgentRuns.belief : 1) { return .known }
      // Used by this run alone so far: as new as at its first use.
      isLone = true
    } else if isKnown(bytes(value), key, moment, judgement) {
      learn(value, session, suspect: false, &group)
      return .known
    }
    if earlier == runsNeeded, moment.time != Timestamp.none {
      judgement.memory.remember(memoryKey(Array("mature".utf8), key, judgement), on: moment.day)
    }
    let isOpen =
      isOpen(argument, group, earlier) || isKnown(Array("open".utf8) + bytes(argument), key, moment, judgement)
    if counts, earlier >= runsNeeded || group.inherited, !isOpen, isOneTask(group, session) {
      if isLone { group.values[value]?.isSuspect = true } else { learn(value, session, suspect: true, &group) }
      return .new(
        runs: earlier, elsewhere: isElsewhere(value, key), baseline: [group.first] + (group.previous.map { [$0] } ?? [])
      )
    }
    if !isLone {
      learn(value, session, suspect: false, &group)
      spread(value, key)
      remember(value, key, moment, &judgement)
      if earlier > 0 { open(argument, session, &group) }
      if isOpen, moment.time != Timestamp.none {
        judgement.memory.remember(memoryKey(Array("open".utf8) + bytes(argument), key, judgement), on: moment.day)
      }
    }
    return .learning
  }

  /// Only values that were not reported spread from one task to the others.
  private mutating func spread(_ value: UInt64, _ key: Key) {
    let agent = Agent(name: key.agent, tenant: key.tenant)
    var known = agents.removeValue(forKey: agent) ?? [:]
    if let use = known[value] {
      if use.task != key.task { known[value] = Use(task: key.task, tasks: use.tasks &+ 1) }
    } else if known.count < AgentRuns.valueLimit {
      known[value] = Use(task: key.task, tasks: 1)
    }
    agents[agent] = known
  }

  private func isElsewhere(_ value: UInt64, _ key: Key) -> Bool {
    guard let use = agents[Agent(name: key.agent, tenant: key.tenant)]?[value] else { return false }
    return Int(use.tasks) >= commonTasks
  }

  private func learn(_ value: UInt64, _ session: Symbol, suspect: Bool, _ group: inout Group) {
    guard group.values.count < AgentRuns.valueLimit else { return }
    group.values[value] = Value(session: session, isSuspect: suspect)
  }

  private func open(_ argument: UInt64, _ session: Symbol, _ group: inout Group) {
    guard var known = group.openings[argument] else {
      if group.openings.count < AgentRuns.valueLimit { group.openings[argument] = Opening(session: session, runs: 1) }
      return
    }
    if known.session == session { return }
    known.session = session
    known.runs &+= 1
    group.openings[argument] = known
  }

  private func isOpen(_ argument: UInt64, _ group: Group, _ earlier: Int) -> Bool {
    guard let known = group.openings[argument], earlier > 0 else { return false }
    return known.runs >= 2 && Int(known.runs) * 100 >= earlier * openPercent
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

  private func remember(_ value: UInt64, _ key: Key, _ moment: Moment, _ judgement: inout Judgement) {
    guard moment.time != Timestamp.none else { return }
    judgement.memory.remember(memoryKey(bytes(value), key, judgement), on: moment.day)
  }

  private func bytes(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
}

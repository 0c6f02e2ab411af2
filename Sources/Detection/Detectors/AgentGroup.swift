import EventModel
import EventWindow

/// The runs of one task: which values each used, and how often runs bring values that others do not have.
///
/// State: 32 B a value, 16 B for each (argument, run), 4 B a run, within the limits; past these nothing new is learned.
struct AgentGroup: Sendable {
  /// What makes novelty a habit, so that more of it says nothing.
  enum Habit: Sendable {
    /// Arguments: runs have values of their own. At least `percent` of the runs that use the argument, and `ofRuns` percent of all,
    /// have a value that no other run has; or `percent` of them, after the first ``settling``, had one that was new at its time
    /// (customers come back, and new ones come too).
    case ownValues(percent: Int, ofRuns: Int)
    /// Tools: runs do different kinds of work. No tool, nor doing nothing, is common to half of the runs; or rare tools (each in
    /// at most `percent` of the runs) make up `percent` of the runs.
    case kindsOfWork(percent: Int)
  }

  private struct Value: Sendable {
    /// The first run that used it (absent: known from an earlier run of the program), and the latest.
    var owner: Symbol
    var last: Symbol
    /// Runs that used it.
    var runs: UInt16
    var isSuspect = false
    /// What it counted for at its first use; 0 where it did not count.
    var unit: UInt64
  }

  /// Of one argument: how many runs used it, how many of them have a value that no other run has, and how many (after the first
  /// ``settling``) brought a value that none before them had.
  private struct Unit: Sendable {
    var runs: UInt16 = 0
    var lone: UInt16 = 0
    var fresh: UInt16 = 0
  }

  /// One run's use of an argument.
  private struct Use: Sendable {
    /// Values that no other run has.
    var lone: UInt16 = 0
    var isFresh = false
  }

  /// The first runs that use an argument bring new values in any case.
  static let settling = 3
  static let valueLimit = 4096
  static let runLimit = 8192
  static let useLimit = 16_384

  private var sessions: Set<Symbol> = []
  private var values: [UInt64: Value] = [:]
  private var units: [UInt64: Unit] = [:]
  /// By unit and run.
  private var uses: [UInt64: Use] = [:]
  let isInherited: Bool
  private let first: Row
  private var previous: Row?
  private var current: (session: Symbol, row: Row)

  /// - Parameter isInherited: earlier runs of the program saw enough runs of the task.
  init(_ moment: Moment, isInherited: Bool) {
    first = moment.row
    current = (moment.subject.session, moment.row)
    self.isInherited = isInherited
  }

  var runs: Int { sessions.count }

  /// A row of the first run, and of the latest run other than the current one: what a finding is compared with.
  var baseline: [Row] { [first] + (previous.map { [$0] } ?? []) }

  mutating func enter(_ session: Symbol, _ row: Row) {
    if current.session != session {
      previous = current.row
      current = (session, row)
    }
    if sessions.count < AgentGroup.runLimit { sessions.insert(session) }
  }

  /// Whether novelty is a habit of the runs other than `session`. O(1) for own values, O(tools) for kinds of work.
  func isOpen(_ unit: UInt64, _ habit: Habit, without session: Symbol) -> Bool {
    guard let known = units[unit] else { return false }
    let own = uses[key(unit, session)]
    let users = Int(known.runs) - (own == nil ? 0 : 1)
    let runs = sessions.count - (sessions.contains(session) ? 1 : 0)
    switch habit {
    case .ownValues(let percent, let ofRuns):
      let lone = Int(known.lone) - ((own?.lone ?? 0) > 0 ? 1 : 0)
      let fresh = Int(known.fresh) - (own?.isFresh == true ? 1 : 0)
      return lone > 0 && lone * 100 >= users * percent && lone * 100 >= runs * ofRuns
        || fresh > 1 && fresh * 100 >= (users - AgentGroup.settling) * percent
    case .kindsOfWork(let percent):
      var rare = 0
      var common = runs - users
      for value in values.values where value.unit == unit {
        let others = Int(value.runs) - (value.owner == session || value.last == session ? 1 : 0)
        if others == 1 || others * 100 <= runs * percent { rare += others }
        common = max(common, others)
      }
      return common * 2 < runs || rare > 1 && rare * 100 >= runs * percent
    }
  }

  /// A run uses a value.
  /// - Returns: whether other runs vouch for it, and whether a suspect became credible by this use.
  mutating func use(_ value: UInt64, of unit: UInt64, by session: Symbol, counts: Bool) -> (
    isKnown: Bool, isBelieved: Bool
  ) {
    if counts { mark(unit, session) }
    guard var known = values[value] else {
      guard values.count < AgentGroup.valueLimit else { return (false, false) }
      values[value] = Value(owner: session, last: session, runs: 1, unit: counts ? unit : 0)
      if counts { addLone(unit, session) }
      return (false, false)
    }
    defer { values[value] = known }
    var isBelieved = false
    if known.owner == session || known.last == session {
      if counts, known.runs == 1, known.unit == 0 {
        known.unit = unit
        addLone(unit, session)
      }
    } else {
      if known.runs == 1, known.unit != 0 { removeLone(known.unit, known.owner) }
      known.last = session
      if known.runs < UInt16.max { known.runs += 1 }
      if known.isSuspect, Int(known.runs) > AgentRuns.belief {
        known.isSuspect = false
        isBelieved = true
      }
    }
    let others = Int(known.runs) - (known.owner == session || known.last == session ? 1 : 0)
    return (others >= (known.isSuspect ? AgentRuns.belief : 1), isBelieved)
  }

  func has(_ value: UInt64) -> Bool { values[value] != nil }

  /// A value that an earlier run of the program knew.
  mutating func inherit(_ value: UInt64) {
    guard values.count < AgentGroup.valueLimit else { return }
    values[value] = Value(owner: .none, last: .none, runs: 1, unit: 0)
  }

  mutating func suspect(_ value: UInt64) { values[value]?.isSuspect = true }

  /// Whether nobody but this run used the value.
  func isFirst(_ value: UInt64, _ session: Symbol) -> Bool {
    values[value].map { $0.runs == 1 && $0.owner == session } ?? false
  }

  private func key(_ unit: UInt64, _ session: Symbol) -> UInt64 { ByteHash.stable.mix(unit, UInt64(session.raw)) }

  private mutating func mark(_ unit: UInt64, _ session: Symbol) {
    let key = key(unit, session)
    guard uses[key] == nil, uses.count < AgentGroup.useLimit else { return }
    uses[key] = Use()
    units[unit, default: Unit()].runs += 1
  }

  private mutating func addLone(_ unit: UInt64, _ session: Symbol) {
    guard var use = uses[key(unit, session)], var known = units[unit] else { return }
    if use.lone == 0 { known.lone += 1 }
    use.lone &+= 1
    if !use.isFresh, known.runs > AgentGroup.settling {
      use.isFresh = true
      known.fresh += 1
    }
    uses[key(unit, session)] = use
    units[unit] = known
  }

  private mutating func removeLone(_ unit: UInt64, _ session: Symbol) {
    guard var use = uses[key(unit, session)], use.lone > 0 else { return }
    use.lone -= 1
    uses[key(unit, session)] = use
    if use.lone == 0 { units[unit]?.lone -= 1 }
  }
}

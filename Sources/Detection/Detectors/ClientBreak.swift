import EventModel
import EventWindow

/// TR4: a client that this identity cannot have.
///
/// a. A platform that the workload does not run on (a Mac, a browser on an instance, pod, task or function), or one that a
///    role never showed in a week of use.
/// b. A session whose keys were fetched from the metadata service in both versions, on a role that does not mix them.
/// c. A client family new for the role that begins by looking around.
/// d. A tool made to attack.
/// e. A session that nothing attests, on one platform and then, elsewhere, on another.
///
/// State: about 150 B a role, 120 B for each instance session, evicted a day after the last day of its use; 40 B for each
/// session of e, at most ``beganLimit``.
struct ClientBreak: Detector {
  static let kind = "client-break"

  struct Role: Sendable {
    var first: Int64
    var firstRow: Row
    /// First row of each platform.
    var systems: [ClientOS: Row] = [:]
    /// Platforms that the provider's own agent on the host reports.
    var hostSystems: Set<ClientOS> = []
    var families: Set<Symbol> = []
    var mixed: Set<Symbol> = []
    /// What the long memory was told of the day: platforms by bit, and families.
    private var day = Int32.min
    private var toldSystems: UInt8 = 0
    private var toldFamilies: [Symbol] = []

    init(first: Int64, firstRow: Row) {
      self.first = first
      self.firstRow = firstRow
    }

    /// Whether the long memory has not been told of the pair on the day yet; from now on it has.
    mutating func isNews(_ os: ClientOS, _ family: Symbol, on today: Int32) -> Bool {
      if day != today {
        day = today
        toldSystems = 0
        toldFamilies = []
      }
      let bit: UInt8 = 1 << os.rawValue
      if toldSystems & bit != 0, toldFamilies.contains(family) { return false }
      toldSystems |= bit
      if !toldFamilies.contains(family), toldFamilies.count < 64 { toldFamilies.append(family) }
      return true
    }
  }
  struct Delivery: Sendable {
    var row: Row
    var place: OriginKey
    var time: Int64
  }
  struct Session: Sendable {
    var v1: Delivery?
    var v2: Delivery?
    var last: Int64
  }

  /// Where and on what an unattested session was first at work.
  struct Began: Sendable {
    var os: ClientOS
    var kind: OriginKey.Kind
    var network: UInt64
    var row: Row
    var time: Int64
  }

  let number: Int
  let learnDays: Int32
  let learnEvents: Int
  let familyEvents: Int
  let familyLimit: Int
  let execSpan: Int64
  let offensive: [[UInt8]]
  let hostAgents: [[UInt8]]
  let workloadSessions: [Glob]
  let opening: FactSet
  let grave: FactSet
  var roles: [Role] = []
  var slots: [Symbol: Int32] = [:]
  var slotOf: [Int32] = []  // by subject id
  var sessions: [Symbol: Session] = [:]
  var began: [Symbol: Began] = [:]
  static let beganLimit = 65_536
  /// Whether the client is a tool made to attack.
  var tools: [Symbol: Bool] = [:]
  /// Where the day's finding of a session's platform was first told: sessions it chains to belong to the same one.
  var told: [Symbol: (day: Int32, tenant: Symbol)] = [:]
  /// Which clients of which sessions were looked at on the day, and those that were told.
  var looked = DayMarks()
  var loud = ToldActs()
  var sweep = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    learnDays = Int32(try p.number("learn_days", default: 7))
    learnEvents = try p.number("learn_events", default: 200)
    familyEvents = try p.number("family_events", default: 20)
    familyLimit = try p.number("family_limit", default: 20)
    execSpan = try p.minutes("exec_minutes", default: 60)
    offensive = try p.list("offensive_clients").map { Array($0.lowercased().utf8) }
    hostAgents = try p.list("host_agents", default: ["amazon-ssm-agent"]).map { Array($0.lowercased().utf8) }
    workloadSessions = try p.list("workload_sessions", default: []).map { Glob($0) }
    opening = facts.set(try p.list("opening_facts"))
    grave = facts.set(try p.list("grave_facts"))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    if moment.isServiceMade || moment.event.flags.contains(.echo) || !moment.subject.kind.isMachine { return }
    // The same client of the same session on the same day said nothing the first time.
    if !moment.isNews, loud.isEmpty { return }
    let pair = UInt64(moment.event.subject) << 32 | UInt64(moment.event.origin)
    if !loud.contains(pair), !moment.isNews || !looked.isFirst(pair, on: moment.day) { return }
    let profile = judgement.profile(moment)
    if profile.isHuman { return }
    evict(moment.time)
    let name = Reach.identity(moment.subject)
    let at = role(moment)
    var known = roles[at]
    var fired = judgeTool(moment, profile, &judgement)
    if judgePlatform(moment, name, known, profile, &judgement) {
      fired = true
    } else if profile.sessionClass == .roleSession, moment.subject.credential.isPresent {
      if began.count >= ClientBreak.beganLimit {
        began = began.filter { Timestamp.gap(moment.time, $0.value.time) <= Timestamp.day }
        if began.count >= ClientBreak.beganLimit { began.removeAll() }
      }
      var first = began[moment.subject.credential]
      if judgeChange(moment, name, profile, &first, &judgement) { fired = true }
      began[moment.subject.credential] = first
    }
    if judgeFamily(moment, name, known, profile, &judgement) { fired = true }
    if judgeDelivery(moment, name, &known, profile, &judgement) { fired = true }
    learn(moment, name, &known, &judgement)
    roles[at] = known
    loud.note(pair, isTold: fired)
  }

  private mutating func role(_ moment: Moment) -> Int {
    let subject = Int(moment.event.subject)
    if subject >= slotOf.count {
      slotOf.append(contentsOf: repeatElement(-1, count: max(256, subject + 1 - slotOf.count)))
    }
    if slotOf[subject] >= 0 { return Int(slotOf[subject]) }
    let name = Reach.identity(moment.subject)
    if slots[name] == nil {
      slots[name] = Int32(roles.count)
      roles.append(Role(first: moment.time, firstRow: moment.row))
    }
    slotOf[subject] = slots[name]!
    return Int(slotOf[subject])
  }

  private func learn(_ moment: Moment, _ name: Symbol, _ role: inout Role, _ judgement: inout Judgement) {
    let os = moment.origin.os
    if os != .none, role.systems[os] == nil { role.systems[os] = moment.row }
    if os != .none, os != .linux, !role.hostSystems.contains(os), isHostAgent(moment, judgement) {
      role.hostSystems.insert(os)
    }
    if moment.origin.family.isPresent, role.families.count < 64 { role.families.insert(moment.origin.family) }
    guard moment.time != Timestamp.none, role.isNews(os, moment.origin.family, on: moment.day) else { return }
    let who = judgement.bytes(name)
    if os != .none {
      judgement.memory.remember(key("client-os", who, Array(os.word.utf8), judgement), on: moment.day)
    }
    if moment.origin.family.isPresent {
      judgement.memory.remember(
        key("client-family", who, judgement.bytes(moment.origin.family), judgement), on: moment.day)
    }
  }

  func key(_ what: String, _ who: [UInt8], _ value: [UInt8], _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array(what.utf8), who, value])
  }

  /// Known for a day by the clock: who was first seen without one is not.
  func isAged(_ role: Role, _ moment: Moment) -> Bool {
    moment.time != Timestamp.none && role.first != Timestamp.none && moment.time - role.first >= Timestamp.day
  }

  private mutating func evict(_ now: Int64) {
    guard now != Timestamp.none, sweep == Int64.min || now - sweep > Timestamp.hour else { return }
    sweep = now
    // Of a day's use only the first is looked at: the last may be a day younger.
    sessions = sessions.filter { Timestamp.gap(now, $0.value.last) <= 2 * Timestamp.day }
  }
}

extension Judgement {
  /// The action of a row, for sentences.
  func action(_ row: Row) -> String { text(window.dictionaries.operation(window[row]).action) }
}

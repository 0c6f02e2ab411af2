import EventModel
import EventWindow

/// LM4: somebody runs commands on other compute, and what that compute's own identity then does.
///
/// - pivot: within an hour of an exec, the compute's identity does something new, or appears elsewhere.
/// - c: the command reads a credential. f: one actor reaches several computes by shell within minutes.
/// - i: an interactive entry, the first of its actor there. k: a shell document sent with a long-lived key, refused or not.
///
/// State: actions and places of identities that run on compute (12 B each), computes of each actor in the last minutes.
struct ExecPivot: Detector {
  static let kind = "exec-pivot"

  struct Reached: Sendable {
    var recent: [(compute: Symbol, time: Int64, row: Row)] = []
    /// Days of the entries and documents that were reported: one of a kind for each actor and day.
    var entryDay: Int32 = -1
    var sendDay: Int32 = -1
  }
  struct Own: Sendable {
    var firstRow: Row
    var places: Set<OriginKey> = []
  }

  let number: Int
  let span: Int64
  let fanSpan: Int64
  let fan: Int
  let ownEvents: Int
  let quietServices: Set<String>
  let shell, entry, credential, document, routine, opening, system: FactSet
  let duties: [String]
  var reached: [Symbol: Reached] = [:]
  var own: [Own] = []
  var identities = IdentitySlots()
  /// What each identity did, and the day that the long memory was told of last.
  var acts = KeyTable()
  var actDays: [Int32] = []
  /// Where the day's pivot of what attests a session was first told: sessions it chains to belong to the same one.
  var told: [Symbol: (day: Int32, tenant: Symbol)] = [:]

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    span = try p.minutes("pivot_minutes", default: 60)
    fanSpan = try p.minutes("fan_minutes", default: 10)
    fan = try p.number("fan_computes", default: 3)
    ownEvents = try p.number("own_events", default: 10)
    quietServices = Set(try p.list("quiet_services", default: ["ssm", "ssmmessages", "ec2messages"]))
    shell = facts.set(try p.list("shell_facts"))
    entry = facts.set(try p.list("entry_facts"))
    credential = facts.set(try p.list("credential_facts"))
    document = facts.set(try p.list("document_facts"))
    routine = facts.set(try p.list("routine_facts"))
    opening = facts.set(try p.list("opening_facts"))
    system = facts.set(try p.list("system_facts"))
    duties = try p.list("excused_duties", default: [])
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    if moment.event.flags.contains(.echo) || moment.isServiceMade { return }
    if moment.operation.verb == .exec, moment.event.facts.intersects(shell) || moment.event.facts.intersects(document) {
      judgeExec(moment, &judgement)
    }
    let kind = moment.subject.kind
    guard kind == .workload || kind == .serviceAccount || moment.subject.attestor.isPresent || kind == .role else {
      return
    }
    judgeUse(moment, &judgement)
  }

  private mutating func judgeExec(_ moment: Moment, _ judgement: inout Judgement) {
    let said = moment.event.facts
    if said.intersects(routine) { return }
    let profile = judgement.profile(moment)
    let actor = Reach.identity(moment.subject)
    // A record may keep silent who it was.
    if moment.subject.kind == .service { return }
    if moment.event.flags.contains(.systemActor), said.intersects(system) || !said.intersects(credential) { return }
    if duties.contains(where: { judgement.hasDuty($0, profile) }) { return }
    var state = reached[actor] ?? Reached()
    let computes = ExecEdges.computes(moment, judgement.window)
    let compute = computes.first ?? moment.event.resource
    if said.intersects(credential) {
      reads(moment, actor, compute, &judgement)
    } else if fans(moment, actor, computes, &state, profile, &judgement) {
      // Told as one.
    } else if said.intersects(document) {
      sends(moment, actor, compute, &state, &judgement)
    } else if said.intersects(entry) {
      enters(moment, actor, compute, &state, &judgement)
    }
    if reached.count > 16_384 {
      reached = reached.filter { ($0.value.recent.last?.time ?? 0) >= moment.time - Timestamp.day }
    }
    reached[actor] = state
  }

  func habitKey(_ actor: Symbol, _ what: String, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("exec-habit".utf8), judgement.bytes(actor), Array(what.utf8)])
  }

  func habitDays(_ actor: Symbol, _ moment: Moment, _ what: String, _ judgement: inout Judgement) -> Int {
    let key = habitKey(actor, what, judgement)
    let days = judgement.memory.recall(key, before: moment.day).days
    if moment.time != Timestamp.none { judgement.memory.remember(key, on: moment.day) }
    return days
  }
}

import EventModel
import EventWindow

/// OS3: one of many equals does what none of them does.
///
/// Equals are the workloads of one role, and identities of one template (the same name but for its numbers). An act of weight
/// by at most one in a hundred of at least twenty, that none of them did on the days before, is told: at once where the one has
/// been there for a day, else a day later, when the others of a rollout would have followed. Where a quarter of them follow
/// within the day, it was the first of a rollout, and what was told is taken back.
///
/// State: 16 B for each member of a group (at most 2,048), 100 B for each act of weight of a group.
struct PeerRarity: Detector {
  static let kind = "peer-rarity"

  private struct Act: Sendable {
    var members: Set<UInt64> = []
    var time: Int64
    var row: Row
    var isRoutine: Bool
    var isTold = false
    var draft: DraftKey?
  }
  private struct Group: Sendable {
    /// First time of each member.
    var members: [UInt64: Int64] = [:]
    var acts: [UInt64: Act] = [:]
    var last: Int64
  }
  private struct Waiting: Sendable {
    var group: UInt64
    var act: UInt64
    var time: Int64
  }

  private static let memberLimit = 2048
  private static let actLimit = 256
  private let number: Int
  private let span: Int32
  private let least, share: Int
  private let wait: Int64
  private let weighty: FactSet
  private let duties: [String]
  private var groups: [UInt64: Group] = [:]
  private var waiting: [Waiting] = []
  private var sweep = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    span = Int32(try p.number("memory_days", default: 62))
    least = try p.number("peers", default: 20)
    share = try p.number("one_in", default: 100)
    wait = try p.minutes("wait_minutes", default: 1440)
    weighty = facts.set(try p.list("weighty_facts"))
    duties = try p.list("excused_duties", default: [])
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.subject.kind.isMachine, moment.subject.kind != .agent, moment.time != Timestamp.none, moment.tookPlace,
      moment.event.flags.isDisjoint(with: [.echo, .serviceMade, .systemActor, .sharedCopy, .future])
    else { return }
    evict(moment.time)
    while let first = waiting.first, moment.time - first.time >= wait {
      waiting.removeFirst()
      settle(first, &judgement)
    }
    if !judgement.isHoldersFirst { return }
    let profile = judgement.profile(moment)
    if profile.isHuman || duties.contains(where: { judgement.hasDuty($0, profile) }) { return }
    let name = judgement.bytes(Reach.identity(moment.subject))
    let attestor = judgement.attestor(moment, profile)
    if attestor.isPresent { note([0x72] + name, judgement.bytes(attestor), moment, &judgement) }
    let template = Templates.template(name)
    if template != name { note([0x74] + template, name, moment, &judgement) }
  }

  /// An event of one member of a group.
  private mutating func note(_ group: [UInt8], _ member: [UInt8], _ moment: Moment, _ judgement: inout Judgement) {
    let id = ByteHash.stable.hash(group)
    let who = ByteHash.stable.hash(member)
    var state = groups.removeValue(forKey: id) ?? Group(last: moment.time)
    defer { groups[id] = state }
    state.last = moment.time
    if state.members[who] == nil, state.members.count < PeerRarity.memberLimit { state.members[who] = moment.time }
    let privilege = judgement.survey.reach.privilege(attempted: moment)
    guard privilege >= 2 || moment.event.facts.intersects(weighty) else { return }
    let action = ProfileBreak.stem(judgement.bytes(moment.operation.action))
    let key = judgement.memory.key([Array("peer-act".utf8), group, action])
    defer { judgement.memory.remember(key, on: moment.day) }
    let isRoutine = judgement.memory.days(key, before: moment.day, within: span) > 0
    var act = state.acts[key] ?? Act(time: moment.time, row: moment.row, isRoutine: isRoutine)
    let isNew = act.members.isEmpty
    if act.members.count < 64 { act.members.insert(who) }
    if let draft = act.draft, act.members.count >= max(3, min(64, state.members.count / 4)) {
      if moment.time - act.time <= wait { judgement.withdraw(draft) }
      act.draft = nil
    }
    state.acts[key] = act
    if state.acts.count > PeerRarity.actLimit, isNew { state.acts[key] = nil }
    guard isNew, !isRoutine, state.acts[key] != nil, judgement.tenure.standing(moment).isMature else { return }
    let since = state.members[who] ?? moment.time
    if moment.time - since >= wait {
      tell(id, key, &state, &judgement)
    } else if waiting.count < 65_536 {
      waiting.append(Waiting(group: id, act: key, time: moment.time))
    }
  }

  private mutating func settle(_ item: Waiting, _ judgement: inout Judgement) {
    guard var state = groups.removeValue(forKey: item.group) else { return }
    tell(item.group, item.act, &state, &judgement)
    groups[item.group] = state
  }

  private func tell(_ id: UInt64, _ key: UInt64, _ state: inout Group, _ judgement: inout Judgement) {
    guard let act = state.acts[key], !act.isTold, !act.isRoutine, judgement.window.isHeld(act.row),
      state.members.count >= least, act.members.count <= max(1, state.members.count / share)
    else { return }
    state.acts[key]?.isTold = true
    let moment = Moment(judgement.window[act.row], act.row, judgement.window)
    let privilege = judgement.survey.reach.privilege(attempted: moment)
    let size = state.members.count
    let profile = judgement.profile(moment)
    let attestor = judgement.attestor(moment, profile)
    let name = Reach.identity(moment.subject)
    let who = judgement.bytes(attestor.isPresent ? attestor : name)
    state.acts[key]?.draft = judgement.draftKey(
      number, moment, key: who, cause: judgement.bytes(moment.operation.action))
    judgement.report(
      number, moment, key: who,
      cause: judgement.bytes(moment.operation.action), severity: privilege >= 3 ? .medium : .low,
      baseline: judgement.firstSeen(name, besides: moment.row)
    ) { draft, j in
      let who = attestor.isPresent ? "\(j.text(attestor)) of \(j.shortName(name))" : j.shortName(name)
      draft.title = "\(who): \(j.text(moment.operation.action)), which none of its \(size - 1) equals does"
      draft.summary =
        "\(who) called \(j.text(moment.operation.action)) at \(j.words(moment.time)) from \(j.words(moment.origin)). Of "
        + "\(size) equals \(act.members.count) did, and none on the \(span) days before."
      draft.explanation.expected = "what its equals do"
      draft.explanation.seen = j.text(moment.operation.action)
      draft.explanation.threshold = "an act of weight by at most one in \(share) of at least \(least) equals"
      draft.explanation.state = [("equals", "\(size)"), ("did_it", "\(act.members.count)")]
    }
  }

  private mutating func evict(_ now: Int64) {
    guard sweep == Int64.min || now - sweep > Timestamp.day else { return }
    sweep = now
    groups = groups.filter { now - $0.value.last <= 30 * Timestamp.day }
    for (id, group) in groups {
      let acts = group.acts.filter { now - $0.value.time <= 30 * Timestamp.day }
      if acts.count < group.acts.count { groups[id]?.acts = acts }
    }
  }
}

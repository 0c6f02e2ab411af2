import EventModel
import EventWindow

/// HI2: a machine's credential in the hands of a person.
///
/// Told by the client: a cluster console, a browser, a cloud shell, a command line that says it is interactive. For a workload
/// at once, for other identities where their history has no such client. How a person types (many different calls, uneven
/// pauses, typing errors) tells nothing by itself: it raises what else was found of the identity that hour.
///
/// State: about 200 B for each identity of the last half hour; clients in the long memory.
struct HandsOnKeyboard: Detector {
  static let kind = "hands-on-keyboard"

  fileprivate struct Typing: Sendable {
    var who: Symbol
    var since: Int64
    var last: Int64
    var actions: [Symbol] = []
    var errors = 0
    /// Of the pauses, in milliseconds.
    var count = 0
    var sum = 0.0
    var squares = 0.0
    var toldDay = Int32.min
  }

  private let number: Int
  private let span: Int32
  private let typeSpan, raiseSpan: Int64
  private let distinct, mistakes: Int
  private let families: [Glob]
  private let words: [[UInt8]]
  private let desktopClients: Set<String>
  private let errors: [Glob]
  private let duties: [String]
  private var typing: [Typing] = []
  private var slots: [Symbol: Int32] = [:]
  private var subjects = SubjectSlots()
  /// Whether a person operates the client.
  private var clients: [Symbol: Bool] = [:]
  private var errorWords: [Symbol: Bool] = [:]
  private var known: [UInt64] = Array(repeating: 0, count: 4096)
  private var sweep = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    span = Int32(try p.number("memory_days", default: 62))
    typeSpan = try p.minutes("typing_minutes", default: 30)
    raiseSpan = try p.minutes("raise_minutes", default: 60)
    distinct = try p.number("distinct_actions", default: 15)
    mistakes = try p.number("typing_errors", default: 2)
    families = try p.list("client_families").map { Glob($0) }
    words = try p.list("client_words").map { Array($0.lowercased().utf8) }
    desktopClients = Set(try p.list("desktop_clients"))
    errors = try p.list("error_words").map { Glob($0) }
    duties = try p.list("excused_duties", default: ["break-glass"])
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.subject.kind.isMachine, moment.subject.kind != .agent,
      moment.event.flags.isDisjoint(with: [.echo, .serviceMade, .systemActor, .sharedCopy, .impersonated])
    else { return }
    let profile = judgement.profile(moment)
    if profile.isHuman || profile.sessionClass == .agent { return }
    if duties.contains(where: { judgement.hasDuty($0, profile) }) { return }
    judgeClient(moment, profile, &judgement)
    if moment.time != Timestamp.none { judgeTyping(moment, &judgement) }
  }

  // MARK: client

  private mutating func judgeClient(
    _ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    guard isPersons(moment, judgement) else { return }
    let pair = UInt64(moment.event.subject) << 32 | UInt64(moment.event.origin)
    let slot = Int(truncatingIfNeeded: (pair &* 0x9e37_79b9_7f4a_7c15) >> 52)
    let mark = pair &* 0xc2b2_ae3d_27d4_eb4f ^ UInt64(UInt32(bitPattern: moment.day)) << 1 | 1
    if known[slot] == mark { return }
    let who = Reach.identity(moment.subject)
    let key = judgement.memory.key([
      Array("hands".utf8), judgement.bytes(who), judgement.bytes(moment.origin.family),
    ])
    let isHabit = judgement.memory.days(key, before: moment.day, within: span) > 0
    if moment.time != Timestamp.none { judgement.memory.remember(key, on: moment.day) }
    let standing = judgement.tenure.standing(moment)
    guard !isHabit, runsAlone(moment, profile) || standing.isMature else {
      known[slot] = mark
      return
    }
    judgement.report(
      number, moment, key: judgement.bytes(who),
      cause: Array("client:".utf8) + judgement.bytes(moment.origin.family),
      severity: .medium, confidence: .asserted,
      baseline: judgement.firstSeen(who, besides: moment.row)
    ) { draft, j in
      let name = j.shortName(who)
      let agent = j.text(moment.origin.agent)
      draft.title = "\(name): a \(profile.sessionClass.words) used with a client for people"
      draft.summary =
        "\(name) with \(j.credentialWords(moment.subject)) called \(j.text(moment.operation.action)) at "
        + "\(j.words(moment.time)) from \(j.words(moment.origin)) with \(agent), which a person operates."
      draft.explanation.expected = "a program: \(profile.sessionClass.words) of \(name)"
      draft.explanation.seen = agent
      draft.explanation.threshold = "one call with such a client, where no earlier day has one"
      draft.explanation.state = [("active_days", "\(standing.days)")]
    }
  }

  /// Nobody sits where it runs.
  private func runsAlone(_ moment: Moment, _ profile: Judgement.Profile) -> Bool {
    switch profile.sessionClass {
    case .instance, .task, .podIdentity, .federatedPod, .function, .pipeline, .certificate, .clusterToken: true
    default: moment.subject.kind == .serviceAccount || moment.subject.attestor.isPresent
    }
  }

  private mutating func isPersons(_ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    if let known = clients[moment.origin.agent] { return known }
    let family = judgement.text(moment.origin.family)
    let agent = judgement.bytes(moment.origin.agent).lowered
    let isDesktop = moment.origin.os == .darwin || moment.origin.os == .windows
    let isOne =
      families.contains { $0.matches(family) } || words.contains { agent.span.contains($0) }
      || isDesktop && desktopClients.contains(family)
    if clients.count >= 65_536 { clients.removeAll() }
    clients[moment.origin.agent] = isOne
    return isOne
  }

  // MARK: typing

  private mutating func judgeTyping(_ moment: Moment, _ judgement: inout Judgement) {
    evict(moment.time)
    let at = slot(moment)
    if moment.time - typing[at].last > typeSpan || moment.time - typing[at].since > 2 * typeSpan {
      typing[at].restart(moment.time)
    }
    if typing[at].toldDay == moment.day { return }
    typing[at].note(moment, distinct)
    if moment.event.error.isPresent, isMistake(moment.event.error, judgement) { typing[at].errors += 1 }
    if typing[at].errors >= mistakes, typing[at].actions.count >= distinct, typing[at].isUneven {
      typing[at].toldDay = moment.day
      raiseOthers(moment, typing[at].who, &judgement)
    }
  }

  private mutating func slot(_ moment: Moment) -> Int {
    if let known = subjects.find(moment) { return known }
    let who = Reach.identity(moment.subject)
    let at = slots[who].map { Int($0) } ?? typing.count
    if at == typing.count {
      typing.append(Typing(who: who, since: moment.time, last: moment.time))
      slots[who] = Int32(at)
    }
    subjects.note(moment, at)
    return at
  }

  private mutating func isMistake(_ error: Symbol, _ judgement: borrowing Judgement) -> Bool {
    if let known = errorWords[error] { return known }
    let text = judgement.text(error)
    let isOne = errors.contains { $0.matches(text) }
    if errorWords.count < 4096 { errorWords[error] = isOne }
    return isOne
  }

  /// What was found of the identity within the hour weighs one step more: never more than high by this.
  private func raiseOthers(_ moment: Moment, _ who: Symbol, _ judgement: inout Judgement) {
    let key = judgement.memory.key([Array("typing".utf8), judgement.bytes(who)])
    let isHabit = judgement.memory.days(key, before: moment.day, within: span) > 0
    judgement.memory.remember(key, on: moment.day)
    if isHabit { return }
    for (id, draft) in judgement.drafts
    where id.day == moment.day && Timestamp.gap(draft.lastSeen, moment.time) <= raiseSpan {
      let subject = judgement.window.dictionaries.subjects[draft.subject]
      guard Reach.identity(subject) == who, draft.severity >= .low, draft.severity < .high else { continue }
      judgement.follow(
        id, moment.row, draft.severity.raised(by: 1),
        note: "\(distinct) different calls with uneven pauses and typing errors: a person at the keyboard")
    }
  }

  private mutating func evict(_ now: Int64) {
    guard sweep == Int64.min || now - sweep > typeSpan else { return }
    sweep = now
    guard typing.contains(where: { now - $0.last > Timestamp.day }) else { return }
    typing.removeAll { now - $0.last > Timestamp.day }
    slots.removeAll(keepingCapacity: true)
    for n in typing.indices { slots[typing[n].who] = Int32(n) }
    subjects.removeAll()
  }
}

extension HandsOnKeyboard.Typing {
  fileprivate mutating func restart(_ time: Int64) {
    since = time
    last = time
    actions.removeAll(keepingCapacity: true)
    (errors, count, sum, squares) = (0, 0, 0, 0)
  }

  fileprivate mutating func note(_ moment: Moment, _ limit: Int) {
    if moment.time > last || count > 0 {
      let pause = Double((moment.time - last) / 1_000_000)
      count += 1
      sum += pause
      squares += pause * pause
    }
    last = moment.time
    if actions.count < limit, !actions.contains(moment.operation.action) { actions.append(moment.operation.action) }
  }

  /// The pauses vary more than those of a program that waits for nothing: their deviation exceeds their mean.
  fileprivate var isUneven: Bool {
    guard count >= 5, sum > 0 else { return false }
    let mean = sum / Double(count)
    return squares / Double(count) - mean * mean > mean * mean
  }
}

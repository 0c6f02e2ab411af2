import EventModel
import EventWindow

/// OS6: an agent uses tools that are not its own.
///
/// Forms: a tool outside the declared charter; an acting tool that no earlier run of the task used; a call for another user than
/// the conversation's; a burst of distinct tools; a run in which half of the calls fail. All but the burst work by order alone.
///
/// State: 64 B for each conversation of the last day (the latest ``conversationLimit`` where there are no times); the tools of
/// each task (``AgentRuns``).
struct AgentScope: Detector {
  static let kind = "agent-scope"

  private struct Conversation: Sendable {
    var user = Symbol.none
    var userRow: Row?
    var calls = 0
    var failed = 0
    var tools: [(tool: Symbol, time: Int64)] = []
    var first: Row
    var serial: UInt64 = 0
    var last = Int64.min
  }

  private let number: Int
  private let acting: FactSet
  private let burstTools: Int
  private let burstSpan: Int64
  private let errorCalls, errorPercent: Int
  private var runs: AgentRuns
  private var conversations: [Symbol: Conversation] = [:]
  private var serial: UInt64 = 0
  private var inside: [Int32: Row] = [:]
  private static let conversationLimit = 65_536

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    acting = facts.set(try p.list("acting_facts", default: ["agent-acting"]))
    runs = AgentRuns(
      kind: "agent-tools", runsNeeded: try p.number("runs", default: 10),
      habit: .kindsOfWork(percent: try p.number("open_percent", default: 25)))
    burstTools = try p.number("burst_tools", default: 10)
    burstSpan = Int64(try p.number("burst_seconds", default: 60)) * Timestamp.second
    errorCalls = try p.number("error_calls", default: 10)
    errorPercent = try p.number("error_percent", default: 50)
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.operation.verb == .tool, moment.subject.kind == .agent, !moment.event.flags.contains(.echo) else {
      return
    }
    charter(moment, &judgement)
    novelty(moment, &judgement)
    conversation(moment, &judgement)
  }

  // (a)
  private mutating func charter(_ moment: Moment, _ judgement: inout Judgement) {
    let profile = judgement.profile(moment)
    guard let scope = judgement.declared(profile)?.scope, !scope.tools.isEmpty else { return }
    if ToolName.allows(scope.tools, moment.operation, judgement) {
      if moment.tookPlace { inside[profile.declared] = moment.row }
      return
    }
    let tool = ToolName.text(moment.operation, judgement)
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name), cause: Array("charter:\(tool)".utf8),
      severity: moment.tookPlace ? .high : .medium, baseline: inside[profile.declared].map { [$0] } ?? []
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      draft.title = "\(who) \(moment.tookPlace ? "used" : "tried") \(tool), which is not in its charter"
      draft.summary =
        "\(who) in \(j.credentialWords(moment.subject)) called \(tool) of \(j.text(moment.operation.service)) at "
        + "\(j.words(moment.time)); its declaration '\(j.configuration.identities[Int(profile.declared)].id)' does not name it."
      draft.explanation.expected =
        "tools: " + scope.tools.map(\.text).joined(separator: ", ")
      draft.explanation.seen = tool
      draft.explanation.threshold =
        "one call of a tool outside the charter; an attempt that was refused weighs one less"
    }
  }

  // (b)
  private mutating func novelty(_ moment: Moment, _ judgement: inout Judgement) {
    let acts = moment.event.facts.intersects(acting)
    guard let key = runs.enter(moment, judgement), moment.tookPlace else { return }
    let tool = judgement.bytes(moment.operation.action)
    let standing = runs.weigh(
      ByteHash.stable.hash(tool), of: acts ? 1 : 0, in: key, moment, counts: acts, &judgement)
    guard acts, case .new(let count, _, let baseline) = standing else { return }
    let name = ToolName.text(moment.operation, judgement)
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.session), cause: Array("tool:".utf8) + tool,
      severity: .medium,
      baseline: baseline
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      draft.title = "\(who) used \(name), which no earlier run of \(j.text(moment.subject.namespace)) used"
      draft.summary =
        "\(who) in \(j.credentialWords(moment.subject)) called \(name) at \(j.words(moment.time)); none of "
        + "\(count) earlier runs of \(j.text(moment.subject.namespace)) did."
      draft.explanation.expected = "the tools of earlier runs of the same task"
      draft.explanation.seen = "\(name), a tool that changes or sends something"
      draft.explanation.threshold = "never used in at least \(self.runs.runsNeeded) earlier runs"
      draft.explanation.state = [("earlier runs", "\(count)")]
    }
  }

  // (c), (e)
  private mutating func conversation(_ moment: Moment, _ judgement: inout Judgement) {
    let session = moment.subject.session
    guard session.isPresent else { return }
    serial += 1
    var talk = conversations.removeValue(forKey: session) ?? Conversation(first: moment.row)
    talk.serial = serial
    talk.last = max(talk.last, moment.time)
    let user = moment.subject.onBehalf
    if user.isPresent {
      if !talk.user.isPresent {
        talk.user = user
        talk.userRow = moment.row
      } else if talk.user != user {
        otherUser(moment, talk, &judgement)
      }
    }
    talk.calls += 1
    if moment.event.outcome == .denied || moment.event.outcome == .error { talk.failed += 1 }
    if talk.calls >= errorCalls, talk.failed * 100 >= talk.calls * errorPercent { failing(moment, talk, &judgement) }
    if moment.time != Timestamp.none {
      talk.tools.removeAll { moment.time - $0.time > burstSpan || $0.tool == moment.operation.action }
      if talk.tools.count < 64 { talk.tools.append((moment.operation.action, moment.time)) }
      if talk.tools.count >= burstTools { burst(moment, talk, &judgement) }
    }
    conversations[session] = talk
    if conversations.count > AgentScope.conversationLimit { forget(moment.time) }
  }

  private func otherUser(_ moment: Moment, _ talk: Conversation, _ judgement: inout Judgement) {
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.session),
      cause: Array("user:".utf8) + judgement.bytes(moment.subject.onBehalf),
      severity: moment.tookPlace ? .high : .medium, baseline: talk.userRow.map { [$0] } ?? []
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let tool = ToolName.text(moment.operation, j)
      draft.title =
        "\(who) called \(tool) for \(j.text(moment.subject.onBehalf)) in a conversation of \(j.text(talk.user))"
      draft.summary =
        "\(j.credentialWords(moment.subject)) of \(who) belongs to \(j.text(talk.user)); at \(j.words(moment.time)) \(tool) was called on "
        + "behalf of \(j.text(moment.subject.onBehalf))."
      draft.explanation.expected = "every call of a conversation on behalf of its user, \(j.text(talk.user))"
      draft.explanation.seen = j.text(moment.subject.onBehalf)
      draft.explanation.threshold = "one call for somebody else"
    }
  }

  private func failing(_ moment: Moment, _ talk: Conversation, _ judgement: inout Judgement) {
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.session), cause: Array("errors".utf8), severity: .low,
      baseline: [talk.first]
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      draft.title = "\(who): \(talk.failed) of \(talk.calls) tool calls of one run failed"
      draft.summary =
        "\(j.credentialWords(moment.subject)) of \(who): \(talk.failed) of \(talk.calls) calls failed or were refused until "
        + "\(j.words(moment.time)), the last \(ToolName.text(moment.operation, j))."
      draft.explanation.expected = "a run whose calls succeed"
      draft.explanation.seen = "\(talk.failed) failures among \(talk.calls) calls"
      draft.explanation.threshold = "\(errorPercent) % of at least \(errorCalls) calls"
    }
  }

  private func burst(_ moment: Moment, _ talk: Conversation, _ judgement: inout Judgement) {
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.session), cause: Array("burst".utf8), severity: .medium,
      baseline: [talk.first]
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let names = talk.tools.map { j.text($0.tool) }.sorted().joined(separator: ", ")
      draft.title = "\(who) used \(talk.tools.count) different tools within \(burstSpan / Timestamp.second) seconds"
      draft.summary = "\(j.credentialWords(moment.subject)) of \(who) called \(names) until \(j.words(moment.time))."
      draft.explanation.expected = "the few tools that a task needs, at the pace of a conversation"
      draft.explanation.seen = names
      draft.explanation.threshold = "\(burstTools) distinct tools within \(burstSpan / Timestamp.second) seconds"
    }
  }

  private mutating func forget(_ now: Int64) {
    let oldest = serial - UInt64(AgentScope.conversationLimit / 2)
    conversations = conversations.filter {
      $0.value.serial > oldest
        && (now == Timestamp.none || $0.value.last == Int64.min || now - $0.value.last <= Timestamp.day)
    }
  }
}

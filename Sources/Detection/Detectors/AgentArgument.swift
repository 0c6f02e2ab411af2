import EventModel
import EventWindow

/// OS16: what an agent's tool call reaches for.
///
/// (a) without history: arguments that name a credential, climb out of their folder, open a shell to the network, or a result that
/// held a secret. The map states these as facts, by the arguments' form, never by a tool's name. (b) with history: a destination, a
/// host, a contact or an object that no earlier run of the task used (``AgentRuns``), compared by hash; more so where a tool's
/// result named it first, not at all where the user's request did (``AgentProvenance``).
///
/// State: (a) none, (b) that of ``AgentRuns`` and ``AgentProvenance``.
struct AgentArgument: Detector {
  static let kind = "agent-argument"

  private let number: Int
  private let base: Severity
  private let reach, grave, acting, destroying: FactSet
  private let names: [(fact: Fact, name: String)]
  private var runs: AgentRuns
  private var provenance = AgentProvenance()
  private var words = (argument: Symbol.none, said: Symbol.none, told: Symbol.none)

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    base = definition.severity
    var p = definition.parameters
    let plain = try p.list("reach_facts")
    let high = try p.list("grave_facts")
    reach = facts.set(plain + high)
    grave = facts.set(high)
    names = (high + plain).compactMap { name in facts[name].map { ($0, name) } }
    acting = facts.set(try p.list("acting_facts", default: ["agent-acting"]))
    destroying = facts.set(try p.list("destroying_facts", default: ["agent-destroys", "agent-shares"]))
    runs = AgentRuns(
      kind: "agent-values", runsNeeded: try p.number("runs", default: 10),
      habit: .ownValues(percent: try p.number("open_percent", default: 25)),
      commonTasks: try p.number("common_tasks", default: 3))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let isAgents = moment.subject.kind == .agent
    guard isAgents || moment.operation.verb == .tool, !moment.event.flags.contains(.echo) else { return }
    if isAgents, moment.event.detailCount > 0 { meet(moment, .request, judgement) }
    if moment.operation.verb == .tool {
      if moment.event.facts.intersects(reach) { reaches(moment, &judgement) }
      if isAgents { novelty(moment, &judgement) }
    }
    if isAgents, moment.event.detailCount > 0 { meet(moment, .result, judgement) }
  }

  // (a)
  private func reaches(_ moment: Moment, _ judgement: inout Judgement) {
    let found = names.filter { moment.event.facts.contains($0.fact) }.map(\.name)
    guard let first = found.first else { return }
    var severity = moment.event.facts.intersects(grave) ? max(base, .high) : base
    if !moment.tookPlace { severity = .low }
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name),
      cause: Array(first.utf8) + judgement.bytes(moment.subject.session), severity: severity
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let tool = ToolName.text(moment.operation, j)
      let words = found.map { AgentArgument.words[$0] ?? $0 }.joined(separator: ", and ")
      draft.title = "\(who): a call of \(tool) \(moment.tookPlace ? "" : "that failed ")\(words)"
      draft.summary =
        "\(who) with \(j.credentialWords(moment.subject)) called \(tool) at \(j.words(moment.time)): it \(words)"
        + (moment.tookPlace ? "." : "; the call did not succeed.")
      draft.explanation.expected = "arguments inside the agent's own files and hosts"
      draft.explanation.seen = found.joined(separator: ", ")
      draft.explanation.threshold = "one such call; a failed one is an attempt"
    }
  }

  private static let words: [String: String] = [
    "agent-private-key": "names a private key", "agent-credential-path": "asks for a place that holds credentials",
    "agent-network-shell": "opens a shell to the network",
    "agent-privileged": "starts a privileged container or takes over its host",
    "agent-climbs": "leaves the folder or the argument that it was given",
    "agent-metadata": "asks the metadata address for credentials",
    "agent-result-secret": "returned a secret",
  ]

  /// Notes what the user's request says, and what a result told.
  private mutating func meet(_ moment: Moment, _ source: AgentProvenance.Source, _ judgement: borrowing Judgement) {
    let symbols = judgement.dictionaries.symbols
    if !words.said.isPresent { words.said = symbols.find(Array("said".utf8)) ?? .none }
    if !words.told.isPresent { words.told = symbols.find(Array("told".utf8)) ?? .none }
    let name = source == .request ? words.said : words.told
    guard name.isPresent else { return }
    for detail in judgement.window.details(moment.event, at: moment.row) where detail.name == name {
      guard let item = AgentItem(judgement.bytes(detail.value)) else { continue }
      provenance.meet(item.hash, source, in: moment.subject.session)
    }
  }

  // (b)
  private mutating func novelty(_ moment: Moment, _ judgement: inout Judgement) {
    guard let key = runs.enter(moment, judgement), moment.tookPlace, moment.event.detailCount > 0 else { return }
    if !words.argument.isPresent { words.argument = judgement.dictionaries.symbols.find(Array("arg".utf8)) ?? .none }
    let acts = moment.event.facts.intersects(acting)
    let destroys = moment.event.facts.intersects(destroying)
    for detail in judgement.window.details(moment.event, at: moment.row) where detail.name == words.argument {
      guard let item = AgentItem(judgement.bytes(detail.value)) else { continue }
      let source = provenance.meet(item.hash, .argument, in: moment.subject.session)
      let counts =
        switch item.value {
        case _ where source == .request: false
        case .destination, .contact: acts
        case .host: true
        case .object: item.name.isEmpty ? destroys : acts
        }
      let standing = runs.weigh(item.hash, of: item.unit, in: key, moment, counts: counts, &judgement)
      if counts, case .new(let count, let elsewhere, let baseline) = standing {
        report(moment, item, count, elsewhere, source == .result, baseline, &judgement)
      }
    }
  }

  private func report(
    _ moment: Moment, _ item: AgentItem, _ count: Int, _ elsewhere: Bool, _ isTold: Bool, _ baseline: [Row],
    _ judgement: inout Judgement
  ) {
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.session), cause: item.place,
      severity: elsewhere ? .low : isTold ? .high : .medium, baseline: baseline
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let tool = ToolName.text(moment.operation, j)
      let task = j.text(moment.subject.namespace)
      let what = item.words
      draft.title = "\(who): \(tool) with \(what) that no earlier run of \(task) used"
      draft.summary =
        "\(who) in \(j.credentialWords(moment.subject)) called \(tool) at \(j.words(moment.time)) with \(what); none of "
        + "\(count) earlier runs of \(task) used that value."
        + (isTold ? " A tool's result had named it before in this conversation." : "")
      draft.explanation.expected = "values that earlier runs of the same task used"
      draft.explanation.seen =
        "\(item.value.rawValue)\(item.name.isEmpty ? "" : " '\(item.name)'") with hash "
        + String(decoding: item.bytes.suffix(16), as: UTF8.self)
      draft.explanation.threshold = "never used in at least \(self.runs.runsNeeded) earlier runs"
      draft.explanation.state = [
        ("earlier runs", "\(count)"), ("common to tasks of the agent", elsewhere ? "yes" : "no"),
        ("named by a tool's result before", isTold ? "yes" : "no"),
      ]
    }
  }
}

import EventModel
import EventWindow

/// OS16: what an agent's tool call reaches for.
///
/// (a) without history: arguments that name a credential, climb out of their folder, open a shell to the network, or a result that
/// held a secret. The map states these as facts, by the arguments' form, never by a tool's name. (b) with history: a destination, a
/// host, a contact or an object that no earlier run of the task used (``AgentRuns``), compared by hash.
///
/// State: (a) none, (b) that of ``AgentRuns``.
struct AgentArgument: Detector {
  static let kind = "agent-argument"

  private enum Value: String { case destination, host, contact, object }

  private let number: Int
  private let base: Severity
  private let reach, grave, acting, destroying: FactSet
  private let names: [(fact: Fact, name: String)]
  private var runs: AgentRuns
  private var argument = Symbol.none

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
      habit: .ownValues(
        percent: try p.number("open_percent", default: 25), ofRuns: try p.number("stray_percent", default: 10)),
      commonTasks: try p.number("common_tasks", default: 3))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.operation.verb == .tool, !moment.event.flags.contains(.echo) else { return }
    if moment.event.facts.intersects(reach) { reaches(moment, &judgement) }
    if moment.subject.kind == .agent { novelty(moment, &judgement) }
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

  // (b)
  private mutating func novelty(_ moment: Moment, _ judgement: inout Judgement) {
    guard let key = runs.enter(moment, judgement), moment.tookPlace, moment.event.detailCount > 0 else { return }
    if !argument.isPresent { argument = judgement.dictionaries.symbols.find(Array("arg".utf8)) ?? .none }
    let acts = moment.event.facts.intersects(acting)
    let destroys = moment.event.facts.intersects(destroying)
    for detail in judgement.window.details(moment.event, at: moment.row) where detail.name == argument {
      let bytes = judgement.bytes(detail.value)
      guard let colon = bytes.firstIndex(of: 0x3a),
        let value = Value(rawValue: String(decoding: bytes[..<colon], as: UTF8.self))
      else { continue }
      let equals = bytes.firstIndex(of: 0x3d)
      let name = equals.map { String(decoding: bytes[(colon + 1)..<$0], as: UTF8.self) } ?? ""
      let counts =
        switch value {
        case .destination, .contact: acts
        case .host: true
        case .object: name.isEmpty ? destroys : acts
        }
      let unit = Array("\(value.rawValue):\(name)".utf8)
      let standing = runs.weigh(
        hash(value, bytes[((equals ?? colon) + 1)...]), of: ByteHash.stable.hash(unit), in: key, moment,
        counts: counts, &judgement)
      if counts, case .new(let count, let elsewhere, let baseline) = standing {
        report(moment, value, name, bytes, count, elsewhere, baseline, &judgement)
      }
    }
  }

  /// A value is the same wherever it stands: somebody paid under `recipient` is known as a `payee`, and in a text.
  private func hash(_ value: Value, _ bytes: ArraySlice<UInt8>) -> UInt64 {
    let kind = value == .contact ? Value.destination : value
    return ByteHash.stable.mix(ByteHash.stable.hash(Array(kind.rawValue.utf8)), ByteHash.stable.hash(Array(bytes)))
  }

  private func report(
    _ moment: Moment, _ value: Value, _ name: String, _ bytes: [UInt8], _ count: Int, _ elsewhere: Bool,
    _ baseline: [Row], _ judgement: inout Judgement
  ) {
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.session), cause: bytes, severity: elsewhere ? .low : .medium,
      baseline: baseline
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let tool = ToolName.text(moment.operation, j)
      let task = j.text(moment.subject.namespace)
      let what =
        switch value {
        case .destination: "a destination (argument '\(name)')"
        case .host: "a host"
        case .contact: "an address or account in its text"
        case .object: name.isEmpty ? "an object that it destroys or shares" : "an object (argument '\(name)')"
        }
      draft.title = "\(who): \(tool) with \(what) that no earlier run of \(task) used"
      draft.summary =
        "\(who) in \(j.credentialWords(moment.subject)) called \(tool) at \(j.words(moment.time)) with \(what); none of "
        + "\(count) earlier runs of \(task) used that value."
      draft.explanation.expected = "values that earlier runs of the same task used"
      draft.explanation.seen =
        "\(value.rawValue)\(name.isEmpty ? "" : " '\(name)'") with hash \(String(decoding: bytes.suffix(16), as: UTF8.self))"
      draft.explanation.threshold = "never used in at least \(self.runs.runsNeeded) earlier runs"
      draft.explanation.state = [
        ("earlier runs", "\(count)"), ("common to tasks of the agent", elsewhere ? "yes" : "no"),
      ]
    }
  }
}

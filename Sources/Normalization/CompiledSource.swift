import EventModel
import JSONScanning

/// A source map ready to run: one trie for all its paths, clauses per column, acts per action.
public final class CompiledSource: Sendable {
  public let name: String
  public let title: String
  public let plane: String
  public let index: UInt8
  public let envelopes: [[UInt8]]
  public let privateAddressesAreOne: Bool
  public let lateness: Int
  /// How many tests the best alternative of `recognise` makes: the more specific source is asked first.
  let specificity: Int

  let trie: PathTrie
  let recognise: CompiledCondition
  /// nil: it takes no record that nobody recognises.
  let otherwise: CompiledCondition?
  let unwrap: [Expression]
  /// See ``SourceDefinition/split``: the two keys, and the array's slot.
  public struct Split: Sendable {
    public let key: [UInt8]
    public let beside: [UInt8]
    let slot: Int
  }
  public let split: Split?
  let subjectFlags: [(flag: EventFlags, when: CompiledCondition)]
  let flags: [(flag: EventFlags, when: CompiledCondition)]
  let acts: [CompiledAct]
  /// Conditions of acts that the client alone decides, by the bit of its answers.
  let clientConditions: [CompiledCondition]
  /// What it was compiled from.
  private let written: (definition: SourceDefinition, facts: FactVocabulary)
  /// Slots whose raw bytes decide a group of columns; equal bytes give the same dictionary entry.
  let subjectInputs, originInputs, operationInputs: GroupInputs
  /// Without those of the origin, of which the status knows the answers to its tests, the trace the key.
  let statusInputs, traceInputs: GroupInputs
  /// The clauses of every column (see ``SourceDefinition/ColumnName``).
  let time, id, eventID, outcome, error, trace, resource, target: [CompiledClause]
  let actor, actorName, actorKind, session, credential, credentialKind, issuedAt, expiresAt: [CompiledClause]
  let issuer, onBehalf, home, attestor, node, subjectNamespace: [CompiledClause]
  let address, agent, endpoint, tls: [CompiledClause]
  let tenant, action, service, region, namespace, resourceKind, verb: [CompiledClause]
  /// Keys of the paths of secrets, array steps left out.
  let redactions: [[[UInt8]]]

  /// - Throws: the first error of the map, with the field it stands in.
  public init(_ definition: SourceDefinition, index: UInt8, facts: FactVocabulary) throws(MapError) {
    written = (definition, facts)
    var parser = ExpressionParser(foldCase: definition.foldCase)
    name = definition.name
    title = definition.title
    plane = definition.plane
    self.index = index
    envelopes = definition.envelopes.map { Array($0.utf8) }
    privateAddressesAreOne = definition.privateAddressesAreOne
    lateness = definition.lateness
    specificity = definition.recognise.anyOf.map(\.count).max() ?? 0
    recognise = try parser.condition(definition.recognise, field: "recognise")
    otherwise =
      definition.otherwise.anyOf.isEmpty ? nil : try parser.condition(definition.otherwise, field: "otherwise")
    for value in definition.values { try parser.define(value.name, value.clauses) }
    if recognise.isAlways { throw MapError(field: "recognise", reason: "needs at least one test") }
    var unwrapped: [Expression] = []
    for text in definition.unwrap { unwrapped.append(try parser.parse(text, field: "unwrap")) }
    unwrap = unwrapped
    split = definition.split.map { names in
      let key = Array(names.array.utf8)
      return Split(key: key, beside: Array(names.beside.utf8), slot: parser.slot([key]))
    }
    var compiled: [SourceDefinition.ColumnName: [CompiledClause]] = [:]
    for column in SourceDefinition.ColumnName.allCases {
      compiled[column] = try parser.clauses(definition.columns[column] ?? [], field: column.rawValue)
    }
    subjectFlags = try CompiledSource.flags(definition.subjectFlags, &parser, "subject.flags")
    flags = try CompiledSource.flags(definition.flags, &parser, "flags")
    var acts: [CompiledAct] = []
    var used = UsedSlots()
    for name in [SourceDefinition.ColumnName.address, .agent, .endpoint, .tls] { used.add(compiled[name] ?? []) }
    originInputs = GroupInputs(used, &parser)
    var client = ClientConditions(inputs: originInputs)
    for (n, act) in definition.acts.enumerated() {
      acts.append(try CompiledAct(act, &parser, field: "acts[\(n)]", facts: facts, client: &client))
    }
    self.acts = acts
    clientConditions = client.conditions
    var redactions: [[[UInt8]]] = []
    for path in definition.redact { redactions.append(try ExpressionParser.keys(of: path)) }
    self.redactions = redactions

    func inputs(_ names: [SourceDefinition.ColumnName], _ flags: [(flag: EventFlags, when: CompiledCondition)])
      -> GroupInputs
    {
      var used = UsedSlots()
      for name in names { used.add(compiled[name] ?? []) }
      for flag in flags { used.add(flag.when) }
      return GroupInputs(used, &parser)
    }
    subjectInputs = inputs(SourceDefinition.ColumnName.subjectColumns, subjectFlags)
    operationInputs = inputs(SourceDefinition.ColumnName.operationColumns, [])
    statusInputs = inputs([.outcome, .error], flags).asking(originInputs)
    traceInputs = inputs([.trace], []).besides(originInputs)
    func column(_ name: SourceDefinition.ColumnName) -> [CompiledClause] { compiled[name] ?? [] }
    time = column(.time)
    id = column(.id)
    eventID = column(.eventID)
    outcome = column(.outcome)
    error = column(.error)
    trace = column(.trace)
    resource = column(.resource)
    target = column(.target)
    actor = column(.actor)
    actorName = column(.actorName)
    actorKind = column(.actorKind)
    session = column(.session)
    credential = column(.credential)
    credentialKind = column(.credentialKind)
    issuedAt = column(.issuedAt)
    expiresAt = column(.expiresAt)
    issuer = column(.issuer)
    onBehalf = column(.onBehalf)
    home = column(.home)
    attestor = column(.attestor)
    node = column(.node)
    subjectNamespace = column(.subjectNamespace)
    address = column(.address)
    agent = column(.agent)
    endpoint = column(.endpoint)
    tls = column(.tls)
    tenant = column(.tenant)
    action = column(.action)
    service = column(.service)
    region = column(.region)
    namespace = column(.namespace)
    resourceKind = column(.resourceKind)
    verb = column(.verb)
    let paths = parser.slots
    trie = PathTrie(
      paths: paths.map { path in
        (keys: path, descend: paths.contains { $0.count > path.count && Array($0.prefix(path.count)) == path })
      }, foldCase: definition.foldCase)
  }

  /// The same source, compiled once more. Each worker has its own: the reference counts of what two share would travel
  /// between the processors several times a record.
  func own() -> CompiledSource {
    (try? CompiledSource(written.definition, index: index, facts: written.facts)) ?? self
  }

  private static func flags(
    _ texts: [(flag: String, when: SourceDefinition.Condition)], _ parser: inout ExpressionParser, _ field: String
  ) throws(MapError) -> [(flag: EventFlags, when: CompiledCondition)] {
    var compiled: [(flag: EventFlags, when: CompiledCondition)] = []
    for text in texts {
      guard let flag = EventFlags.names.first(where: { $0.0 == text.flag })?.1 else {
        throw MapError(field: field, reason: "no flag '\(text.flag)'")
      }
      compiled.append((flag, try parser.condition(text.when, field: field)))
    }
    return compiled
  }
}

extension SourceDefinition.ColumnName {
  static let subjectColumns: [SourceDefinition.ColumnName] = [
    .actor, .actorName, .actorKind, .session, .credential, .credentialKind, .issuedAt, .expiresAt, .issuer, .onBehalf,
    .home, .attestor, .node, .subjectNamespace,
  ]
  static let operationColumns: [SourceDefinition.ColumnName] = [
    .tenant, .action, .service, .region, .namespace, .resourceKind, .verb,
  ]
}

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
  let unwrap: [Expression]
  let columns: [[CompiledClause]]  // by ColumnName's position
  let subjectFlags: [(flag: EventFlags, when: CompiledCondition)]
  let flags: [(flag: EventFlags, when: CompiledCondition)]
  let acts: [CompiledAct]
  /// Slots whose raw bytes decide a group of columns; equal bytes give the same dictionary entry.
  let subjectInputs: [Int]
  let originInputs: [Int]
  let operationInputs: [Int]
  let statusInputs: [Int]
  /// The columns that every row asks for; all others go through ``clauses(_:)``.
  let time, id, eventID, outcome, error, trace, resource, target: [CompiledClause]
  /// Keys of the paths of secrets, array steps left out.
  let redactions: [[[UInt8]]]

  func clauses(_ column: SourceDefinition.ColumnName) -> [CompiledClause] { columns[column.position] }

  /// - Throws: the first error of the map, with the field it stands in.
  public init(_ definition: SourceDefinition, index: UInt8, facts: FactVocabulary) throws(MapError) {
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
    for value in definition.values { try parser.define(value.name, value.clauses) }
    if recognise.isAlways { throw MapError(field: "recognise", reason: "needs at least one test") }
    var unwrapped: [Expression] = []
    for text in definition.unwrap { unwrapped.append(try parser.parse(text, field: "unwrap")) }
    unwrap = unwrapped
    var compiled: [[CompiledClause]] = []
    for column in SourceDefinition.ColumnName.allCases {
      compiled.append(try parser.clauses(definition.columns[column] ?? [], field: column.rawValue))
    }
    columns = compiled
    subjectFlags = try CompiledSource.flags(definition.subjectFlags, &parser, "subject.flags")
    flags = try CompiledSource.flags(definition.flags, &parser, "flags")
    var acts: [CompiledAct] = []
    for (n, act) in definition.acts.enumerated() {
      acts.append(try CompiledAct(act, &parser, field: "acts[\(n)]", facts: facts))
    }
    self.acts = acts
    var redactions: [[[UInt8]]] = []
    for path in definition.redact { redactions.append(try ExpressionParser.keys(of: path)) }
    self.redactions = redactions

    func inputs(_ names: [SourceDefinition.ColumnName], _ flags: [(flag: EventFlags, when: CompiledCondition)]) -> [Int]
    {
      var used: Set<Int> = []
      for name in names { for clause in compiled[name.position] { clause.collect(&used) } }
      for flag in flags { flag.when.collect(&used) }
      return CompiledSource.groupInputs(used, &parser)
    }
    subjectInputs = inputs(SourceDefinition.ColumnName.subjectColumns, subjectFlags)
    originInputs = inputs([.address, .agent, .endpoint, .tls], [])
    operationInputs = inputs(SourceDefinition.ColumnName.operationColumns, [])
    statusInputs = inputs([.outcome, .error], flags)
    func column(_ name: SourceDefinition.ColumnName) -> [CompiledClause] { compiled[name.position] }
    time = column(.time)
    id = column(.id)
    eventID = column(.eventID)
    outcome = column(.outcome)
    error = column(.error)
    trace = column(.trace)
    resource = column(.resource)
    target = column(.target)
    let paths = parser.slots
    trie = PathTrie(
      paths: paths.map { path in
        (keys: path, descend: paths.contains { $0.count > path.count && Array($0.prefix(path.count)) == path })
      }, foldCase: definition.foldCase)
  }

  /// Up to three wanted paths below one top-level key are hashed themselves, more by the whole value of the key.
  private static func groupInputs(_ used: Set<Int>, _ parser: inout ExpressionParser) -> [Int] {
    let slots = parser.slots
    var inputs: [Int] = []
    for (root, members) in Dictionary(grouping: used, by: { slots[$0][0] }) {
      if members.count <= 6 { inputs += members } else { inputs.append(parser.slot([root])) }
    }
    return inputs.sorted()
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
  private static let positions = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
  var position: Int { Self.positions[self] ?? 0 }
  static let subjectColumns: [SourceDefinition.ColumnName] = [
    .actor, .actorName, .actorKind, .session, .credential, .credentialKind, .issuedAt, .expiresAt, .issuer, .onBehalf,
    .home, .attestor, .node, .subjectNamespace,
  ]
  static let operationColumns: [SourceDefinition.ColumnName] = [
    .tenant, .action, .service, .region, .namespace, .resourceKind, .verb,
  ]
}

extension Expression {
  func collect(_ slots: inout Set<Int>) {
    switch self {
    case .constant: break
    case .path(let slot, _, let functions):
      slots.insert(slot)
      for function in functions { function.collect(&slots) }
    case .named(let clauses, let functions):
      for clause in clauses { clause.collect(&slots) }
      for function in functions { function.collect(&slots) }
    case .template(let parts): for part in parts { part.part.collect(&slots) }
    case .table(let inner, _): inner.collect(&slots)
    }
  }
}

extension Function {
  func collect(_ slots: inout Set<Int>) {
    switch self {
    case .only(let patterns), .except(let patterns):
      for case .same(let other) in patterns { other.collect(&slots) }
    default: break
    }
  }
}

extension CompiledClause {
  func collect(_ slots: inout Set<Int>) {
    when.collect(&slots)
    value.collect(&slots)
  }
}

extension CompiledCondition {
  func collect(_ slots: inout Set<Int>) {
    for test in anyOf.joined() {
      test.expression.collect(&slots)
      for case .same(let other) in test.accepts + test.refuses { other.collect(&slots) }
    }
  }
}

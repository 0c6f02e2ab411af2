import EventModel

/// What a map says about some actions: facts, a verb, a target, a mint. Shared, never copied.
final class CompiledAct: Sendable {
  let actions: [Glob]
  let when: CompiledCondition
  /// The bit of the client's answers that says whether ``when`` holds; 0 where more than the client decides it.
  let clientBit: UInt64
  let having: [Having]
  let verb: Verb?
  let facts: FactSet
  let flags: EventFlags
  let target: [CompiledClause]
  let resource: [CompiledClause]
  let details: [NamedDetail]
  let mint: CompiledMint?

  /// A test of the details that earlier acts collected.
  struct Having: Sendable {
    let name: [UInt8]
    let accepts: [Glob]
    let refuses: [Glob]
  }

  struct NamedDetail: Sendable {
    let name: [UInt8]
    let clauses: [CompiledClause]
  }

  init(
    _ act: SourceDefinition.Act, _ parser: inout ExpressionParser, field: String, facts vocabulary: FactVocabulary,
    client: inout ClientConditions
  ) throws(MapError) {
    guard !act.actions.isEmpty else { throw MapError(field: field, reason: "names no action") }
    actions = act.actions.map(Glob.init)
    when = try parser.condition(act.when, field: field + ".when")
    clientBit = client.bit(of: when)
    having = act.having.map { test in
      let refused = test.patterns.filter { $0.utf8.first == 0x21 }
      let accepted = test.patterns.filter { $0.utf8.first != 0x21 }
      return Having(
        name: Array(test.name.utf8), accepts: accepted.map(Glob.init),
        refuses: refused.map { Glob(String($0.dropFirst())) })
    }
    if let text = act.verb {
      guard let verb = Verb.allCases.first(where: { $0.name == text }) else {
        throw MapError(field: field + ".verb", reason: "no verb '\(text)'")
      }
      self.verb = verb
    } else {
      verb = nil
    }
    var set = FactSet()
    for name in act.facts {
      guard let fact = vocabulary[name] else { throw MapError(field: field, reason: "too many facts: '\(name)'") }
      set.insert(fact)
    }
    facts = set
    var flags = EventFlags()
    for name in act.flags {
      guard let flag = EventFlags.names.first(where: { $0.0 == name })?.1 else {
        throw MapError(field: field, reason: "no flag '\(name)'")
      }
      flags.formUnion(flag)
    }
    self.flags = flags
    target = try parser.clauses(act.target, field: field + ".target")
    resource = try parser.clauses(act.resource, field: field + ".resource")
    var details: [NamedDetail] = []
    for detail in act.details {
      details.append(
        NamedDetail(
          name: Array(detail.name.utf8), clauses: try parser.clauses(detail.clauses, field: field + ".details")))
    }
    for join in act.joins {
      details.append(
        NamedDetail(
          name: Array(join.join.detail.utf8), clauses: try parser.clauses(join.clauses, field: field + ".joins")))
    }
    self.details = details
    mint = try act.mint.map { mint throws(MapError) in try CompiledMint(mint, &parser, field: field + ".mint") }
  }

  func concerns(_ action: Span<UInt8>) -> Bool {
    for glob in actions where glob.matches(action) { return true }
    return false
  }
}

final class CompiledMint: Sendable {
  let child, parent, holder, session, attestor, expires, kind, mechanism: [CompiledClause]
  let grade: Grade

  init(_ mint: SourceDefinition.Mint, _ parser: inout ExpressionParser, field: String) throws(MapError) {
    child = try parser.clauses(mint.child, field: field)
    parent = try parser.clauses(mint.parent, field: field)
    holder = try parser.clauses(mint.holder, field: field)
    session = try parser.clauses(mint.session, field: field)
    attestor = try parser.clauses(mint.attestor, field: field)
    expires = try parser.clauses(mint.expires, field: field)
    kind = try parser.clauses(mint.kind, field: field)
    mechanism = try parser.clauses(mint.mechanism, field: field)
    guard let grade = Grade.allCases.first(where: { $0.name == mint.grade }) else {
      throw MapError(field: field, reason: "no grade '\(mint.grade)'")
    }
    self.grade = grade
  }
}

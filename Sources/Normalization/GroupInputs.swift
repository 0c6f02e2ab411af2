/// Slots whose raw bytes decide a group of columns: equal bytes give the same dictionary entry.
struct GroupInputs: Sendable {
  /// Hashed with their bytes.
  private(set) var values: [Int]
  /// Only asked whether they have a value: ids that differ in every record would make every key a new one.
  private(set) var presences: [Int]
  /// Tests of slots of another group, which answers them once for each of its entries; at most 64.
  private(set) var tests: [CompiledCondition.Test] = []
  /// What the group reads of the record's wrapping: hashed with their values where there is one.
  let wrapped: [Expression]
  private let used: UsedSlots

  /// Up to six wanted paths below one top-level key are hashed themselves, more by the whole value of the key.
  init(_ used: UsedSlots, _ parser: inout ExpressionParser) {
    self.used = used
    wrapped = used.wrapped
    let slots = parser.slots
    var inputs: [Int] = []
    let all = used.values.union(used.tested.keys)
    for (root, members) in Dictionary(grouping: all, by: { slots[$0][0] }) {
      if members.count <= 6 { inputs += members } else { inputs.append(parser.slot([root])) }
    }
    values = inputs.sorted()
    presences = used.presences.subtracting(all).sorted()
  }

  /// Without what another group's key says already.
  func besides(_ other: GroupInputs) -> GroupInputs {
    var rest = self
    rest.values.removeAll { other.values.contains($0) }
    rest.presences.removeAll { other.values.contains($0) }
    return rest
  }

  /// With answers in the place of the other group's slots, as far as they are only tested. There are many clients, but few
  /// kinds of them.
  func asking(_ other: GroupInputs) -> GroupInputs {
    var rest = self
    for slot in other.values where values.contains(slot) && !used.values.contains(slot) {
      let asked = used.tested[slot] ?? []
      if rest.tests.count + asked.count > 64 { continue }
      rest.tests += asked
      rest.values.removeAll { $0 == slot }
    }
    return rest
  }
}

/// The conditions of acts that look at nothing but what an origin is made of: answered once for each origin. At most 64.
struct ClientConditions {
  let inputs: GroupInputs
  private(set) var conditions: [CompiledCondition] = []

  init(inputs: GroupInputs) { self.inputs = inputs }

  /// The bit of a condition's answer; 0 where it is no such condition.
  mutating func bit(of condition: CompiledCondition) -> UInt64 {
    var used = UsedSlots()
    used.add(condition)
    guard !condition.isAlways, used.isWithin(inputs.values), conditions.count < 64 else { return 0 }
    conditions.append(condition)
    return 1 << UInt64(conditions.count - 1)
  }
}

/// The slots that some clauses and conditions look at.
struct UsedSlots: Sendable {
  /// By value.
  private(set) var values: Set<Int> = []
  /// By whether they have one.
  private(set) var presences: Set<Int> = []
  /// By tests of nothing else.
  private(set) var tested: [Int: [CompiledCondition.Test]] = [:]
  /// Of the record's wrapping.
  private(set) var wrapped: [Expression] = []
  /// The whole record counts.
  private(set) var readsRecord = false

  /// Whether `slots` decide everything.
  func isWithin(_ slots: [Int]) -> Bool {
    wrapped.isEmpty && !readsRecord && values.union(presences).union(tested.keys).isSubset(of: slots)
  }

  mutating func add(_ clauses: [CompiledClause]) {
    for clause in clauses {
      add(clause.when)
      add(clause.value)
    }
  }

  mutating func add(_ condition: CompiledCondition) {
    for test in condition.anyOf.joined() {
      if test.asksPresence {
        presences.insert(test.gate)
      } else if let slot = test.slot {
        tested[slot, default: []].append(test)
      } else {
        add(test.body.expression)
        add(test.body.accepts + test.body.refuses)
      }
    }
  }

  private mutating func add(_ patterns: [CompiledCondition.Pattern]) {
    for case .same(let other) in patterns { add(other) }
  }

  private mutating func add(_ expression: Expression) {
    switch expression {
    case .constant: break
    case .slot(let slot): values.insert(slot)
    case .path(let path):
      switch path.slot {
      case PathExpression.wrapping: wrapped.append(expression)
      case PathExpression.record: readsRecord = true
      default: values.insert(path.slot)
      }
      add(path.functions)
    case .named(let named):
      add(named.clauses)
      add(named.functions)
    case .template(let template): for part in template.parts { add(part.value) }
    case .table(let table): add(table.inner)
    }
  }

  private mutating func add(_ functions: [Function]) {
    for function in functions {
      switch function {
      case .only(let patterns), .except(let patterns): add(patterns)
      default: break
      }
    }
  }
}

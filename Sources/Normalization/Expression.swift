import EventModel

/// A compiled expression: where a value comes from and how it is changed.
///
/// What it is made of lies in shared objects that never change, so that evaluating one copies nothing.
enum Expression: Sendable {
  case constant([UInt8])
  /// A slot of the record's trie as it is: most expressions of a map.
  case slot(Int)
  case path(PathExpression)
  case template(TemplateExpression)
  case table(TableExpression)
  case named(NamedExpression)

  /// A slot without whose value the expression has none; -1 where there is no such slot. Asked before anything else: most
  /// expressions are about fields that a record does not have.
  var gate: Int {
    switch self {
    case .constant, .named: -1
    case .slot(let slot): slot
    case .path(let path): path.slot
    case .template(let template):
      template.parts.lazy.filter { !$0.isOptional }.map(\.value.gate).first { $0 >= 0 } ?? -1
    case .table(let table): table.inner.gate
    }
  }
}

/// A slot of the record's trie, steps into it, functions over what is found.
final class PathExpression: Sendable {
  /// The slot that stands for the record as a whole.
  static let record = -1
  /// The slot that stands for the wrapping that the record came in: all steps lead through it.
  static let wrapping = -2

  let slot: Int
  let steps: [Step]
  let functions: [Function]
  init(slot: Int, steps: [Step], functions: [Function]) {
    self.slot = slot
    self.steps = steps
    self.functions = functions
  }
}

/// Parts joined; absent if any part is absent (unless it is optional).
final class TemplateExpression: Sendable {
  struct Part: Sendable {
    let value: Expression
    let isOptional: Bool
  }
  let parts: [Part]
  init(_ parts: [Part]) { self.parts = parts }
}

/// The result that stands beside the first pattern that fits.
final class TableExpression: Sendable {
  let inner: Expression
  let entries: [(pattern: Glob, result: [UInt8])]
  init(_ inner: Expression, _ entries: [(pattern: Glob, result: [UInt8])]) {
    self.inner = inner
    self.entries = entries
  }
}

/// A value that the map gives a name: all values of its first alternative that has any, then functions.
final class NamedExpression: Sendable {
  let clauses: [CompiledClause]
  let functions: [Function]
  init(_ clauses: [CompiledClause], functions: [Function]) {
    self.clauses = clauses
    self.functions = functions
  }
}

/// A step below a captured value.
enum Step: Sendable, Equatable {
  /// A member; `folds`: its ASCII-lower-case spelling counts too (exports that lower all keys).
  case key([UInt8], folds: Bool)
  /// From the start, or from the end where negative.
  case index(Int)
  /// Elements of an array whose member `key` equals `value`.
  case matching(key: [UInt8], value: [UInt8], folds: Bool)
  /// Elements of an array (or the object itself) with a range of numbers from member `low` to member `high` that holds one of
  /// `numbers`; see ``NumberRange``.
  case spanning(low: [UInt8], high: [UInt8], numbers: [Int], folds: Bool)
  /// Every element of an array, every value of an object.
  case all
}

/// One alternative of a column.
struct CompiledClause: Sendable {
  let when: CompiledCondition
  let value: Expression
  /// See ``Expression/gate``.
  let gate: Int
  let isAlways: Bool

  init(when: CompiledCondition, value: Expression) {
    self.when = when
    self.value = value
    gate = value.gate
    isAlways = when.isAlways
  }
}

/// Alternatives of conjunctions of tests. No alternative at all: always true.
struct CompiledCondition: Sendable {
  /// A test: what is asked of every record in fields of its own, the rest behind a reference.
  struct Test: Sendable {
    /// See ``Expression/gate``.
    let gate: Int
    /// What the test says where its gate is shut: a refusal alone ("is not x") holds where there is no value.
    let holdsWhenAbsent: Bool
    /// Asks only whether a field has a value, not which.
    let asksPresence: Bool
    let mustBeAbsent: Bool
    /// A value that is there and empty fits, too; elsewhere it counts for none.
    let acceptsEmpty: Bool
    let body: Body

    final class Body: Sendable {
      let expression: Expression
      let accepts: [Pattern]
      let refuses: [Pattern]
      init(_ expression: Expression, _ accepts: [Pattern], _ refuses: [Pattern]) {
        self.expression = expression
        self.accepts = accepts
        self.refuses = refuses
      }
    }

    init(expression: Expression, accepts: [Pattern], refuses: [Pattern], mustBeAbsent: Bool) {
      body = Body(expression, accepts, refuses)
      self.mustBeAbsent = mustBeAbsent
      acceptsEmpty = accepts.contains { if case .glob(let glob) = $0 { glob.text.isEmpty } else { false } }
      gate = expression.gate
      holdsWhenAbsent = mustBeAbsent || accepts.isEmpty
      if case .slot = expression, refuses.isEmpty {
        asksPresence = mustBeAbsent || accepts.count == 1 && accepts[0].isAnything
      } else {
        asksPresence = false
      }
    }

    /// The slot that decides the test by its value alone; nil where other values of the record play a part.
    var slot: Int? {
      guard case .slot(let slot) = body.expression else { return nil }
      return (body.accepts + body.refuses).allSatisfy { if case .glob = $0 { true } else { false } } ? slot : nil
    }
  }

  enum Pattern: Sendable {
    case glob(Glob)
    /// Equal to another value of the record.
    case same(Expression)

    var isAnything: Bool { if case .glob(let glob) = self { glob.isAnything } else { false } }
  }

  let anyOf: [[Test]]
  /// Known without looking: true for no alternative.
  let isAlways: Bool

  init(anyOf: [[Test]]) {
    self.anyOf = anyOf
    isAlways = anyOf.isEmpty
  }
}

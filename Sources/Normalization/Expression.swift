import EventModel

/// A compiled expression: where a value comes from and how it is changed.
indirect enum Expression: Sendable {
  case constant([UInt8])
  /// A slot of the record's trie, steps into it, functions over what is found.
  case path(slot: Int, steps: [Step], functions: [Function])
  /// Parts joined; absent if any part is absent (unless it is optional).
  case template([(part: Expression, optional: Bool)])
  case table(Expression, [(Glob, [UInt8])])
  /// A value that the map gives a name: all values of its first alternative that has any, then functions.
  case named([CompiledClause], functions: [Function])
}

/// A step below a captured value.
enum Step: Sendable, Equatable {
  /// A member; `folds`: its ASCII-lower-case spelling counts too (exports that lower all keys).
  case key([UInt8], folds: Bool)
  /// From the start, or from the end where negative.
  case index(Int)
  /// Elements of an array whose member `key` equals `value`.
  case matching(key: [UInt8], value: [UInt8], folds: Bool)
  /// Every element of an array, every value of an object.
  case all
}

/// One alternative of a column.
struct CompiledClause: Sendable {
  var when: CompiledCondition
  var value: Expression
}

struct CompiledCondition: Sendable {
  struct Test: Sendable {
    var expression: Expression
    var accepts: [Pattern]
    var refuses: [Pattern]
    var mustBeAbsent: Bool
  }
  enum Pattern: Sendable {
    case glob(Glob)
    /// Equal to another value of the record.
    case same(Expression)
  }
  var anyOf: [[Test]]
  var isAlways: Bool { anyOf.isEmpty }
}

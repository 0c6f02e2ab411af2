import EventModel

/// Compiles the texts of a map. The language:
///
/// - `a.b["x/y"].c` a path; `[0]`, `[-1]` an element; `[key=k]` the element whose `key` is `k`; `[*]` all of them
/// - `[from..to=22,3389]` the elements whose range from `from` to `to` holds one of the numbers (-1: it holds all)
/// - `path | before(':') | lower` functions over the value; `| json .a.b` goes on inside JSON that is a string
/// - `path | only('account:*', 'org:*') | except({other.path})` filters values by globs or by other values of the record
/// - `{path}:{other?}` a template: absent when a part is, `?` makes a part optional; it takes each part's first value
/// - `$name | …` a value that the map's `values` section names
/// - `^a.b` the same in what the record came wrapped in, or what stood before the array of its document; absent for a bare record
/// - `. | pairs` functions over the record as a whole, in acts and in `otherwise`
/// - `=text` a constant
struct ExpressionParser {
  /// Paths asked for so far; the index is the slot.
  private(set) var slots: [[[UInt8]]] = []
  private var known: [[[UInt8]]: Int] = [:]
  private let foldCase: Bool
  /// The map's named values, once compiled.
  private var named: [String: [CompiledClause]] = [:]

  init(foldCase: Bool = false) { self.foldCase = foldCase }

  mutating func slot(_ keys: [[UInt8]]) -> Int {
    if let found = known[keys] { return found }
    slots.append(keys)
    known[keys] = slots.count - 1
    return slots.count - 1
  }

  mutating func parse(_ text: String, field: String) throws(MapError) -> Expression {
    let bytes = Array(text.utf8)
    if bytes.first == 0x3d { return .constant(Array(bytes.dropFirst())) }
    if hasTemplatePart(bytes) { return try template(bytes, field) }
    return try path(bytes, field)
  }

  /// What a pattern in braces stands for: any value of the field, where a template would take the first.
  private mutating func reference(_ text: String, _ field: String) throws(MapError) -> Expression {
    let bytes = Array(text.utf8)
    guard bytes.first == 0x7b, endOfPart(bytes, 0) == bytes.count - 1, bytes[bytes.count - 2] != 0x3f else {
      return try parse(text, field: field)
    }
    return try path(Array(bytes.dropFirst().dropLast()), field)
  }

  /// A brace that stands outside of a function's arguments.
  private func hasTemplatePart(_ text: [UInt8]) -> Bool {
    var depth = 0
    for c in text {
      if c == 0x28 { depth += 1 }
      if c == 0x29 { depth -= 1 }
      if c == 0x7b, depth <= 0 { return true }
    }
    return false
  }

  private mutating func template(_ text: [UInt8], _ field: String) throws(MapError) -> Expression {
    var parts: [TemplateExpression.Part] = []
    var literal: [UInt8] = []
    var i = 0
    while i < text.count {
      if text[i] == 0x7b {
        guard let close = endOfPart(text, i) else {
          throw MapError(field: field, reason: "a { without its }")
        }
        if !literal.isEmpty { parts.append(TemplateExpression.Part(value: .constant(literal), isOptional: false)) }
        literal = []
        var inner = Array(text[(i + 1)..<close])
        let optional = inner.last == 0x3f
        if optional { inner.removeLast() }
        parts.append(TemplateExpression.Part(value: try path(inner, field), isOptional: optional))
        i = close + 1
      } else {
        literal.append(text[i])
        i += 1
      }
    }
    if !literal.isEmpty { parts.append(TemplateExpression.Part(value: .constant(literal), isOptional: false)) }
    return .template(TemplateExpression(parts))
  }

  private func endOfPart(_ text: [UInt8], _ open: Int) -> Int? {
    var depth = 0
    for i in open..<text.count {
      if text[i] == 0x7b { depth += 1 }
      if text[i] == 0x7d {
        depth -= 1
        if depth == 0 { return i }
      }
    }
    return nil
  }

  private mutating func path(_ text: [UInt8], _ field: String) throws(MapError) -> Expression {
    var pieces = split(text, at: 0x7c)
    let head = trim(pieces.removeFirst())
    var functions: [Function] = []
    for piece in pieces { functions.append(try function(piece, field)) }
    if head.first == 0x24 {
      let name = String(decoding: head.dropFirst(), as: UTF8.self)
      guard let clauses = named[name] else { throw MapError(field: field, reason: "no value '\(name)' in 'values'") }
      return .named(NamedExpression(clauses, functions: functions))
    }
    if head == [0x2e] {
      guard !functions.isEmpty, field.hasPrefix("acts") || field == "otherwise" else {
        throw MapError(
          field: field, reason: "the whole record, '.', stands in acts and in 'otherwise', before a function")
      }
      return .path(PathExpression(slot: PathExpression.record, steps: [], functions: functions))
    }
    if head.first == 0x5e {
      let (keys, steps) = try steps(of: Array(head.dropFirst()), field)
      guard !keys.isEmpty else { throw MapError(field: field, reason: "a key follows '^'") }
      let path = keys.map { Step.key($0, folds: foldCase) } + steps
      return .path(PathExpression(slot: PathExpression.wrapping, steps: path, functions: functions))
    }
    let (keys, steps) = try steps(of: head, field)
    guard !keys.isEmpty else { throw MapError(field: field, reason: "an expression starts with a key") }
    if steps.isEmpty, functions.isEmpty { return .slot(slot(keys)) }
    return .path(PathExpression(slot: slot(keys), steps: steps, functions: functions))
  }

  /// Keys up to the first array step go into the trie, the rest are steps.
  private func steps(of raw: [UInt8], _ field: String) throws(MapError) -> (keys: [[UInt8]], steps: [Step]) {
    var keys: [[UInt8]] = []
    var steps: [Step] = []
    let text = trim(raw)
    var i = 0
    func add(_ key: [UInt8]) {
      if steps.isEmpty { keys.append(key) } else { steps.append(.key(key, folds: foldCase)) }
    }
    while i < text.count {
      if text[i] == 0x2e {
        i += 1
      } else if text[i] == 0x5b {
        guard let close = closing(text, i) else { throw MapError(field: field, reason: "a [ without its ]") }
        let inner = Array(text[(i + 1)..<close])
        i = close + 1
        if inner.first == 0x22 {
          add(Array(inner.dropFirst().dropLast()))
        } else if inner == [0x2a] {
          steps.append(.all)
        } else if let step = try spanning(inner, field) {
          steps.append(step)
        } else if let equals = inner.firstIndex(of: 0x3d) {
          steps.append(
            .matching(key: Array(inner[..<equals]), value: Array(inner[(equals + 1)...]), folds: foldCase))
        } else if let n = Int(String(decoding: inner, as: UTF8.self)) {
          steps.append(.index(n))
        } else {
          throw MapError(field: field, reason: "[\(String(decoding: inner, as: UTF8.self))] is no index, key or test")
        }
      } else {
        var end = i
        while end < text.count, text[end] != 0x2e, text[end] != 0x5b { end += 1 }
        add(Array(text[i..<end]))
        i = end
      }
    }
    return (keys, steps)
  }

  /// `low..high=1,2`; nil where it is no such test.
  private func spanning(_ inner: [UInt8], _ field: String) throws(MapError) -> Step? {
    guard let equals = inner.firstIndex(of: 0x3d),
      let dots = inner[..<equals].indices.dropLast().first(where: { inner[$0] == 0x2e && inner[$0 + 1] == 0x2e })
    else { return nil }
    var numbers: [Int] = []
    for text in split(Array(inner[(equals + 1)...]), at: 0x2c) {
      guard let number = Int(String(decoding: trim(text), as: UTF8.self)) else {
        throw MapError(field: field, reason: "a range holds whole numbers: [low..high=1,2]")
      }
      numbers.append(number)
    }
    return .spanning(
      low: Array(inner[..<dots]), high: Array(inner[(dots + 2)..<equals]), numbers: numbers, folds: foldCase)
  }

  private mutating func function(_ raw: [UInt8], _ field: String) throws(MapError) -> Function {
    let text = trim(raw)
    if text.starts(with: Array("json".utf8)) {
      let rest = trim(Array(text.dropFirst(4)))
      let (keys, steps) = try steps(of: rest, field)
      return .json(keys.map { Step.key($0, folds: foldCase) } + steps)
    }
    var name = text
    var arguments: [[UInt8]] = []
    if let open = text.firstIndex(of: 0x28), text.last == 0x29 {
      name = Array(text[..<open])
      for piece in split(Array(text[(open + 1)..<(text.count - 1)]), at: 0x2c) {
        var argument = trim(piece)
        if argument.first == 0x27, argument.last == 0x27, argument.count >= 2 {
          argument = Array(argument.dropFirst().dropLast())
        }
        arguments.append(argument)
      }
    }
    let word = String(decoding: name, as: UTF8.self)
    if !arguments.isEmpty, word == "only" || word == "except" {
      var patterns: [CompiledCondition.Pattern] = []
      for argument in arguments {
        let text = String(decoding: argument, as: UTF8.self)
        patterns.append(argument.first == 0x7b ? .same(try reference(text, field)) : .glob(Glob(text)))
      }
      return word == "only" ? .only(patterns) : .except(patterns)
    }
    guard let function = Function(name: word, arguments: arguments) else {
      throw MapError(field: field, reason: "no function '\(word)' with \(arguments.count) arguments")
    }
    return function
  }

  private func closing(_ text: [UInt8], _ open: Int) -> Int? {
    var quoted = false
    var i = open + 1
    while i < text.count {
      if text[i] == 0x22 { quoted.toggle() }
      if text[i] == 0x5d, !quoted { return i }
      i += 1
    }
    return nil
  }

  /// Splits outside of quotes and brackets.
  private func split(_ text: [UInt8], at separator: UInt8) -> [[UInt8]] {
    var pieces: [[UInt8]] = [[]]
    var single = false
    var double = false
    for c in text {
      if c == 0x27, !double { single.toggle() }
      if c == 0x22, !single { double.toggle() }
      if c == separator, !single, !double { pieces.append([]) } else { pieces[pieces.count - 1].append(c) }
    }
    return pieces
  }

  private func trim(_ text: [UInt8]) -> [UInt8] {
    var slice = text[...]
    while slice.first == 0x20 { slice.removeFirst() }
    while slice.last == 0x20 { slice.removeLast() }
    return Array(slice)
  }

  /// The keys of a path without its array steps.
  static func keys(of path: String) throws(MapError) -> [[UInt8]] {
    let (keys, steps) = try ExpressionParser().steps(of: Array(path.utf8), "redact")
    var all = keys
    for case .key(let key, _) in steps { all.append(key) }
    if all.isEmpty { throw MapError(field: "redact", reason: "'\(path)' names no key") }
    return all
  }

  /// Gives a value a name that later expressions may use.
  mutating func define(_ name: String, _ texts: [SourceDefinition.Clause]) throws(MapError) {
    named[name] = try clauses(texts, field: "values." + name)
  }

  mutating func condition(_ text: SourceDefinition.Condition, field: String) throws(MapError) -> CompiledCondition {
    var anyOf: [[CompiledCondition.Test]] = []
    for alternative in text.anyOf {
      var tests: [CompiledCondition.Test] = []
      for test in alternative {
        var accepts: [CompiledCondition.Pattern] = []
        var refuses: [CompiledCondition.Pattern] = []
        for pattern in test.patterns {
          let refused = pattern.utf8.first == 0x21
          let body = refused ? String(pattern.dropFirst()) : pattern
          let compiled: CompiledCondition.Pattern =
            body.utf8.contains(0x7b) ? .same(try reference(body, field)) : .glob(Glob(body))
          if refused { refuses.append(compiled) } else { accepts.append(compiled) }
        }
        tests.append(
          CompiledCondition.Test(
            expression: try parse(test.expression, field: field), accepts: accepts, refuses: refuses,
            mustBeAbsent: test.patterns.isEmpty))
      }
      anyOf.append(tests)
    }
    return CompiledCondition(anyOf: anyOf)
  }

  mutating func clauses(_ texts: [SourceDefinition.Clause], field: String) throws(MapError) -> [CompiledClause] {
    var compiled: [CompiledClause] = []
    for text in texts {
      var value = try parse(text.value, field: field)
      if !text.table.isEmpty {
        value = .table(TableExpression(value, text.table.map { (Glob($0.key), Array($0.value.utf8)) }))
      }
      compiled.append(CompiledClause(when: try condition(text.when, field: field), value: value))
    }
    return compiled
  }
}

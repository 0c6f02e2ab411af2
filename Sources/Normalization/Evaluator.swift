import JSONScanning

/// Evaluates compiled expressions over one scanned record. Holds the slots only; the record's bytes are passed in.
///
/// Most clauses of a map are about fields that a record does not have: their gate is asked first, which costs a load.
/// Elements are read through spans, in place.
struct Evaluator {
  var slots: [FieldSlot] = []
  /// What the record came wrapped in, the outermost first. Empty for nearly all records.
  var wrappings: [Wrapping] = []

  /// A record around the record, and the slot of it as a whole.
  struct Wrapping {
    let bytes: [UInt8]
    let slot: FieldSlot
  }

  /// Calls `body` with every value of an expression, until it returns false. Returns false once it did.
  @discardableResult
  func values(_ expression: Expression, _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) -> Bool {
    switch expression {
    case .constant(let text): return body(text.span)
    case .slot(let slot):
      let found = slots[slot]
      if found.kind == .absent || found.kind == .null { return true }
      return value(bytes, found, body)
    case .path(let path):
      if path.slot == PathExpression.record { return change(bytes, path.functions, 0, bytes, body) }
      if path.slot == PathExpression.wrapping { return wrapped(path, bytes, body) }
      let found = slots[path.slot]
      if found.kind == .absent || found.kind == .null { return true }
      return walk(bytes, found, path.steps, 0, path.functions, 0, bytes, body)
    case .template(let template):
      guard let text = joined(template, bytes) else { return true }
      return body(text.span)
    case .named(let named): return values(named, bytes, body)
    case .table(let table):
      return values(table.inner, bytes) { value in
        for n in table.entries.indices where table.entries[n].pattern.matches(value) {
          let result = table.entries[n].result
          return result.isEmpty ? true : body(result.span)
        }
        return true
      }
    }
  }

  /// The values of the innermost wrapping that has any; what they are filtered by is the record's.
  private func wrapped(_ path: PathExpression, _ record: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) -> Bool {
    for n in wrappings.indices.reversed() {
      let wrapping = wrappings[n]
      let bytes = wrapping.bytes.span
      var found = false
      let goOn = walk(bytes, wrapping.slot, path.steps, 0, path.functions, 0, record) { value in
        found = true
        return body(value)
      }
      if found { return goOn }
    }
    return true
  }

  private func values(_ named: NamedExpression, _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) -> Bool {
    for n in named.clauses.indices where isOpen(named.clauses[n].gate) && holds(named.clauses[n].when, bytes) {
      var found = false
      let goOn = values(named.clauses[n].value, bytes) { value in
        if value.isEmpty { return true }
        found = true
        return change(value, named.functions, 0, bytes, body)
      }
      if found { return goOn }
    }
    return true
  }

  /// Whether a slot has a value, so that what depends on it may have one; true for no slot.
  @inline(__always)
  func isOpen(_ gate: Int) -> Bool {
    if gate < 0 { return true }
    let kind = slots[gate].kind
    return kind != .absent && kind != .null
  }

  /// Whether a slot has a value that is not empty.
  @inline(__always)
  func hasValue(_ slot: Int) -> Bool {
    let found = slots[slot]
    return found.kind != .absent && found.kind != .null && found.length > 0
  }

  @inline(__always)
  private func value(_ bytes: Span<UInt8>, _ slot: FieldSlot, _ body: (Span<UInt8>) -> Bool) -> Bool {
    if slot.kind == .escapedString {
      let text = JSONReading.decoded(bytes, slot)
      return body(text.span)
    }
    return body(bytes.extracting(slot.range))
  }

  /// The parts one after another. Nothing is copied before the first part that has to be looked up has a value.
  private func joined(_ template: TemplateExpression, _ bytes: Span<UInt8>) -> [UInt8]? {
    var text: [UInt8] = []
    var done = 0
    for n in template.parts.indices {
      if case .constant = template.parts[n].value { continue }
      if !append(template.parts[n].value, after: template.parts[done..<n], bytes, to: &text) {
        if !template.parts[n].isOptional { return nil }
        Evaluator.append(template.parts[done..<n], to: &text)
      }
      done = n + 1
    }
    Evaluator.append(template.parts[done...], to: &text)
    return text
  }

  /// The constants before a part, then its first value; false, and nothing is appended, if it has none.
  private func append(
    _ part: Expression, after constants: ArraySlice<TemplateExpression.Part>, _ bytes: Span<UInt8>,
    to text: inout [UInt8]
  ) -> Bool {
    if case .slot(let slot) = part {
      if !hasValue(slot) { return false }
      Evaluator.append(constants, to: &text)
      if slots[slot].kind == .escapedString {
        text.append(contentsOf: JSONReading.decoded(bytes, slots[slot]))
      } else {
        unsafe bytes.extracting(slots[slot].range).withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
      }
      return true
    }
    if !isOpen(part.gate) { return false }
    var found = false
    values(part, bytes) { value in
      if value.isEmpty { return true }
      Evaluator.append(constants, to: &text)
      unsafe value.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
      found = true
      return false
    }
    return found
  }

  private static func append(_ constants: ArraySlice<TemplateExpression.Part>, to text: inout [UInt8]) {
    for part in constants { if case .constant(let word) = part.value { text.append(contentsOf: word) } }
  }

  // MARK: Walking into a value

  private func walk(
    _ bytes: Span<UInt8>, _ slot: FieldSlot, _ steps: [Step], _ at: Int, _ functions: [Function], _ done: Int,
    _ record: Span<UInt8>, _ body: (Span<UInt8>) -> Bool
  ) -> Bool {
    if at == steps.count {
      if slot.kind == .null { return true }
      if done == functions.count { return value(bytes, slot, body) }
      return value(bytes, slot) { change($0, functions, done, record, body) }
    }
    switch steps[at] {
    case .key(let key, let folds):
      var goOn = true
      JSONReading.forEachMember(bytes, slot) { name, value in
        if Evaluator.same(bytes, name, key, folds) {
          goOn = walk(bytes, value, steps, at + 1, functions, done, record, body)
          return false
        }
        return true
      }
      return goOn
    case .index(let n):
      guard let chosen = Evaluator.element(n, of: slot, bytes) else { return true }
      return walk(bytes, chosen, steps, at + 1, functions, done, record, body)
    case .matching(let key, let value, let folds):
      return JSONReading.forEachElement(bytes, slot) { element in
        var fits = false
        JSONReading.forEachMember(bytes, element) { name, member in
          if Evaluator.same(bytes, name, key, folds) { fits = Evaluator.same(bytes, member, value, false) }
          return !fits
        }
        return fits ? walk(bytes, element, steps, at + 1, functions, done, record, body) : true
      }
    case .spanning(let low, let high, let numbers, let folds):
      func goOn(_ element: FieldSlot) -> Bool {
        guard NumberRange(of: element, low, high, folds, bytes)?.holds(numbers) == true else { return true }
        return walk(bytes, element, steps, at + 1, functions, done, record, body)
      }
      return slot.kind == .object ? goOn(slot) : JSONReading.forEachElement(bytes, slot) { goOn($0) }
    case .all:
      if slot.kind == .object {
        return JSONReading.forEachMember(bytes, slot) { _, value in
          walk(bytes, value, steps, at + 1, functions, done, record, body)
        }
      }
      return JSONReading.forEachElement(bytes, slot) { element in
        walk(bytes, element, steps, at + 1, functions, done, record, body)
      }
    }
  }

  /// The n-th element, from the end where `n` is negative.
  private static func element(_ n: Int, of slot: FieldSlot, _ bytes: Span<UInt8>) -> FieldSlot? {
    var wanted = n
    if n < 0 {
      JSONReading.forEachElement(bytes, slot) { _ in
        wanted += 1
        return true
      }
      if wanted < 0 { return nil }
    }
    var at = 0
    var chosen: FieldSlot?
    JSONReading.forEachElement(bytes, slot) { element in
      if at == wanted { chosen = element }
      at += 1
      return at <= wanted
    }
    return chosen
  }

  static func same(_ bytes: Span<UInt8>, _ name: FieldSlot, _ key: [UInt8], _ folds: Bool) -> Bool {
    if name.kind == .escapedString { return JSONReading.decoded(bytes, name) == key }
    let text = bytes.extracting(name.range)
    guard text.count == key.count else { return false }
    if text.starts(with: key) { return true }
    guard folds else { return false }
    for i in 0..<text.count {
      let lower = key[i] >= 0x41 && key[i] <= 0x5a ? key[i] | 0x20 : key[i]
      if text[i] != lower { return false }
    }
    return true
  }

  /// The functions from number `done` on.
  private func change(
    _ value: Span<UInt8>, _ functions: [Function], _ done: Int, _ record: Span<UInt8>, _ body: (Span<UInt8>) -> Bool
  ) -> Bool {
    if done == functions.count { return body(value) }
    switch functions[done] {
    case .json(let steps):
      guard let slot = JSONReading.whole(value) else { return true }
      return walk(value, slot, steps, 0, functions, done + 1, record, body)
    case .only(let patterns):
      return fits(patterns, value, record) ? change(value, functions, done + 1, record, body) : true
    case .except(let patterns):
      return fits(patterns, value, record) ? true : change(value, functions, done + 1, record, body)
    case let function:
      if done + 1 == functions.count { return function.apply(value, body) }
      return function.apply(value) { change($0, functions, done + 1, record, body) }
    }
  }
}

// MARK: Conditions

extension Evaluator {
  func holds(_ condition: CompiledCondition, _ bytes: Span<UInt8>) -> Bool {
    if condition.isAlways { return true }
    let alternatives = condition.anyOf.span
    for n in alternatives.indices where holds(alternatives[n], bytes) { return true }
    return false
  }

  private func holds(_ tests: [CompiledCondition.Test], _ bytes: Span<UInt8>) -> Bool {
    let tests = tests.span
    for n in tests.indices {
      if !isOpen(tests[n].gate) {
        if !tests[n].holdsWhenAbsent { return false }
      } else if tests[n].asksPresence {
        if hasValue(tests[n].gate) == tests[n].mustBeAbsent { return false }
      } else if !holds(tests[n].body, of: tests[n], bytes) {
        return false
      }
    }
    return true
  }

  func holds(_ test: CompiledCondition.Test, _ bytes: Span<UInt8>) -> Bool {
    if !isOpen(test.gate) { return test.holdsWhenAbsent }
    if test.asksPresence { return hasValue(test.gate) != test.mustBeAbsent }
    return holds(test.body, of: test, bytes)
  }

  private func holds(
    _ test: CompiledCondition.Test.Body, of whole: CompiledCondition.Test, _ bytes: Span<UInt8>
  ) -> Bool {
    let (mustBeAbsent, acceptsEmpty) = (whole.mustBeAbsent, whole.acceptsEmpty)
    if case .slot(let slot) = test.expression, slots[slot].kind != .escapedString {
      let value = bytes.extracting(slots[slot].range)
      if value.isEmpty { return mustBeAbsent || acceptsEmpty || test.accepts.isEmpty }
      if mustBeAbsent || fits(test.refuses, value, bytes) { return false }
      return test.accepts.isEmpty || fits(test.accepts, value, bytes)
    }
    var accepted = false
    var present = false
    var refused = false
    values(test.expression, bytes) { value in
      if value.isEmpty {
        accepted = accepted || acceptsEmpty
        return true
      }
      present = true
      if mustBeAbsent { return false }
      if !test.refuses.isEmpty, fits(test.refuses, value, bytes) {
        refused = true
        return false
      }
      if !accepted { accepted = fits(test.accepts, value, bytes) }
      return !(accepted && test.refuses.isEmpty)
    }
    if mustBeAbsent { return !present }
    if refused { return false }
    // A refusal alone ("is not x") also holds where there is no value.
    return accepted || test.accepts.isEmpty
  }

  private func fits(_ patterns: [CompiledCondition.Pattern], _ value: Span<UInt8>, _ bytes: Span<UInt8>) -> Bool {
    let patterns = patterns.span
    for n in patterns.indices {
      switch patterns[n] {
      case .glob(let glob): if glob.matches(value) { return true }
      case .same(let expression): if isValue(value, of: expression, bytes) { return true }
      }
    }
    return false
  }

  private func isValue(_ value: Span<UInt8>, of expression: Expression, _ bytes: Span<UInt8>) -> Bool {
    var same = false
    values(expression, bytes) { other in
      same = other.count == value.count
      if same { for i in 0..<value.count where value[i] != other[i] { same = false } }
      return !same
    }
    return same
  }
}

// MARK: Columns

extension Evaluator {
  /// The first value that is not empty of the first clause that holds.
  func first(_ clauses: [CompiledClause], _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
    let clauses = clauses.span
    for n in clauses.indices where isOpen(clauses[n].gate) && (clauses[n].isAlways || holds(clauses[n].when, bytes)) {
      var found = false
      values(clauses[n].value, bytes) { value in
        if value.isEmpty { return true }
        body(value)
        found = true
        return false
      }
      if found { return }
    }
  }

  /// Every value of every clause that holds.
  func all(_ clauses: [CompiledClause], _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
    let clauses = clauses.span
    for n in clauses.indices where isOpen(clauses[n].gate) && (clauses[n].isAlways || holds(clauses[n].when, bytes)) {
      values(clauses[n].value, bytes) { value in
        if !value.isEmpty { body(value) }
        return true
      }
    }
  }
}

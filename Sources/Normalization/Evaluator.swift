import JSONScanning

/// Evaluates compiled expressions over one scanned record. Holds the slots only; the record's bytes are passed in.
struct Evaluator {
  var slots: [FieldSlot] = []

  /// Calls `body` with every value of an expression, until it returns false. Returns false once it did.
  @discardableResult
  func values(_ expression: Expression, _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Bool) -> Bool {
    switch expression {
    case .constant(let text): return body(text.span)
    case .path(let slot, let steps, let functions):
      let found = slots[slot]
      if found.kind == .absent || found.kind == .null { return true }
      return walk(bytes, found, steps[...], functions[...], bytes, body)
    case .template(let parts):
      guard let text = joined(parts, bytes) else { return true }
      return body(text.span)
    case .named(let clauses, let functions):
      for clause in clauses where clause.when.isAlways || holds(clause.when, bytes) {
        var found = false
        let goOn = values(clause.value, bytes) { value in
          if value.isEmpty { return true }
          found = true
          return change(value, functions[...], bytes, body)
        }
        if found { return goOn }
      }
      return true
    case .table(let inner, let entries):
      return values(inner, bytes) { value in
        for (pattern, result) in entries where pattern.matches(value) {
          return result.isEmpty ? true : body(result.span)
        }
        return true
      }
    }
  }

  private func joined(_ parts: [(part: Expression, optional: Bool)], _ bytes: Span<UInt8>) -> [UInt8]? {
    var text: [UInt8] = []
    for (part, optional) in parts {
      var found = false
      values(part, bytes) { value in
        if value.isEmpty { return true }
        unsafe value.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
        found = true
        return false
      }
      if !found && !optional { return nil }
    }
    return text
  }

  private func walk(
    _ bytes: Span<UInt8>, _ slot: FieldSlot, _ steps: ArraySlice<Step>, _ functions: ArraySlice<Function>,
    _ record: Span<UInt8>, _ body: (Span<UInt8>) -> Bool
  ) -> Bool {
    guard let step = steps.first else { return finish(bytes, slot, functions, record, body) }
    let rest = steps.dropFirst()
    switch step {
    case .key(let key, let folds):
      var goOn = true
      JSONReading.forEachMember(bytes, slot) { name, value in
        if Evaluator.same(bytes, name, key, folds) {
          goOn = walk(bytes, value, rest, functions, record, body)
          return false
        }
        return true
      }
      return goOn
    case .index(let n):
      var elements = 0
      var chosen: FieldSlot?
      if n >= 0 {
        JSONReading.forEachElement(bytes, slot) { element in
          if elements == n { chosen = element }
          elements += 1
          return elements <= n
        }
      } else {
        JSONReading.forEachElement(bytes, slot) { _ in
          elements += 1
          return true
        }
        var at = 0
        JSONReading.forEachElement(bytes, slot) { element in
          if at == elements + n { chosen = element }
          at += 1
          return true
        }
      }
      guard let chosen else { return true }
      return walk(bytes, chosen, rest, functions, record, body)
    case .matching(let key, let value, let folds):
      return JSONReading.forEachElement(bytes, slot) { element in
        var fits = false
        JSONReading.forEachMember(bytes, element) { name, member in
          if Evaluator.same(bytes, name, key, folds) { fits = JSONReading.decoded(bytes, member) == value }
          return !fits
        }
        return fits ? walk(bytes, element, rest, functions, record, body) : true
      }
    case .all:
      if slot.kind == .object {
        return JSONReading.forEachMember(bytes, slot) { _, value in
          walk(bytes, value, rest, functions, record, body)
        }
      }
      return JSONReading.forEachElement(bytes, slot) { element in
        walk(bytes, element, rest, functions, record, body)
      }
    }
  }

  private func finish(
    _ bytes: Span<UInt8>, _ slot: FieldSlot, _ functions: ArraySlice<Function>, _ record: Span<UInt8>,
    _ body: (Span<UInt8>) -> Bool
  ) -> Bool {
    if slot.kind == .null { return true }
    if slot.kind == .escapedString {
      let text = JSONReading.decoded(bytes, slot)
      return change(text.span, functions, record, body)
    }
    return change(bytes.extracting(slot.range), functions, record, body)
  }

  private func change(
    _ value: Span<UInt8>, _ functions: ArraySlice<Function>, _ record: Span<UInt8>, _ body: (Span<UInt8>) -> Bool
  ) -> Bool {
    guard let function = functions.first else { return body(value) }
    let rest = functions.dropFirst()
    switch function {
    case .json(let steps):
      guard let slot = JSONReading.whole(value) else { return true }
      return walk(value, slot, steps[...], rest, record, body)
    case .only(let patterns):
      for pattern in patterns where fits(pattern, value, record) { return change(value, rest, record, body) }
      return true
    case .except(let patterns):
      for pattern in patterns where fits(pattern, value, record) { return true }
      return change(value, rest, record, body)
    default:
      return function.apply(value) { change($0, rest, record, body) }
    }
  }

  private static func same(_ bytes: Span<UInt8>, _ name: FieldSlot, _ key: [UInt8], _ folds: Bool) -> Bool {
    if name.kind != .string { return JSONReading.decoded(bytes, name) == key }
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

  func holds(_ condition: CompiledCondition, _ bytes: Span<UInt8>) -> Bool {
    if condition.anyOf.isEmpty { return true }
    for alternative in condition.anyOf {
      var all = true
      for test in alternative where !holds(test, bytes) {
        all = false
        break
      }
      if all { return true }
    }
    return false
  }

  private func holds(_ test: CompiledCondition.Test, _ bytes: Span<UInt8>) -> Bool {
    var accepted = false
    var present = false
    var refused = false
    values(test.expression, bytes) { value in
      if value.isEmpty { return true }
      present = true
      if test.mustBeAbsent { return false }
      for pattern in test.refuses where fits(pattern, value, bytes) {
        refused = true
        return false
      }
      if !accepted {
        for pattern in test.accepts where fits(pattern, value, bytes) {
          accepted = true
          break
        }
      }
      return !(accepted && test.refuses.isEmpty)
    }
    if test.mustBeAbsent { return !present }
    if refused { return false }
    // A refusal alone ("is not x") also holds where there is no value.
    return accepted || test.accepts.isEmpty
  }

  private func fits(_ pattern: CompiledCondition.Pattern, _ value: Span<UInt8>, _ bytes: Span<UInt8>) -> Bool {
    switch pattern {
    case .glob(let glob): return glob.matches(value)
    case .same(let expression):
      var same = false
      values(expression, bytes) { other in
        same = other.count == value.count
        if same { for i in 0..<value.count where value[i] != other[i] { same = false } }
        return !same
      }
      return same
    }
  }

  /// The first value that is not empty of the first clause that holds.
  func first(_ clauses: [CompiledClause], _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void) {
    for clause in clauses {
      if !clause.when.isAlways, !holds(clause.when, bytes) { continue }
      var found = false
      values(clause.value, bytes) { value in
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
    for clause in clauses where clause.when.isAlways || holds(clause.when, bytes) {
      values(clause.value, bytes) { value in
        if !value.isEmpty { body(value) }
        return true
      }
    }
  }
}

import EventModel

// The columns of each row: outcome, resource, target, facts, mint.
extension Normalizer {
  mutating func details(_ source: CompiledSource, _ record: Span<UInt8>, _ row: inout RowBuilder) {
    let status = status(source, record)
    row.event.outcome = status.outcome
    row.event.error = status.error
    row.event.flags.formUnion(status.flags)
    if !source.trace.isEmpty { row.event.trace = text(source.trace, record) }
    for n in acts(source, row.event.operation) { apply(source.acts[n], record, &row) }
    if !row.event.resource.isPresent { row.event.resource = text(source.resource, record) }
    if !row.event.target.isPresent { row.event.target = text(source.target, record) }
  }

  /// Outcome, error and flags of a row: few distinct ones in a log.
  struct Status {
    var outcome = Outcome.unknown
    var error = Symbol.none
    var flags = EventFlags()
  }

  private mutating func status(_ source: CompiledSource, _ record: Span<UInt8>) -> Status {
    let key = groupKey(0x54, source.statusInputs, record)
    if let known = statusCache[key] { return known }
    var status = Status()
    status.outcome = value(source.outcome, record, Words.outcome) ?? .unknown
    status.error = text(source.error, record)
    for (flag, when) in source.flags where holds(when, record) { status.flags.formUnion(flag) }
    if statusCache.count > 1 << 16 { statusCache.removeAll() }
    statusCache[key] = status
    return status
  }

  /// The acts that concern an operation's action: looked up once for each operation.
  private mutating func acts(_ source: CompiledSource, _ operation: UInt32) -> [Int] {
    let id = Int(operation)
    if id < actsOfOperation.count, let known = actsOfOperation[id] { return known }
    let action = symbols.operations[operation].action
    let found = symbols.symbols.withBytes(action) { bytes in
      var found: [Int] = []
      for (n, act) in source.acts.enumerated() where act.concerns(bytes) { found.append(n) }
      return found
    }
    while actsOfOperation.count <= id { actsOfOperation.append(nil) }
    actsOfOperation[id] = found
    return found
  }

  private mutating func apply(_ act: CompiledAct, _ record: Span<UInt8>, _ row: inout RowBuilder) {
    if !act.when.isAlways, !holds(act.when, record) { return }
    for test in act.having where !has(test, row) { return }
    row.event.facts.formUnion(act.facts)
    row.event.flags.formUnion(act.flags)
    if let verb = act.verb {
      var operation = symbols.operations[row.event.operation]
      if operation.verb != verb {
        operation.verb = verb
        row.event.operation = symbols.intern(operation)
      }
    }
    if !row.event.target.isPresent { row.event.target = text(act.target, record) }
    if !row.event.resource.isPresent { row.event.resource = text(act.resource, record) }
    for (name, clauses) in act.details { collect(name, clauses, record, &row) }
    if let mint = act.mint, row.event.mint == 0 { self.mint(mint, record, &row) }
  }

  /// Whether the details collected so far pass a test: one of the accepted and none of the refused values is among them.
  private func has(_ test: (name: [UInt8], accepts: [Glob], refuses: [Glob]), _ row: RowBuilder) -> Bool {
    guard let name = symbols.symbols.find(test.name.span) else { return test.accepts.isEmpty }
    var accepted = test.accepts.isEmpty
    for n in 0..<Int(row.event.detailCount) {
      let detail = batch.details[Int(row.event.detailStart) + n]
      guard detail.name == name else { continue }
      let (fits, refused) = symbols.symbols.withBytes(detail.value) { value in
        (test.accepts.contains { $0.matches(value) }, test.refuses.contains { $0.matches(value) })
      }
      if refused { return false }
      if fits { accepted = true }
    }
    return accepted
  }

  /// At most this many details an event: a hostile record must not fill the batch.
  static let detailLimit = 256

  private mutating func collect(
    _ name: [UInt8], _ clauses: [CompiledClause], _ record: Span<UInt8>, _ row: inout RowBuilder
  ) {
    var found: [[UInt8]] = []
    forEach(clauses, record) { value in
      if found.count < Normalizer.detailLimit { found.append([UInt8](copying: value)) }
    }
    if found.isEmpty { return }
    let symbol = symbols.symbol(name.span)
    if row.event.detailCount == 0 { row.event.detailStart = UInt32(batch.details.count) }
    for value in found where Int(row.event.detailCount) < Normalizer.detailLimit {
      batch.details.append(Detail(name: symbol, value: symbols.symbol(value.span)))
      row.event.detailCount += 1
    }
  }

  private mutating func mint(_ rule: CompiledMint, _ record: Span<UInt8>, _ row: inout RowBuilder) {
    var m = Mint()
    m.child = text(rule.child, record)
    m.session = text(rule.session, record)
    m.attestor = text(rule.attestor, record)
    if !m.child.isPresent, !m.session.isPresent, !m.attestor.isPresent { return }
    m.parent = text(rule.parent, record)
    m.holder = text(rule.holder, record)
    m.mechanism = text(rule.mechanism, record)
    if !m.mechanism.isPresent { m.mechanism = symbols.operations[row.event.operation].action }
    let minted = row.event.time == Timestamp.none ? 0 : UInt32(clamping: row.event.time / Timestamp.second)
    m.expiresAt = value(rule.expires, record) { Words.epochSeconds($0, after: minted) } ?? 0
    m.kind = value(rule.kind, record, Words.credentialKind) ?? .none
    m.grade = rule.grade
    batch.mints.append(m)
    row.event.mint = UInt32(batch.mints.count)
  }

  /// Flags of the subject, and the keyed content hash over everything that the row says.
  func finish(_ row: inout RowBuilder) {
    let hasher = options.contentHash
    var h = hasher.mix(4, symbols.subjectContent[Int(row.event.subject)])
    h = hasher.mix(h, symbols.originContent[Int(row.event.origin)])
    h = hasher.mix(h, symbols.operationContent[Int(row.event.operation)])
    h = hasher.mix(h, UInt64(bitPattern: row.event.time) ^ UInt64(row.event.outcome.rawValue) << 56)
    h = hasher.mix(h, symbols.textHash(row.event.error))
    h = hasher.mix(h, symbols.textHash(row.event.resource) ^ symbols.textHash(row.event.target) &* 3)
    h = hasher.mix(h, UInt64(truncatingIfNeeded: row.event.facts.bits))
    row.event.content = h
    row.event.flags.formUnion(symbols.subjects[row.event.subject].flags)
  }
}

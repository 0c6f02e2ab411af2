import EventModel

// The columns of each row: outcome, resource, target, facts, mint.
extension Normalizer {
  mutating func details(_ source: CompiledSource, _ record: Span<UInt8>, _ row: inout RowBuilder) {
    let status = status(source, record, row.answers)
    row.event.outcome = status.outcome
    row.event.error = status.error
    row.event.flags.formUnion(status.flags)
    if !source.trace.isEmpty { row.event.trace = trace(source, record, row.origin) }
    for act in acts(source, row.event.operation) { apply(act, record, &row) }
    if !row.event.resource.isPresent { row.event.resource = text(source.resource, record) }
    if !row.event.target.isPresent { row.event.target = text(source.target, record) }
  }

  /// Outcome, error and flags of a row: few distinct ones in a log.
  struct Status: Equatable {
    var outcome = Outcome.unknown
    var error = Symbol.none
    var flags = EventFlags()
  }

  private mutating func status(_ source: CompiledSource, _ record: Span<UInt8>, _ answers: UInt64) -> Status {
    let key = groupKey(options.contentHash.mix(0x54, answers), source.statusInputs, record)
    if let known = statusCache.find(key) { return statuses[Int(known)] }
    var status = Status()
    status.outcome = value(source.outcome, record, Words.outcome) ?? .unknown
    status.error = text(source.error, record)
    status.flags = flags(source.flags, record)
    let at = statuses.firstIndex(of: status) ?? statuses.count
    if at == statuses.count { statuses.append(status) }
    Normalizer.remember(key, UInt32(at), in: &statusCache)
    return status
  }

  /// Mostly the client's own: cached in few places that are overwritten, since other traces are never the same twice.
  private mutating func trace(_ source: CompiledSource, _ record: Span<UInt8>, _ origin: UInt64) -> Symbol {
    let key = groupKey(origin ^ 0x55, source.traceInputs, record)
    let slot = Int(truncatingIfNeeded: key) & (traces.count - 1)
    if traces[slot].key == key { return traces[slot].symbol }
    let symbol = text(source.trace, record)
    traces[slot] = (key, symbol)
    return symbol
  }

  /// The acts that concern an operation's action: looked up once for each operation, found once for each action.
  private mutating func acts(_ source: CompiledSource, _ operation: UInt32) -> [CompiledAct] {
    let id = Int(operation)
    if id < actsOfOperation.count, let known = actsOfOperation[id] { return known }
    let action = symbols.operations[operation].action
    let key = HashedKey(UInt64(source.index) << 32 | UInt64(action.raw))
    let found =
      actsOfAction[key]
      ?? symbols.symbols.withBytes(action) { bytes in source.acts.filter { $0.concerns(bytes) } }
    if actsOfAction.count >= 1 << 16 { actsOfAction.removeAll() }
    actsOfAction[key] = found
    while actsOfOperation.count <= id { actsOfOperation.append(nil) }
    actsOfOperation[id] = found
    return found
  }

  private mutating func apply(_ act: CompiledAct, _ record: Span<UInt8>, _ row: inout RowBuilder) {
    if !act.when.isAlways, !evaluator.holds(act.when, record) { return }
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
    for n in act.details.indices { collect(act.details[n], record, &row) }
    if let mint = act.mint, row.event.mint == 0 { self.mint(mint, record, &row) }
  }

  /// Whether the details collected so far pass a test: one of the accepted and none of the refused values is among them.
  private func has(_ test: CompiledAct.Having, _ row: RowBuilder) -> Bool {
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

  private mutating func collect(_ detail: CompiledAct.NamedDetail, _ record: Span<UInt8>, _ row: inout RowBuilder) {
    Normalizer.collect(detail, record, evaluator, &symbols, &batch.details, &row.event)
  }

  private static func collect(
    _ detail: CompiledAct.NamedDetail, _ record: Span<UInt8>, _ evaluator: Evaluator, _ symbols: inout WorkerSymbols,
    _ details: inout [Detail], _ event: inout Event
  ) {
    var name = Symbol.none
    evaluator.all(detail.clauses, record) { value in
      guard Int(event.detailCount) < Normalizer.detailLimit else { return }
      if !name.isPresent { name = symbols.symbol(detail.name.span) }
      if event.detailCount == 0 { event.detailStart = UInt32(details.count) }
      details.append(Detail(name: name, value: symbols.symbol(value)))
      event.detailCount += 1
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
  mutating func finish(_ row: inout RowBuilder) {
    let hasher = options.contentHash
    var h = hasher.mix(4, symbols.subjectContent[Int(row.event.subject)])
    h = hasher.mix(h, symbols.originContent[Int(row.event.origin)])
    h = hasher.mix(h, symbols.operationContent[Int(row.event.operation)])
    h = hasher.mix(h, UInt64(bitPattern: row.event.time) ^ UInt64(row.event.outcome.rawValue) << 56)
    h = hasher.mix(h, symbols.textHash(row.event.error))
    h = hasher.mix(h, symbols.textHash(row.event.resource) ^ symbols.textHash(row.event.target) &* 3)
    if !row.event.facts.isEmpty { for word in row.event.facts.words { h = hasher.mix(h, word) } }
    row.event.content = h
    row.event.flags.formUnion(symbols.subjects[row.event.subject].flags)
  }
}

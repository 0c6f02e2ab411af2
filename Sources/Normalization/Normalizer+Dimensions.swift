import EventModel

// The dictionary columns: who, where, what. Each is computed once for every distinct piece of raw JSON.
extension Normalizer {
  mutating func flags(_ rules: [(flag: EventFlags, when: CompiledCondition)], _ record: Span<UInt8>) -> EventFlags {
    var flags = EventFlags()
    for n in rules.indices where evaluator.holds(rules[n].when, record) { flags.formUnion(rules[n].flag) }
    return flags
  }

  mutating func subject(_ source: CompiledSource, _ record: Span<UInt8>) -> UInt32 {
    let key = groupKey(0x51, source.subjectInputs, record)
    if let known = groupCache.find(key) { return known }
    var s = Subject()
    s.actor = text(source.actor, record)
    s.name = text(source.actorName, record)
    s.session = text(source.session, record)
    s.credential = text(source.credential, record)
    s.issuer = text(source.issuer, record)
    s.onBehalf = text(source.onBehalf, record)
    s.home = text(source.home, record)
    s.attestor = text(source.attestor, record)
    s.node = text(source.node, record)
    s.namespace = text(source.subjectNamespace, record)
    if !s.actor.isPresent { s.actor = s.name }
    if !s.name.isPresent { s.name = s.actor }
    s.kind = value(source.actorKind, record, Words.actorKind) ?? .unknown
    s.credentialKind = value(source.credentialKind, record, Words.credentialKind) ?? .none
    s.issuedAt = value(source.issuedAt, record) { Words.epochSeconds($0, after: 0) } ?? 0
    let issued = s.issuedAt
    s.expiresAt = value(source.expiresAt, record) { Words.epochSeconds($0, after: issued) } ?? 0
    s.flags = flags(source.subjectFlags, record)
    let id = symbols.intern(s)
    Normalizer.remember(key, id, in: &groupCache)
    return id
  }

  /// An origin's number, and what the tests of the status say of what it is made of.
  struct Client {
    var origin: UInt32
    var answers: UInt64
    /// Which conditions of acts hold that it alone decides.
    var acts: UInt64
  }

  mutating func origin(_ source: CompiledSource, _ record: Span<UInt8>, _ row: inout RowBuilder) {
    row.origin = groupKey(0x52, source.originInputs, record)
    if let known = clientCache.find(row.origin) {
      row.event.origin = clients[Int(known)].origin
      row.answers = clients[Int(known)].answers
      row.clientActs = clients[Int(known)].acts
      return
    }
    row.event.origin = origin(source, record)
    for test in source.statusInputs.tests { row.answers = row.answers << 1 | (evaluator.holds(test, record) ? 1 : 0) }
    for (n, condition) in source.clientConditions.enumerated() where evaluator.holds(condition, record) {
      row.clientActs |= 1 << UInt64(n)
    }
    if clients.count >= 1 << 17 {
      clients.removeAll()
      clientCache.removeAll()
    }
    clientCache.insert(row.origin, UInt32(clients.count))
    clients.append(Client(origin: row.event.origin, answers: row.answers, acts: row.clientActs))
  }

  private mutating func origin(_ source: CompiledSource, _ record: Span<UInt8>) -> UInt32 {
    var o = Origin()
    let written = text(source.address, record)
    if written.isPresent {
      symbols.symbols.withBytes(written) { bytes in
        if let address = Address(bytes) {
          o.address = address
          o.kind = address.kind
        } else {
          o.kind = Words.hostKind(bytes)
        }
      }
      if o.kind != .public, o.kind != .private, o.kind != .cgnat, o.kind != .loopback { o.host = written }
    }
    o.endpoint = text(source.endpoint, record)
    o.tls = text(source.tls, record)
    o.agent = text(source.agent, record)
    if o.agent.isPresent {
      let agent = symbols.symbols.bytes(o.agent)
      let family = UserAgent.family(agent.span)
      o.family = symbols.symbol(family.span)
      o.os = UserAgent.platform(agent.span)
    }
    return symbols.intern(o)
  }

  mutating func operation(_ source: CompiledSource, _ record: Span<UInt8>) -> UInt32 {
    let key = groupKey(0x53, source.operationInputs, record)
    if let known = groupCache.find(key) { return known }
    var o = Operation()
    o.source = source.index
    o.tenant = text(source.tenant, record)
    o.action = text(source.action, record)
    o.service = text(source.service, record)
    o.region = text(source.region, record)
    o.namespace = text(source.namespace, record)
    o.resourceKind = text(source.resourceKind, record)
    o.verb = value(source.verb, record, Words.verb) ?? .other
    let id = symbols.intern(o)
    Normalizer.remember(key, id, in: &groupCache)
    return id
  }
}

/// Reading the closed vocabularies from a map's texts.
enum Words {
  static func actorKind(_ text: Span<UInt8>) -> ActorKind? { find(text) }
  static func credentialKind(_ text: Span<UInt8>) -> CredentialKind? { find(text) }
  static func verb(_ text: Span<UInt8>) -> Verb? { find(text) }

  static func outcome(_ text: Span<UInt8>) -> Outcome {
    switch text.count == 0 ? 0 : text[0] {
    case 0x73: .success
    case 0x65: .error
    case 0x74: .throttled
    case 0x64: text.count == 6 ? .denied : .dryRun
    default: .unknown
    }
  }

  private static func find<T: Worded>(_ text: Span<UInt8>) -> T? {
    T(name: String(decoding: [UInt8](copying: text), as: UTF8.self))
  }

  /// A time as epoch seconds, saturating; `+n` is n seconds after `start`.
  static func epochSeconds(_ text: Span<UInt8>, after start: UInt32) -> UInt32? {
    if text.count > 1, text[0] == 0x2b {
      guard let seconds = UInt64(String(decoding: [UInt8](copying: text.extracting(1..<text.count)), as: UTF8.self)),
        seconds > 0, start > 0
      else { return nil }
      return UInt32(min(UInt64(start) + seconds, UInt64(UInt32.max)))
    }
    guard let parsed = Timestamp.parse(text) else { return nil }
    return UInt32(clamping: parsed.time / Timestamp.second)
  }

  /// A text that is no address: a service's host name, a cloud's word for itself, or broken.
  static func hostKind(_ text: Span<UInt8>) -> AddressKind {
    var letters = 0
    var dots = 0
    for i in 0..<text.count {
      let c = text[i] | 0x20
      if c >= 0x61 && c <= 0x7a { letters += 1 }
      if text[i] == 0x2e { dots += 1 }
    }
    if letters == 0 { return .malformed }
    if text.starts(with: Array("AWS Internal".utf8)) || text.starts(with: Array("private".utf8))
      || text.starts(with: Array("gce-internal".utf8))
    {
      return .internal
    }
    return dots > 0 ? .service : .malformed
  }
}

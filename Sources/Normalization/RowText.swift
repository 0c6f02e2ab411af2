import EventModel

/// A row as names and texts: what fixtures compare and people read.
public struct RowText: Sendable, Equatable {
  public var fields: [(name: String, value: String)] = []

  public init() {}

  public subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  public static func == (a: RowText, b: RowText) -> Bool {
    a.fields.count == b.fields.count && zip(a.fields, b.fields).allSatisfy { $0 == $1 }
  }
}

extension Normalizer {
  /// The rows since the last ``take()``, for fixtures and `sources show`. Absent columns are left out.
  public func texts(facts vocabulary: FactVocabulary) -> [RowText] {
    (0..<batch.count).map { text(batch[$0], vocabulary) }
  }

  private func text(_ e: Event, _ vocabulary: FactVocabulary) -> RowText {
    var row = RowText()
    func add(_ name: String, _ value: String) { if !value.isEmpty { row.fields.append((name, value)) } }
    func add(_ name: String, _ symbol: Symbol) { add(name, symbols.symbols.text(symbol)) }
    let s = symbols.subjects[e.subject]
    let o = symbols.origins[e.origin]
    let p = symbols.operations[e.operation]
    add("source", sources[Int(p.source)].name)
    add("time", Timestamp.text(e.time))
    add("tenant", p.tenant)
    add("actor", s.actor)
    add("name", s.name)
    add("kind", s.kind.name)
    add("session", s.session)
    add("credential", s.credential)
    if s.credentialKind != .none { add("credential_kind", s.credentialKind.name) }
    if s.issuedAt > 0 { add("issued_at", Timestamp.text(Int64(s.issuedAt) * Timestamp.second)) }
    if s.expiresAt > 0 { add("expires_at", Timestamp.text(Int64(s.expiresAt) * Timestamp.second)) }
    add("issuer", s.issuer)
    add("on_behalf", s.onBehalf)
    add("home", s.home)
    add("attestor", s.attestor)
    add("node", s.node)
    add("subject_namespace", s.namespace)
    if o.kind == .public || o.kind == .private || o.kind == .cgnat || o.kind == .loopback {
      add("address", o.address.description)
    } else {
      add("address", o.host)
    }
    if o.kind != .none { add("address_kind", o.kind.name) }
    add("endpoint", o.endpoint)
    add("agent", o.agent)
    add("family", o.family)
    if o.os != .none { add("os", o.os.name) }
    add("tls", o.tls)
    add("action", p.action)
    add("service", p.service)
    add("region", p.region)
    add("namespace", p.namespace)
    add("resource_kind", p.resourceKind)
    add("verb", p.verb.name)
    add("outcome", e.outcome.name)
    add("error", e.error)
    add("resource", e.resource)
    add("target", e.target)
    add("trace", e.trace)
    add("flags", EventFlags.names.filter { e.flags.contains($0.1) }.map(\.0).sorted().joined(separator: ","))
    add("facts", vocabulary.names(of: e.facts).joined(separator: ","))
    if e.mint > 0 {
      let m = batch.mints[Int(e.mint) - 1]
      add("mint.child", m.child)
      add("mint.parent", m.parent)
      add("mint.holder", m.holder)
      add("mint.session", m.session)
      add("mint.attestor", m.attestor)
      add("mint.mechanism", m.mechanism)
      if m.kind != .none { add("mint.kind", m.kind.name) }
      add("mint.grade", m.grade.name)
      if m.expiresAt > 0 { add("mint.expires_at", Timestamp.text(Int64(m.expiresAt) * Timestamp.second)) }
    }
    for n in 0..<Int(e.detailCount) {
      let detail = batch.details[Int(e.detailStart) + n]
      add("detail.\(symbols.symbols.text(detail.name))", symbols.symbols.text(detail.value))
    }
    return row
  }
}

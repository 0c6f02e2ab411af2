import EventModel

// Dictionary entries as bytes, for the journal. Symbols are numbers of the batch's own dictionary.

extension Subject {
  func encode(into w: inout ByteWriter) {
    for symbol in [actor, name, session, credential, issuer, onBehalf, home, attestor, node, namespace] {
      w.put(symbol.raw)
    }
    w.put(issuedAt)
    w.put(expiresAt)
    w.put(kind.rawValue)
    w.put(credentialKind.rawValue)
    w.put(flags.rawValue)
  }

  init(from r: inout ByteReader) {
    self.init()
    actor = Symbol(r.get())
    name = Symbol(r.get())
    session = Symbol(r.get())
    credential = Symbol(r.get())
    issuer = Symbol(r.get())
    onBehalf = Symbol(r.get())
    home = Symbol(r.get())
    attestor = Symbol(r.get())
    node = Symbol(r.get())
    namespace = Symbol(r.get())
    issuedAt = r.get()
    expiresAt = r.get()
    kind = ActorKind(rawValue: r.get()) ?? .unknown
    credentialKind = CredentialKind(rawValue: r.get()) ?? .none
    flags = EventFlags(rawValue: r.get())
  }
}

extension Origin {
  func encode(into w: inout ByteWriter) {
    w.put(address.high)
    w.put(address.low)
    w.put(kind.rawValue)
    w.put(os.rawValue)
    for symbol in [host, endpoint, agent, family, tls] { w.put(symbol.raw) }
  }

  init(from r: inout ByteReader) {
    self.init()
    address = Address(high: r.get(), low: r.get())
    kind = AddressKind(rawValue: r.get()) ?? .none
    os = ClientOS(rawValue: r.get()) ?? .none
    host = Symbol(r.get())
    endpoint = Symbol(r.get())
    agent = Symbol(r.get())
    family = Symbol(r.get())
    tls = Symbol(r.get())
  }
}

extension Operation {
  func encode(into w: inout ByteWriter) {
    w.put(source)
    w.put(verb.rawValue)
    for symbol in [tenant, action, service, region, namespace, resourceKind] { w.put(symbol.raw) }
  }

  init(from r: inout ByteReader) {
    self.init()
    source = r.get()
    verb = Verb(rawValue: r.get()) ?? .other
    tenant = Symbol(r.get())
    action = Symbol(r.get())
    service = Symbol(r.get())
    region = Symbol(r.get())
    namespace = Symbol(r.get())
    resourceKind = Symbol(r.get())
  }
}

extension Mint {
  func encode(into w: inout ByteWriter) {
    for symbol in [child, parent, holder, session, attestor, mechanism] { w.put(symbol.raw) }
    w.put(expiresAt)
    w.put(kind.rawValue)
    w.put(grade.rawValue)
  }

  init(from r: inout ByteReader) {
    self.init()
    child = Symbol(r.get())
    parent = Symbol(r.get())
    holder = Symbol(r.get())
    session = Symbol(r.get())
    attestor = Symbol(r.get())
    mechanism = Symbol(r.get())
    expiresAt = r.get()
    kind = CredentialKind(rawValue: r.get()) ?? .none
    grade = Grade(rawValue: r.get()) ?? .none
  }
}

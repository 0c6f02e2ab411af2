/// Who acts with which credential: the dictionary behind a batch's `subject` column (events.md 1.1, columns 5-14, 37, 40-43).
public struct Subject: Internable, Hashable {
  /// Stable id of the principal (`AROA…`, ServiceAccount UID, entity id), else its name.
  public var actor = Symbol.none
  /// Canonical display name over sessions: role ARN, `system:serviceaccount:ns:n`, agent name.
  public var name = Symbol.none
  /// The session principal (`AROA…:i-…`, conversation id).
  public var session = Symbol.none
  /// The credential used, in normal form (lineage.md 3.2).
  public var credential = Symbol.none
  /// Who issued it: session issuer, federation provider, auth mount.
  public var issuer = Symbol.none
  /// The originating user, agent's user, sourceIdentity.
  public var onBehalf = Symbol.none
  /// The account, cluster or organization that the identity belongs to.
  public var home = Symbol.none
  /// What attests it: `INST:…`, `POD:…`, a function, a run.
  public var attestor = Symbol.none
  public var node = Symbol.none
  public var namespace = Symbol.none
  /// Seconds since 1970, 0 unknown.
  public var issuedAt: UInt32 = 0
  public var expiresAt: UInt32 = 0
  public var kind = ActorKind.unknown
  public var credentialKind = CredentialKind.none
  public var flags = EventFlags()

  public init() {}

  public var key64: UInt64 {
    let h = ByteHash.process
    var k = h.mix(1, UInt64(actor.raw) << 32 | UInt64(name.raw))
    k = h.mix(k, UInt64(session.raw) << 32 | UInt64(credential.raw))
    k = h.mix(k, UInt64(issuer.raw) << 32 | UInt64(onBehalf.raw))
    k = h.mix(k, UInt64(home.raw) << 32 | UInt64(attestor.raw))
    k = h.mix(k, UInt64(node.raw) << 32 | UInt64(namespace.raw))
    k = h.mix(k, UInt64(issuedAt) << 32 | UInt64(expiresAt))
    return h.mix(k, UInt64(flags.rawValue) << 16 | UInt64(kind.rawValue) << 8 | UInt64(credentialKind.rawValue))
  }

  public func mapped(_ change: (Symbol) -> Symbol) -> Subject {
    var s = self
    s.actor = change(actor)
    s.name = change(name)
    s.session = change(session)
    s.credential = change(credential)
    s.issuer = change(issuer)
    s.onBehalf = change(onBehalf)
    s.home = change(home)
    s.attestor = change(attestor)
    s.node = change(node)
    s.namespace = change(namespace)
    return s
  }
}

/// Where a call came from and with which client (columns 23-31).
public struct Origin: Internable, Hashable {
  public var address = Address(high: 0, low: 0)
  public var kind = AddressKind.none
  public var os = ClientOS.none
  /// The address as written, where it is no address (`ec2.amazonaws.com`), else none.
  public var host = Symbol.none
  public var endpoint = Symbol.none
  /// Raw user agent.
  public var agent = Symbol.none
  /// Client family: the user agent without brackets, versions and details (`boto3`, `aws-cli`).
  public var family = Symbol.none
  public var tls = Symbol.none

  public init() {}

  public var key64: UInt64 {
    let h = ByteHash.process
    var k = h.mix(2, address.high)
    k = h.mix(k, address.low)
    k = h.mix(k, UInt64(kind.rawValue) << 8 | UInt64(os.rawValue) | UInt64(host.raw) << 32)
    k = h.mix(k, UInt64(endpoint.raw) << 32 | UInt64(agent.raw))
    return h.mix(k, UInt64(family.raw) << 32 | UInt64(tls.raw))
  }

  public func mapped(_ change: (Symbol) -> Symbol) -> Origin {
    var o = self
    o.host = change(host)
    o.endpoint = change(endpoint)
    o.agent = change(agent)
    o.family = change(family)
    o.tls = change(tls)
    return o
  }
}

/// What was called, and in which log (columns 4, 5, 15-17, 19, 45).
public struct Operation: Internable, Hashable {
  /// Index of the source in the loaded content.
  public var source: UInt8 = 0
  public var verb = Verb.other
  /// AWS account, cluster, Vault, organization whose log this is.
  public var tenant = Symbol.none
  /// Native action: `sts:AssumeRole`, `create pods/exec`, `read kv/data/x`'s operation and mount.
  public var action = Symbol.none
  public var service = Symbol.none
  public var region = Symbol.none
  /// Namespace of the object acted upon.
  public var namespace = Symbol.none
  /// Type of the resource.
  public var resourceKind = Symbol.none

  public init() {}

  public var key64: UInt64 {
    let h = ByteHash.process
    var k = h.mix(3, UInt64(source) << 8 | UInt64(verb.rawValue))
    k = h.mix(k, UInt64(tenant.raw) << 32 | UInt64(action.raw))
    k = h.mix(k, UInt64(service.raw) << 32 | UInt64(region.raw))
    return h.mix(k, UInt64(namespace.raw) << 32 | UInt64(resourceKind.raw))
  }

  public func mapped(_ change: (Symbol) -> Symbol) -> Operation {
    var o = self
    o.tenant = change(tenant)
    o.action = change(action)
    o.service = change(service)
    o.region = change(region)
    o.namespace = change(namespace)
    o.resourceKind = change(resourceKind)
    return o
  }
}

/// A credential or session that an event issued (columns 32-35).
public struct Mint: Sendable, Equatable {
  /// Normal form of the new credential; none where the log hides it.
  public var child = Symbol.none
  /// The parent, where it is not the credential that the event was made with.
  public var parent = Symbol.none
  /// The principal that holds the child: canonical name.
  public var holder = Symbol.none
  /// The child's session principal (`AROA…:name`), a second handle to the same session.
  public var session = Symbol.none
  public var attestor = Symbol.none
  /// How: `sts:AssumeRole`, `k8s:TokenRequest`, `vault:login`.
  public var mechanism = Symbol.none
  public var expiresAt: UInt32 = 0
  public var kind = CredentialKind.none
  public var grade = Grade.exact

  public init() {}

  public func mapped(_ change: (Symbol) -> Symbol) -> Mint {
    var m = self
    m.child = change(child)
    m.parent = change(parent)
    m.holder = change(holder)
    m.session = change(session)
    m.attestor = change(attestor)
    m.mechanism = change(mechanism)
    return m
  }
}

/// One of several named values of an event (an agent's arguments, the targets of a command).
public struct Detail: Sendable, Equatable {
  public var name: Symbol
  public var value: Symbol
  public init(name: Symbol, value: Symbol) {
    self.name = name
    self.value = value
  }
}

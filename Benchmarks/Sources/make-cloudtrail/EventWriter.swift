import Synthesis

/// Fills templates. One per file; its random numbers are the file's own.
struct EventWriter {
  let calendar: Calendar
  let seed: UInt64
  var random: SeededRandom
  var out = Bytes(capacity: 1 << 18)

  /// Which session of the identity is alive then, and when it began.
  static func session(_ identity: Identities.Identity, at time: Int) -> (number: Int, start: Int) {
    let number = (time - identity.phase + 2 * Identities.sessionLife) / Identities.sessionLife - 2
    return (number, identity.phase + number * Identities.sessionLife)
  }

  /// The key of that session, or of the user.
  private mutating func appendKey(_ identity: Identities.Identity, session: Int) {
    var keys = SeededRandom(seed: seed &+ UInt64(identity.number) &* 1_000_003 &+ UInt64(bitPattern: Int64(session)))
    out.append(identity.kind == .user ? Self.longLived : Self.temporary)
    out.appendKey(identity.kind == .user ? UInt64(identity.number) &* 0x9e37_79b9_7f4a_7c15 >> 3 : keys.next())
  }
  private static let temporary = Array("ASIA".utf8)
  private static let longLived = Array("AKIA".utf8)

  /// One record; address and agent can be another's than the identity's own.
  mutating func append(
    _ template: Template, _ identity: Identities.Identity, at time: Int, address: [UInt8]? = nil, agent: [UInt8]? = nil
  ) {
    let (number, start) = Self.session(identity, at: time)
    for part in template.parts {
      switch part {
      case .literal(let bytes): out.append(bytes)
      case .hole(let hole):
        switch hole {
        case .identity:
          out.append(identity.head)
          appendKey(identity, session: number)
          out.append(identity.middle)
          if identity.kind != .user { calendar.append(start, to: &out) }
          out.append(identity.tail)
        case .time: calendar.append(time, to: &out)
        case .address: out.append(address ?? identity.address)
        case .agent: out.append(agent ?? identity.agent)
        case .account: out.append(identity.account)
        case .region: out.append(identity.region)
        case .uuid: out.appendUUID(random.next(), random.next())
        case .hex: out.appendHex(random.next(), 8)
        case .number: out.appendNumber(random.below(250))
        case .owner: out.append(identity.owner)
        case .key: appendKey(identity, session: number)
        case .session: out.append(identity.session)
        case .role: out.append(identity.role)
        case .expiry: calendar.appendSpoken(start + Identities.sessionLife + 900, to: &out)
        case .second: out.appendNumber(time)
        }
      }
    }
  }
}

import EventModel

/// What counts as one place (guard G4): a declared zone, a VPC endpoint, an IPv4 address, an IPv6 /64, one key for all private
/// addresses of a VPC.
public struct OriginKey: Hashable, Sendable {
  public enum Kind: UInt8, Sendable { case none, zone, endpoint, publicV4, publicV6, `private`, service }
  public var kind: Kind
  public var value: UInt64

  public static let none = OriginKey(kind: .none, value: 0)
  public var isPlace: Bool { kind != .none && kind != .service }

  public func _rawHashValue(seed: Int) -> Int { ByteHash.process.slot(value ^ UInt64(kind.rawValue) << 56, seed) }
}

/// The declared zones, asked once for each distinct origin.
struct ZoneMap: Sendable {
  let zones: [DetectionConfiguration.Zone]

  /// The zone that contains an address: the one with the longest prefix.
  func zone(of address: Address) -> Int? {
    if zones.isEmpty { return nil }
    var best: (zone: Int, prefix: Int)?
    for (n, zone) in zones.enumerated() {
      for network in zone.networks where network.contains(address) && network.prefix > best?.prefix ?? -1 {
        best = (n, network.prefix)
      }
    }
    return best?.zone
  }

  /// - Parameter oneVPC: private addresses are one place (AWS); else each is its own.
  func key(of origin: Origin, oneVPC: Bool) -> OriginKey {
    switch origin.kind {
    case .none, .malformed, .loopback: return .none
    case .service, .internal: return OriginKey(kind: .service, value: UInt64(origin.host.raw))
    case .public, .private, .cgnat: break
    }
    if let zone = zone(of: origin.address) { return OriginKey(kind: .zone, value: UInt64(zone)) }
    if origin.endpoint.isPresent { return OriginKey(kind: .endpoint, value: UInt64(origin.endpoint.raw)) }
    if origin.kind != .public, oneVPC { return OriginKey(kind: .private, value: 0) }
    let unit = origin.address.originKey
    if origin.kind != .public { return OriginKey(kind: .private, value: unit.high &* 31 ^ unit.low) }
    return OriginKey(
      kind: unit.v4 == nil ? .publicV6 : .publicV4, value: unit.v4 == nil ? unit.high : unit.low)
  }
}

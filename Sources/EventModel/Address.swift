/// An IP address as 16 bytes; IPv4 is `::ffff:a.b.c.d`.
public struct Address: Hashable, Sendable {
  public var high: UInt64
  public var low: UInt64
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }
  public init(v4: UInt32) { self.init(high: 0, low: 0xffff_0000_0000 | UInt64(v4)) }

  public var v4: UInt32? { high == 0 && low >> 32 == 0xffff ? UInt32(truncatingIfNeeded: low) : nil }

  public var kind: AddressKind {
    guard let v4 else {
      if high == 0 && low == 1 { return .loopback }
      let top = high >> 48
      return top & 0xfe00 == 0xfc00 || top & 0xffc0 == 0xfe80 ? .private : .public
    }
    switch v4 >> 24 {
    case 10: return .private
    case 127: return .loopback
    case 0: return .malformed
    case 169 where v4 >> 16 == 0xa9fe: return .private
    case 172 where v4 >> 20 == 0xac1: return .private
    case 192 where v4 >> 16 == 0xc0a8: return .private
    case 100 where v4 >> 22 == 0x191: return .cgnat
    default: return .public
    }
  }

  /// The unit that is one origin: an IPv4 address, an IPv6 /64 (detections.md G4).
  public var originKey: Address { v4 == nil ? Address(high: high, low: 0) : self }

  /// The coarse network: IPv4 /16, IPv6 /32 (semantics.md 11).
  public var network: Address {
    v4 == nil ? Address(high: high & ~0xffff_ffff, low: 0) : Address(high: 0, low: low & ~0xffff)
  }

  /// Parses IPv4, IPv6 (with `::` and an embedded IPv4 tail), with an optional `:port`, `[…]`, `%zone`. nil if malformed.
  public init?(_ text: Span<UInt8>) {
    var colons = 0
    var dots = 0
    for i in 0..<text.count {
      if text[i] == 0x3a { colons += 1 }
      if text[i] == 0x2e { dots += 1 }
    }
    if colons <= 1 {
      guard dots == 3, let v4 = Address.parse4(text, 0) else { return nil }
      self.init(v4: v4)
    } else {
      guard let parsed = Address.parse6(text) else { return nil }
      self = parsed
    }
  }

  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    self.init(bytes.span)
  }

  private static func parse4(_ text: Span<UInt8>, _ start: Int) -> UInt32? {
    var value: UInt32 = 0
    var part = -1
    var parts = 0
    var digits = 0
    var i = start
    while i < text.count {
      let c = text[i]
      if c >= 0x30 && c <= 0x39 {
        part = max(part, 0) * 10 + Int(c - 0x30)
        digits += 1
        if part > 255 || digits > 3 || (digits > 1 && part < 10) { return nil }
      } else if c == 0x2e {
        guard part >= 0 else { return nil }
        value = value << 8 | UInt32(part)
        parts += 1
        part = -1
        digits = 0
      } else if c == 0x3a {
        break  // a port follows
      } else {
        return nil
      }
      i += 1
    }
    guard part >= 0, parts == 3 else { return nil }
    return value << 8 | UInt32(part)
  }

  private static func parse6(_ text: Span<UInt8>) -> Address? {
    var groups: [UInt16] = []
    var gap: Int?
    var i = 0
    var end = text.count
    if end > 0, text[0] == 0x5b {
      i = 1
      while end > 1, text[end - 1] != 0x5d { end -= 1 }
      end -= 1
    }
    if i + 1 < end, text[i] == 0x3a, text[i + 1] == 0x3a {
      gap = 0
      i += 2
    }
    while i < end, text[i] != 0x25 {
      let start = i
      var value = 0
      while i < end, let digit = hexDigit(text[i]), i - start < 5 {
        value = value << 4 | digit
        i += 1
      }
      if i < end, text[i] == 0x2e {
        guard let v4 = parse4(text.extracting(0..<end), start) else { return nil }
        groups += [UInt16(v4 >> 16), UInt16(truncatingIfNeeded: v4)]
        i = end
        break
      }
      guard i > start, i - start <= 4 else { return nil }
      groups.append(UInt16(value))
      if i < end, text[i] == 0x3a {
        i += 1
        if i < end, text[i] == 0x3a {
          if gap != nil { return nil }
          gap = groups.count
          i += 1
        } else if i == end {
          return nil
        }
      } else if i < end, text[i] != 0x25 {
        return nil
      }
      if groups.count > 8 { return nil }
    }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for n in 0..<4 { high = high << 16 | UInt64(groups[n]) }
    for n in 4..<8 { low = low << 16 | UInt64(groups[n]) }
    return Address(high: high, low: low)
  }
}

/// The value of an ASCII hex digit.
@inlinable public func hexDigit(_ c: UInt8) -> Int? {
  switch c {
  case 0x30...0x39: Int(c) - 0x30
  case 0x41...0x46: Int(c) - 0x41 + 10
  case 0x61...0x66: Int(c) - 0x61 + 10
  default: nil
  }
}

extension Address: CustomStringConvertible {
  public var description: String {
    if let v4 { return "\(v4 >> 24).\(v4 >> 16 & 255).\(v4 >> 8 & 255).\(v4 & 255)" }
    let groups = (0..<8).map { n in UInt16(truncatingIfNeeded: (n < 4 ? high : low) >> UInt64((3 - n % 4) * 16)) }
    var best = 0..<0
    var n = 0
    while n < 8 {
      var m = n
      while m < 8, groups[m] == 0 { m += 1 }
      if m - n > best.count && m - n > 1 { best = n..<m }
      n = max(m, n + 1)
    }
    let hex = { (range: Range<Int>) in range.map { String(groups[$0], radix: 16) }.joined(separator: ":") }
    return best.isEmpty ? hex(0..<8) : hex(0..<best.lowerBound) + "::" + hex(best.upperBound..<8)
  }
}

/// A network in CIDR form, e.g. `203.0.113.0/24`. A bare address is a network of one.
public struct Network: Hashable, Sendable {
  public let base: Address
  public let prefix: Int  // 0...128

  public init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1)
    guard let first = parts.first, let address = Address(String(first)) else { return nil }
    let width = address.v4 == nil ? 128 : 32
    var length = width
    if parts.count == 2 {
      guard let n = Int(parts[1]), n >= 0, n <= width else { return nil }
      length = n
    }
    prefix = length + (128 - width)
    base = Network.mask(address, prefix)
  }

  public func contains(_ address: Address) -> Bool { Network.mask(address, prefix) == base }

  private static func mask(_ address: Address, _ prefix: Int) -> Address {
    let high = prefix >= 64 ? UInt64.max : (prefix == 0 ? 0 : ~0 << UInt64(64 - prefix))
    let low = prefix <= 64 ? 0 : (prefix == 128 ? UInt64.max : ~0 << UInt64(128 - prefix))
    return Address(high: address.high & high, low: address.low & low)
  }
}

import EventModel

/// A JSON value that this program writes: the one JSON writer of Evidence and Reporting.
///
/// The text has sorted keys (by UTF-8 bytes), ASCII only (`\u` escapes, surrogate pairs), no spaces and no line end:
/// it is safe to print and the same facts are the same bytes.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int64)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  public static func texts(_ values: [String]) -> JSONValue { .array(values.map { .text($0) }) }

  /// RFC 3339 of nanoseconds since 1970; null for no time, or one before 1970.
  public static func time(_ time: Int64?) -> JSONValue {
    guard let time, time >= 0 else { return .null }
    return .text(Timestamp.text(time))
  }

  /// The text as bytes, without a line end.
  public var bytes: [UInt8] {
    var out: [UInt8] = []
    append(to: &out)
    return out
  }

  /// The text with LF.
  public var line: [UInt8] { bytes + [0x0a] }

  public var string: String { String(decoding: bytes, as: UTF8.self) }

  public func append(to out: inout [UInt8]) {
    switch self {
    case .null: out += "null".utf8
    case .bool(let value): out += (value ? "true" : "false").utf8
    case .int(let value): out += String(value).utf8
    case .text(let value): JSONValue.append(value, to: &out)
    case .array(let values):
      out.append(0x5b)
      for (i, value) in values.enumerated() {
        if i > 0 { out.append(0x2c) }
        value.append(to: &out)
      }
      out.append(0x5d)
    case .object(let members):
      out.append(0x7b)
      var first = true
      for (key, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        if !first { out.append(0x2c) }
        first = false
        JSONValue.append(key, to: &out)
        out.append(0x3a)
        value.append(to: &out)
      }
      out.append(0x7d)
    }
  }

  /// A quoted string: printable ASCII as it is, the rest as escapes.
  private static func append(_ text: String, to out: inout [UInt8]) {
    out.append(0x22)
    for unit in text.utf16 {
      switch unit {
      case 0x22, 0x5c:
        out.append(0x5c)
        out.append(UInt8(truncatingIfNeeded: unit))
      case 0x20..<0x7f: out.append(UInt8(truncatingIfNeeded: unit))
      case 0x0a: out += [0x5c, 0x6e]
      case 0x09: out += [0x5c, 0x74]
      case 0x0d: out += [0x5c, 0x72]
      default: appendEscape(unit, to: &out)
      }
    }
    out.append(0x22)
  }

  /// `\uXXXX`, lower-case.
  public static func appendEscape(_ unit: UInt16, to out: inout [UInt8]) {
    out += [0x5c, 0x75]
    for shift in stride(from: 12, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: unit >> UInt16(shift) & 15)
      out.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }
}

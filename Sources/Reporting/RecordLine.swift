import Evidence

/// A redacted record as one printable ASCII line, for `raw/NNNN.jsonl`.
enum RecordLine {
  /// How the line came from the stored bytes.
  enum Form: String {
    /// Byte for byte.
    case exact
    /// Line ends and tabs became spaces, other controls and non-ASCII became `\uXXXX`: the same JSON value, if it is JSON.
    case escaped
  }

  /// Without LF.
  static func make(_ raw: [UInt8]) -> (line: [UInt8], form: Form) {
    if raw.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return (raw, .exact) }
    var out: [UInt8] = []
    out.reserveCapacity(raw.count + 64)
    for scalar in String(decoding: raw, as: UTF8.self).unicodeScalars {
      switch scalar.value {
      case 0x09, 0x0a, 0x0d: out.append(0x20)
      case 0x20..<0x7f: out.append(UInt8(scalar.value))
      default: for unit in String(scalar).utf16 { JSONValue.appendEscape(unit, to: &out) }
      }
    }
    return (out, .escaped)
  }
}

/// What came of scanning one JSON value.
public enum ScanOutcome: Sendable, Equatable {
  /// A whole, valid value was read; `end` is the index just past it.
  case value(end: Int)
  /// The buffer ends inside the value, or before it, and nothing so far is wrong: more bytes could complete it.
  case incomplete
  /// No bytes after `at` could make the value valid. `at` is the index of the first byte that cannot stand where it
  /// stands; for `duplicateKey`, of the first byte of the second key.
  case invalid(ScanRejection, at: Int)
}

/// Why a text is not a JSON value that Bittern reads.
public enum ScanRejection: UInt8, Sendable, CaseIterable {
  /// The grammar of RFC 8259 does not allow this byte here.
  case syntax
  /// A number that RFC 8259 does not know: leading zero, missing digits, plus sign, letters behind it.
  case badNumber
  /// A backslash that no escape of RFC 8259 follows.
  case badEscape
  /// A string holds bytes that are not UTF-8: stray, overlong, a surrogate, or past U+10FFFF.
  case badUTF8
  /// A string holds a raw byte below 0x20.
  case controlCharacter
  /// More than `JSONScanner.maxDepth` arrays and objects are open at once.
  case depth
  /// The value holds more than `JSONScanner.maxNodes` values.
  case nodes
  /// A wanted key stands twice in one object, so that two readers could see two different records.
  case duplicateKey
  /// The value is neither an object nor an array. `scan` accepts such values; this is for callers that want a record.
  case notContainer

  /// The stable name of the reason, as counts, findings and tests spell it.
  public var code: String {
    switch self {
    case .syntax: "syntax"
    case .badNumber: "bad_number"
    case .badEscape: "bad_escape"
    case .badUTF8: "bad_utf8"
    case .controlCharacter: "control_character"
    case .depth: "max_depth"
    case .nodes: "max_nodes"
    case .duplicateKey: "dup_key"
    case .notContainer: "not_container"
    }
  }
}

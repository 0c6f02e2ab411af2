import JSONScanning

/// A parsed value, for the rare acts whose documents must be understood as a whole (a policy, a role, a pod's spec).
/// Never on the path of every event.
indirect enum JSONTree {
  case null
  case bool(Bool)
  case number([UInt8])
  case string([UInt8])
  case array([JSONTree])
  case object([(key: [UInt8], value: JSONTree)])

  /// Parses text that may be percent-encoded JSON (IAM writes policies so). nil if it is no JSON.
  static func parse(_ text: Span<UInt8>) -> JSONTree? {
    if text.starts(with: Array("%7B".utf8)) || text.starts(with: Array("%7b".utf8)) {
      let decoded = percentDecoded(text)
      return parse(decoded.span)
    }
    guard let slot = JSONReading.whole(text) else { return nil }
    return build(text, slot)
  }

  static func build(_ bytes: Span<UInt8>, _ slot: FieldSlot) -> JSONTree {
    switch slot.kind {
    case .absent, .null: return .null
    case .true: return .bool(true)
    case .false: return .bool(false)
    case .number: return .number([UInt8](copying: bytes.extracting(slot.range)))
    case .string: return .string([UInt8](copying: bytes.extracting(slot.range)))
    case .escapedString: return .string(JSONReading.decoded(bytes, slot))
    case .array:
      var items: [JSONTree] = []
      JSONReading.forEachElement(bytes, slot) { element in
        items.append(build(bytes, element))
        return true
      }
      return .array(items)
    case .object:
      var members: [(key: [UInt8], value: JSONTree)] = []
      JSONReading.forEachMember(bytes, slot) { key, value in
        members.append((JSONReading.decoded(bytes, key), build(bytes, value)))
        return true
      }
      return .object(members)
    }
  }

  /// A member by key, in the spelling given or in another case.
  subscript(_ key: String) -> JSONTree? {
    guard case .object(let members) = self else { return nil }
    let wanted = Array(key.utf8)
    if let exact = members.first(where: { $0.key == wanted }) { return exact.value }
    let folded = key.lowercased()
    return members.first { String(decoding: $0.key, as: UTF8.self).lowercased() == folded }?.value
  }

  /// The elements of an array; a single value is a list of one; null is none.
  var list: [JSONTree] {
    switch self {
    case .array(let items): items
    case .null: []
    default: [self]
    }
  }

  var text: [UInt8]? {
    switch self {
    case .string(let s), .number(let s): s
    case .bool(let b): Array((b ? "true" : "false").utf8)
    default: nil
    }
  }

  var isTrue: Bool {
    if case .bool(true) = self { return true }
    return text == Array("true".utf8)
  }

  var strings: [String] { list.compactMap { $0.text.map { String(decoding: $0, as: UTF8.self) } } }
}

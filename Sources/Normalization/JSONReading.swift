import JSONScanning

/// The safe face of the scanner's views for the map language: values as spans, walks as closures that say "go on".
enum JSONReading {
  static func decoded(_ bytes: Span<UInt8>, _ slot: FieldSlot) -> [UInt8] {
    if slot.kind != .escapedString { return [UInt8](copying: bytes.extracting(slot.range)) }
    var out: [UInt8] = []
    unsafe bytes.withUnsafeBytes { unsafe decodeString($0, slot, into: &out) }
    return out
  }

  @discardableResult
  static func forEachElement(_ bytes: Span<UInt8>, _ slot: FieldSlot, _ body: (FieldSlot) -> Bool) -> Bool {
    unsafe bytes.withUnsafeBytes { buffer in
      var view = unsafe JSONArrayView(buffer, slot)
      while let element = view.next() { if !body(element) { return false } }
      return true
    }
  }

  @discardableResult
  static func forEachMember(_ bytes: Span<UInt8>, _ slot: FieldSlot, _ body: (FieldSlot, FieldSlot) -> Bool) -> Bool {
    unsafe bytes.withUnsafeBytes { buffer in
      var view = unsafe JSONObjectView(buffer, slot)
      while let member = view.next() { if !body(member.key, member.value) { return false } }
      return true
    }
  }

  private static let emptyTrie = PathTrie(paths: [])

  /// The slot of a whole text that is one valid JSON value, and nothing else; nil otherwise. Linear.
  static func whole(_ text: Span<UInt8>) -> FieldSlot? {
    var scanner = JSONScanner()
    var slots: [FieldSlot] = []
    let outcome = unsafe text.withUnsafeBytes {
      unsafe scanner.scan($0, from: 0, trie: emptyTrie, slots: &slots)
    }
    guard case .value(var end) = outcome else { return nil }
    var start = 0
    while start < end, isSpace(text[start]) { start += 1 }
    let valueEnd = end
    while end < text.count { if isSpace(text[end]) { end += 1 } else { return nil } }
    guard start < valueEnd, valueEnd <= Int(UInt32.max) else { return nil }
    let range = (UInt32(start), UInt32(valueEnd - start))
    switch text[start] {
    case 0x7b: return FieldSlot(offset: range.0, length: range.1, kind: .object)
    case 0x5b: return FieldSlot(offset: range.0, length: range.1, kind: .array)
    case 0x22:
      let inner = text.extracting((start + 1)..<(valueEnd - 1))
      var escaped = false
      for i in 0..<inner.count where inner[i] == 0x5c { escaped = true }
      return FieldSlot(offset: range.0 + 1, length: range.1 - 2, kind: escaped ? .escapedString : .string)
    case 0x74: return FieldSlot(offset: range.0, length: range.1, kind: .true)
    case 0x66: return FieldSlot(offset: range.0, length: range.1, kind: .false)
    case 0x6e: return FieldSlot(offset: range.0, length: range.1, kind: .null)
    default: return FieldSlot(offset: range.0, length: range.1, kind: .number)
    }
  }

  static func isSpace(_ c: UInt8) -> Bool { c == 0x20 || c == 0x0a || c == 0x0d || c == 0x09 }
}

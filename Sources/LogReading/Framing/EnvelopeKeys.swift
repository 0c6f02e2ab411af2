/// The keys whose arrays carry records, and how to recognise one in the bytes.
struct EnvelopeKeys: Sendable {
  /// How far back or ahead a key is looked for: its length, and white space around it.
  static let reach = 1024

  let keys: [[UInt8]]

  enum Answer { case yes, no, needMore }

  /// The key of the member whose array opens at `bracket`, looking back from there; nil if it is none of the keys.
  /// Nothing before `floor` is looked at. `onlyFirst`: it must be the first member of its object.
  func key(before bracket: Int, in bytes: Span<UInt8>, floor: Int, onlyFirst: Bool = false) -> [UInt8]? {
    let bound = max(0, floor, bracket - Self.reach)
    guard let colon = lastNonSpace(before: bracket, in: bytes, bound), bytes[colon] == 0x3A,
      let close = lastNonSpace(before: colon, in: bytes, bound), bytes[close] == 0x22
    else { return nil }
    for key in keys {
      let open = close - key.count - 1
      guard open > bound, bytes[open] == 0x22 else { continue }
      var matches = true
      for i in 0..<key.count where bytes[open + 1 + i] != key[i] { matches = false }
      // What stands before an opening quote is never a backslash, so an escaped quote cannot pass for one.
      guard matches, let before = lastNonSpace(before: open, in: bytes, bound) else { continue }
      if bytes[before] == 0x7B || (bytes[before] == 0x2C && !onlyFirst) { return key }
    }
    return nil
  }

  /// Whether an object that starts at `start` has a key as its first member, with an array.
  func beginsObject(at start: Int, in bytes: Span<UInt8>, atEnd: Bool) -> Answer {
    let bound = min(bytes.count, start + Self.reach)
    let unknown: Answer = atEnd || bound < bytes.count || bytes.count - start >= Self.reach ? .no : .needMore
    guard start < bound, bytes[start] == 0x7B else { return start < bound ? .no : unknown }
    guard let open = firstNonSpace(from: start + 1, in: bytes, bound) else { return unknown }
    guard bytes[open] == 0x22 else { return .no }
    var close = open + 1
    while close < bound, bytes[close] != 0x22 { close += 1 }
    guard close < bound else { return unknown }
    guard keys.contains(where: { $0.count == close - open - 1 && equal($0, bytes, open + 1) }) else { return .no }
    guard let colon = firstNonSpace(from: close + 1, in: bytes, bound) else { return unknown }
    guard bytes[colon] == 0x3A else { return .no }
    guard let bracket = firstNonSpace(from: colon + 1, in: bytes, bound) else { return unknown }
    return bytes[bracket] == 0x5B ? .yes : .no
  }

  private func equal(_ key: [UInt8], _ bytes: Span<UInt8>, _ start: Int) -> Bool {
    for i in 0..<key.count where bytes[start + i] != key[i] { return false }
    return true
  }
}

/// JSON's white space.
@inline(__always)
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

/// The index of the last byte before `index` that is not white space, not below `bound`.
func lastNonSpace(before index: Int, in bytes: Span<UInt8>, _ bound: Int) -> Int? {
  var i = index - 1
  while i >= bound {
    if !isSpace(bytes[i]) { return i }
    i -= 1
  }
  return nil
}

/// The index of the first byte from `index` on that is not white space, below `bound`.
func firstNonSpace(from index: Int, in bytes: Span<UInt8>, _ bound: Int) -> Int? {
  var i = index
  while i < bound {
    if !isSpace(bytes[i]) { return i }
    i += 1
  }
  return nil
}

/// The keys whose arrays carry records, and how to recognise one in the bytes.
public struct EnvelopeKeys: Sendable {
  /// An array inside a record that is no envelope although its key may be one elsewhere: what stands beside it belongs to
  /// each of its elements.
  public struct Inner: Hashable, Sendable {
    let key: [UInt8]
    /// A key of the same object, before the array, that tells such a record.
    let beside: [UInt8]
    public init(key: [UInt8], beside: [UInt8]) {
      self.key = key
      self.beside = beside
    }
  }

  /// How far back or ahead a key is looked for: its length, and white space around it.
  static let reach = 1024

  /// As bytes, unescaped.
  public let keys: [[UInt8]]
  let inner: [Inner]

  enum Answer { case yes, no, needMore }

  public init(_ keys: [[UInt8]], inner: [Inner] = []) {
    self.keys = keys
    self.inner = inner
  }

  /// The key of the member whose array opens at `bracket`, looking back from there; nil if it is none of the keys.
  /// Nothing before `floor` is looked at. `onlyFirst`: it must be the first member of its object.
  func key(before bracket: Int, in bytes: Span<UInt8>, floor: Int, onlyFirst: Bool = false) -> [UInt8]? {
    member(before: bracket, in: bytes, floor: floor, onlyFirst: onlyFirst)?.key
  }

  /// The same in an object that begins at `floor`, so that a record with an array inside can be told.
  /// - Parameter told: the keys that were found to be inside of this object: asked once, for an object may repeat them.
  func key(before bracket: Int, in bytes: Span<UInt8>, floor: Int, inside told: inout [[UInt8]]) -> [UInt8]? {
    guard let found = member(before: bracket, in: bytes, floor: floor, onlyFirst: false) else { return nil }
    guard let comma = found.comma else { return found.key }
    if told.contains(found.key) { return nil }
    if !isInner(found.key, floor..<comma, bytes) { return found.key }
    told.append(found.key)
    return nil
  }

  /// - Returns: the key, and where the comma before it stands; nil for the first member.
  private func member(
    before bracket: Int, in bytes: Span<UInt8>, floor: Int, onlyFirst: Bool
  ) -> (key: [UInt8], comma: Int?)? {
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
      if bytes[before] == 0x7B { return (key, nil) }
      if bytes[before] == 0x2C, !onlyFirst { return (key, before) }
    }
    return nil
  }

  /// The members before the one whose array opens at `bracket`, of an object that begins at `start`: closed, so that they are
  /// an object of their own. Empty where there are none, or more than `limit` bytes.
  func head(from start: Int, before bracket: Int, in bytes: Span<UInt8>, limit: Int) -> [UInt8] {
    guard bracket - start <= limit,
      let comma = member(before: bracket, in: bytes, floor: start, onlyFirst: false)?.comma
    else { return [] }
    return [UInt8](copying: bytes.extracting(start..<comma)) + [0x7D]
  }

  /// Whether the members of the object in `range` tell that its array `key` is not an envelope. Linear, and asked only for
  /// keys that may be either.
  private func isInner(_ key: [UInt8], _ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    inner.contains { $0.key == key && hasMember($0.beside, range, bytes) }
  }

  /// Whether the object that begins at the start of `range` has a member `key` in it.
  private func hasMember(_ key: [UInt8], _ range: Range<Int>, _ bytes: Span<UInt8>) -> Bool {
    var depth = 0
    var at = range.lowerBound
    while at < range.upperBound {
      switch bytes[at] {
      case 0x7B, 0x5B: depth += 1
      case 0x7D, 0x5D: depth -= 1
      case 0x22:
        let open = at
        at += 1
        while at < range.upperBound, bytes[at] != 0x22 { at += bytes[at] == 0x5C ? 2 : 1 }
        guard depth == 1, at < range.upperBound, at - open - 1 == key.count, equal(key, bytes, open + 1) else { break }
        if let next = firstNonSpace(from: at + 1, in: bytes, range.upperBound), bytes[next] == 0x3A { return true }
      default: break
      }
      at += 1
    }
    return false
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

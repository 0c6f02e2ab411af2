/// A pattern for paths, matched on bytes: `*` and `?` within a component, `**` across components, `[a-z]`, `[!a-z]`,
/// `\` before a byte that is meant as itself.
///
/// No backtracking over more than one `*` at a time: cost O(pattern × path).
public struct Glob: Sendable {
  let pattern: [UInt8]

  public init(_ pattern: LogPath) { self.pattern = pattern.bytes }

  /// Whether a path has anything that only a pattern can mean.
  public static func isPattern(_ path: LogPath) -> Bool {
    path.bytes.contains { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B }
  }

  /// The directory below which everything lies that can match: the components before the first pattern.
  public var fixedDirectory: LogPath {
    let first = pattern.firstIndex { $0 == 0x2A || $0 == 0x3F || $0 == 0x5B || $0 == 0x5C } ?? pattern.count
    guard let slash = pattern[..<first].lastIndex(of: 0x2F) else { return LogPath(".") }
    return LogPath(bytes: slash == 0 ? [0x2F] : [UInt8](pattern[..<slash]))
  }

  public func matches(_ path: LogPath) -> Bool {
    // Reachable pattern positions, advanced byte by byte.
    var states = closure([0])
    for byte in path.bytes {
      var next: Set<Int> = []
      for state in states { step(from: state, over: byte, into: &next) }
      if next.isEmpty { return false }
      states = closure(next)
    }
    return states.contains(pattern.count)
  }

  private func isDoubleStar(_ at: Int) -> Bool {
    at + 1 < pattern.count && pattern[at] == 0x2A && pattern[at + 1] == 0x2A
  }

  /// Stars may match nothing; `**/` may match no component at all.
  private func closure(_ states: Set<Int>) -> Set<Int> {
    var all = states
    var open = [Int](states)
    func add(_ state: Int) {
      if all.insert(state).inserted { open.append(state) }
    }
    while let state = open.popLast() {
      guard state < pattern.count, pattern[state] == 0x2A else { continue }
      if isDoubleStar(state) {
        add(state + 2)
        if state + 2 < pattern.count, pattern[state + 2] == 0x2F, state == 0 || pattern[state - 1] == 0x2F {
          add(state + 3)
        }
      } else {
        add(state + 1)
      }
    }
    return all
  }

  private func step(from state: Int, over byte: UInt8, into next: inout Set<Int>) {
    guard state < pattern.count else { return }
    switch pattern[state] {
    case 0x2A:
      if isDoubleStar(state) || byte != 0x2F { next.insert(state) }
    case 0x3F:
      if byte != 0x2F { next.insert(state + 1) }
    case 0x5B:
      guard let set = byteSet(at: state) else {
        if byte == 0x5B { next.insert(state + 1) }
        return
      }
      if byte != 0x2F, set.contains(byte) { next.insert(set.end) }
    case 0x5C where state + 1 < pattern.count:
      if pattern[state + 1] == byte { next.insert(state + 2) }
    case byte: next.insert(state + 1)
    default: break
    }
  }

  /// The set that `[` begins; nil when nothing closes it, and then it is a byte like any other.
  private func byteSet(at start: Int) -> GlobByteSet? {
    var index = start + 1
    let negated = index < pattern.count && (pattern[index] == 0x21 || pattern[index] == 0x5E)
    if negated { index += 1 }
    var ranges: [ClosedRange<UInt8>] = []
    var isFirst = true
    while index < pattern.count, isFirst || pattern[index] != 0x5D {
      isFirst = false
      let low = pattern[index]
      if index + 2 < pattern.count, pattern[index + 1] == 0x2D, pattern[index + 2] != 0x5D {
        if low <= pattern[index + 2] { ranges.append(low...pattern[index + 2]) }
        index += 3
      } else {
        ranges.append(low...low)
        index += 1
      }
    }
    return index < pattern.count ? GlobByteSet(ranges: ranges, negated: negated, end: index + 1) : nil
  }
}

/// `[…]` of a pattern.
struct GlobByteSet {
  var ranges: [ClosedRange<UInt8>]
  var negated: Bool
  /// The pattern's index behind `]`.
  var end: Int

  func contains(_ byte: UInt8) -> Bool { ranges.contains { $0.contains(byte) } != negated }
}

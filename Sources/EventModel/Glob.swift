/// A pattern over bytes in which `*` stands for any run, anchored at both ends. No backtracking over more than one star:
/// linear in practice, O(n·m) at worst.
public struct Glob: Sendable, Hashable {
  public let pattern: [UInt8]
  public let isLiteral: Bool

  public init(_ text: String) {
    pattern = Array(text.utf8)
    isLiteral = !pattern.contains(0x2a)
  }

  /// How specific it is: bytes that are no star.
  public var weight: Int { pattern.lazy.filter { $0 != 0x2a }.count }

  public func matches(_ text: Span<UInt8>) -> Bool {
    if isLiteral {
      guard text.count == pattern.count else { return false }
      for i in 0..<text.count where text[i] != pattern[i] { return false }
      return true
    }
    var t = 0
    var p = 0
    var star = -1
    var mark = 0
    while t < text.count {
      if p < pattern.count, pattern[p] == 0x2a {
        star = p
        mark = t
        p += 1
      } else if p < pattern.count, pattern[p] == text[t] {
        p += 1
        t += 1
      } else if star >= 0 {
        mark += 1
        t = mark
        p = star + 1
      } else {
        return false
      }
    }
    while p < pattern.count, pattern[p] == 0x2a { p += 1 }
    return p == pattern.count
  }

  public func matches(_ text: [UInt8]) -> Bool { matches(text.span) }
  public func matches(_ text: String) -> Bool { matches(Array(text.utf8)) }
}

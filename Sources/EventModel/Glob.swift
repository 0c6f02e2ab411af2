/// A pattern over bytes in which `*` stands for any run and `\*` for a star, anchored at both ends. No backtracking over more than one star:
/// linear in practice, O(n·m) at worst.
public struct Glob: Sendable, Hashable {
  /// The text of the pattern; `any` stands for a run.
  private let pattern: [UInt8]
  private static let any: UInt8 = 0
  public let isLiteral: Bool
  /// `*`: fits everything.
  public let isAnything: Bool
  /// As it was written.
  public let text: String

  public init(_ text: String) {
    var pattern: [UInt8] = []
    for c in text.utf8 {
      if c == 0x2a {
        if pattern.last == 0x5c { pattern[pattern.count - 1] = c } else { pattern.append(Glob.any) }
      } else {
        pattern.append(c)
      }
    }
    self.pattern = pattern
    self.text = text
    isLiteral = !pattern.contains(Glob.any)
    isAnything = pattern == [Glob.any]
  }

  /// A pattern that matches this very text.
  public static func escaped(_ text: String) -> String {
    var out: [UInt8] = []
    for byte in text.utf8 {
      if byte == 0x2a { out.append(0x5c) }
      out.append(byte)
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// How specific it is: bytes that are no star.
  public var weight: Int { pattern.lazy.filter { $0 != Glob.any }.count }

  public func matches(_ text: Span<UInt8>) -> Bool {
    let pattern = pattern.span
    if isLiteral {
      guard text.count == pattern.count else { return false }
      for i in text.indices where text[i] != pattern[i] { return false }
      return true
    }
    var t = 0
    var p = 0
    var star = -1
    var mark = 0
    while t < text.count {
      if p < pattern.count, pattern[p] == Glob.any {
        // A star at the end takes the rest, whatever it is.
        if p == pattern.count - 1 { return true }
        star = p
        mark = t
        p += 1
      } else if p < pattern.count, pattern[p] == text[t] {
        p += 1
        t += 1
      } else if star >= 0 {
        // What follows the star begins with this byte.
        let next = pattern[star + 1]
        mark += 1
        while mark < text.count, text[mark] != next { mark += 1 }
        t = mark
        p = star + 1
      } else {
        return false
      }
    }
    while p < pattern.count, pattern[p] == Glob.any { p += 1 }
    return p == pattern.count
  }

  public func matches(_ text: [UInt8]) -> Bool { matches(text.span) }
  public func matches(_ text: String) -> Bool { matches(Array(text.utf8)) }
}

// Searching in bytes. Log data is never a String.

extension Span where Element == UInt8 {
  @inlinable
  public func matches(_ text: [UInt8], at start: Int) -> Bool {
    guard start >= 0, start + text.count <= count else { return false }
    for i in 0..<text.count where self[start + i] != text[i] { return false }
    return true
  }
  @inlinable public func starts(with text: [UInt8]) -> Bool { matches(text, at: 0) }
  @inlinable public func ends(with text: [UInt8]) -> Bool { matches(text, at: count - text.count) }

  /// O(n·m); nil also for an empty text.
  @inlinable
  public func first(of text: [UInt8]) -> Int? {
    guard let head = text.first, count >= text.count else { return nil }
    for i in 0...(count - text.count) where self[i] == head && matches(text, at: i) { return i }
    return nil
  }
  @inlinable
  public func last(of text: [UInt8]) -> Int? {
    guard let head = text.first, count >= text.count else { return nil }
    for i in (0...(count - text.count)).reversed() where self[i] == head && matches(text, at: i) { return i }
    return nil
  }
  @inlinable public func contains(_ text: [UInt8]) -> Bool { first(of: text) != nil }
}

extension Array where Element == UInt8 {
  @inlinable
  public init(copying span: Span<UInt8>) {
    self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
  }
  public func contains(_ text: String) -> Bool { span.contains(Array(text.utf8)) }
  public func starts(withText text: String) -> Bool { starts(with: text.utf8) }

  /// ASCII letters in lower case.
  public var lowered: [UInt8] { map { $0 >= 0x41 && $0 <= 0x5a ? $0 | 0x20 : $0 } }
}

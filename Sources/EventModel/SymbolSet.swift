/// A set of symbols: one bit for each symbol of the table up to the largest member.
public struct SymbolSet: Sendable {
  private var words: [UInt64] = []

  public init() {}

  public func contains(_ symbol: Symbol) -> Bool {
    let at = Int(symbol.raw >> 6)
    return at < words.count && words[at] & (1 << UInt64(symbol.raw & 63)) != 0
  }

  public mutating func insert(_ symbol: Symbol) {
    let at = Int(symbol.raw >> 6)
    if at >= words.count { words.append(contentsOf: repeatElement(0, count: at + 1 - words.count)) }
    words[at] |= 1 << UInt64(symbol.raw & 63)
  }
}

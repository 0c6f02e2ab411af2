/// Takes names of tools and functions apart: `createIssue`, `create_issue`, `kb.create-issue`, `mcp__github__create_issue`.
enum NameReader {
  static func words(_ name: Span<UInt8>) -> [[UInt8]] {
    var words: [[UInt8]] = []
    var word: [UInt8] = []
    var afterLower = false
    for i in 0..<name.count {
      let c = name[i]
      let isUpper = c >= 0x41 && c <= 0x5a
      let isLower = c >= 0x61 && c <= 0x7a || c >= 0x30 && c <= 0x39
      if !isUpper && !isLower || isUpper && afterLower {
        if !word.isEmpty { words.append(word) }
        word = []
      }
      if isUpper || isLower { word.append(isUpper ? c | 0x20 : c) }
      afterLower = isLower
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  /// The first word after the last `.`, `/`, `:` or `__`.
  static func lead(_ name: Span<UInt8>) -> [[UInt8]] {
    var start = 0
    for i in 0..<name.count {
      let c = name[i]
      let isDouble = c == 0x5f && i + 1 < name.count && name[i + 1] == 0x5f
      if c == 0x2e || c == 0x2f || c == 0x3a || isDouble { start = i + 1 }
    }
    return Array(words(name.extracting(start..<name.count)).prefix(1))
  }
}

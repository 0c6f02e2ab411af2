import JSONScanning
import Testing

@Suite struct DuplicateKeyTests {
  @Test(
    "a wanted key twice in one object is rejected where the second stands",
    arguments: [
      (#"{"a":1,"a":2}"#, 8), (#"{"a":1,"\u0061":2}"#, 8), (#"{"\u0061":1,"a":2}"#, 13),
      (#"{"a":1,"b":{"c":0},"a":2}"#, 20),
      (#"{"a":1,"a"#, -1), (#"{"a":1,"a""#, 8), (#"{"b":{"c":1},"x":0,"b":{}}"#, 20), (#"{"b":{"c":1,"c":1}}"#, 13),
      (#"{"b":1,"b":2}"#, 8),
      (#"{"b":{"c":1},"b":{"d":1}}"#, 14), (#"{"a":{"z":1},"a":{}}"#, 14),
    ])
  func rejected(text: String, at: Int) {
    #expect(Scan(text, trie("a", "b.c")).outcome == (at < 0 ? .incomplete : .invalid(.duplicateKey, at: at)))
  }

  @Test(
    "a key twice where nobody wants it is nobody's business",
    arguments: [
      #"{"z":1,"z":2}"#, #"{"x":{"a":1},"y":{"a":1},"a":1}"#, #"{"x":[{"a":1},{"a":1}],"a":1}"#,
      #"{"b":{"a":1,"a":2}}"#, #"{"x":{"a":1,"a":1}}"#,
      #"[{"a":1,"a":1}]"#, #"{"b":[{"c":1,"c":1}]}"#, #"{"c":1,"c":2}"#,
    ])
  func accepted(text: String) {
    #expect(Scan(text, trie("a", "b.c")).isWholeText)
  }

  @Test("both spellings that folding lets in are one key") func folded() {
    #expect(Scan(#"{"Ab":1,"ab":2}"#, trie("Ab", foldCase: true)).outcome == .invalid(.duplicateKey, at: 9))
  }

  @Test("the next record starts afresh") func afresh() {
    var scanner = JSONScanner()
    let a = trie("a")
    for _ in 0..<10 {
      #expect(Scan(Array(#"{"a":1}"#.utf8), a, with: &scanner).outcome == .value(end: 7))
      #expect(Scan(Array(#"{"a":1,"a":1}"#.utf8), a, with: &scanner).outcome == .invalid(.duplicateKey, at: 8))
    }
  }
}

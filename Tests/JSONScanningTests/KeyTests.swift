import JSONScanning
import Testing

@Suite struct KeyTests {
  @Test("keys of every length up to a hundred are told apart from near misses", arguments: 0...100)
  func lengths(length: Int) {
    let key = (0..<length).map { UInt8(ascii: "a") + UInt8($0 % 26) }
    let wanted = PathTrie(paths: [([key], true)])
    let found = Array("{\"".utf8) + key + Array("\":1}".utf8)
    #expect(Scan(found, wanted).slots[0].kind == .number)
    #expect(Scan(found + Array(repeating: 0x20, count: 64), wanted).slots[0].kind == .number)
    for place in 0..<length {
      var other = key
      other[place] = UInt8(ascii: "#")
      let text = Array("{\"".utf8) + other + Array("\":1}".utf8) + Array(repeating: 0x20, count: 64)
      #expect(Scan(text, wanted).slots[0] == .absent, "byte \(place)")
    }
    for other in [key + [0x61], Array(key.dropLast()), Array(key.dropFirst())] where other != key {
      let text = Array("{\"".utf8) + other + Array("\":1}".utf8) + Array(repeating: 0x20, count: 64)
      #expect(Scan(text, wanted).slots[0] == .absent)
    }
  }

  @Test("hundreds of keys in one object, alike at both ends, find their slots") func many() {
    let keys = (0..<500).map { "annotations.kubernetes.io/prefix-\($0)-the-same-end" } + (0..<100).map { "k\($0)" }
    let wanted = PathTrie(paths: keys.map { ([Array($0.utf8)], true) })
    let text = "{" + keys.shuffled(by: 5).map { "\"\($0)\":\"\($0)\"" }.joined(separator: ",") + "}"
    let scan = Scan(text, wanted)
    #expect(scan.isWholeText)
    for (slot, key) in keys.enumerated() { #expect(scan.text(slot) == key) }
  }

  @Test(
    "a key is compared decoded, however it is spelled",
    arguments: [
      #"eventName"#, #"\u0065ventName"#, #"eventNam\u0065"#, #"\u0065\u0076\u0065\u006e\u0074\u004e\u0061\u006D\u0065"#,
    ])
  func escapedKeys(spelling: String) {
    let scan = Scan(
      "{\"x\":0,\"\(spelling)\":\"v\",\"y\":\"0123456789012345678901234567890123456789\"}", trie("eventName"))
    #expect(scan.text(0) == "v")
  }

  @Test("keys beyond ASCII, with slashes, quotes and controls in them") func oddKeys() {
    let keys = ["ключ", "a/b", "q\"uote", "back\\slash", "new\nline", "😀", "zero\u{0}", "é"]
    let spelled = [
      #"ключ"#, #"a\/b"#, #"q\"uote"#, #"back\\slash"#, #"new\nline"#, #"\ud83d\uDE00"#, #"zero\u0000"#, "é",
    ]
    let scan = Scan(
      "{" + spelled.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",") + "}",
      PathTrie(paths: keys.map { ([Array($0.utf8)], true) }))
    for slot in keys.indices { #expect(scan.text(slot) == "\(slot)") }
  }

  @Test("composed and decomposed spellings are different keys") func normalForms() {
    let composed: [UInt8] = [0xC3, 0xA9]
    let scan = Scan("{\"e\u{301}\":1}", PathTrie(paths: [([composed], true)]))
    #expect(scan.slots[0] == .absent)
  }

  @Test("an endless escaped key cannot be wanted") func endlessKey() {
    let scan = Scan("{\"" + String(repeating: "\\u0061", count: 10_000) + "\":1,\"a\":2}", trie("a"))
    #expect(scan.text(0) == "2")
  }

  @Test("a lone surrogate in a key stays what it is") func surrogateKeys() {
    let scan = Scan(
      #"{"\ud800":1,"\udc00":2}"#, PathTrie(paths: [([[0xED, 0xA0, 0x80]], true), ([[0xED, 0xB0, 0x80]], true)]))
    #expect((0..<2).map(scan.text) == ["1", "2"])
  }

  @Test("a path given twice fills both slots") func twice() {
    let scan = Scan(#"{"a":{"b":1}}"#, trie("a.b", "a.b", "a", "a.b"))
    #expect((0..<4).map(scan.text) == ["1", "1", #"{"b":1}"#, "1"])
  }

  @Test("folding case lets the lower-case spelling in, and only that") func folding() {
    let wanted = trie("eventName", "userIdentity.sessionContext.sessionIssuer.arn", foldCase: true)
    let exact = Scan(#"{"eventName":1,"userIdentity":{"sessionContext":{"sessionIssuer":{"arn":2}}}}"#, wanted)
    let lower = Scan(#"{"eventname":1,"useridentity":{"sessioncontext":{"sessionissuer":{"arn":2}}}}"#, wanted)
    let mixed = Scan(#"{"eventname":1,"userIdentity":{"sessioncontext":{"sessionIssuer":{"arn":2}}}}"#, wanted)
    for scan in [exact, lower, mixed] { #expect((0..<2).map(scan.text) == ["1", "2"]) }
    #expect(Scan(#"{"EVENTNAME":1,"EventName":1}"#, wanted).slots[0] == .absent)
    #expect(Scan(#"{"eventname":1}"#, trie("eventName")).slots[0] == .absent)
  }

  @Test("folding case leaves bytes beyond ASCII alone") func foldingASCIIOnly() {
    let wanted = PathTrie(paths: [([Array("ÄA".utf8)], true)], foldCase: true)
    #expect(Scan("{\"Äa\":1}", wanted).text(0) == "1")
    #expect(Scan("{\"äa\":1}", wanted).slots[0] == .absent)
  }

  @Test("an exact spelling wins over a folded one") func foldingExact() {
    let scan = Scan(#"{"id":1,"ID":2}"#, trie("ID", "id", foldCase: true))
    #expect((0..<2).map(scan.text) == ["2", "1"])
  }
}

extension Array {
  fileprivate func shuffled(by seed: UInt64) -> [Element] {
    var numbers = SeededNumbers(state: seed)
    return shuffled(using: &numbers)
  }
}

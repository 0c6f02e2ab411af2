import JSONScanning
import Testing

@Suite struct LimitTests {
  @Test("64 containers may be open, of either shape; 65 may not") func depth() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"\":", "}]")] {
      let width = open.first == "[" && open.count > 1 ? 2 : 1
      let deepest = String(repeating: open, count: 64 / width) + "1" + String(repeating: close, count: 64 / width)
      #expect(Scan(deepest, trie("a.a.a")).isWholeText)
      let deeper = String(repeating: open, count: 64 / width) + "[]" + String(repeating: close, count: 64 / width)
      #expect(Scan(deeper, trie("a.a.a")).outcome == .invalid(.depth, at: open.utf8.count * 64 / width))
    }
  }

  @Test("shapes of all 64 levels are remembered") func shapes() {
    var numbers = SeededNumbers(state: 9)
    for _ in 0..<200 {
      let isObject = (0..<64).map { _ in Bool.random(using: &numbers) }
      let text =
        isObject.map { $0 ? "{\"a\":" : "[" }.joined() + "1" + isObject.reversed().map { $0 ? "}" : "]" }.joined()
      #expect(Scan(text).isWholeText)
      let wrong = Int.random(in: 0..<64, using: &numbers)
      var bytes = Array(text.utf8)
      let place = bytes.count - 1 - wrong
      bytes[place] ^= UInt8(ascii: "}") ^ UInt8(ascii: "]")
      #expect(Scan(bytes).outcome == .invalid(.syntax, at: place))
    }
  }

  @Test("a million brackets take no stack") func depthBomb() {
    #expect(Scan(Array(repeating: UInt8(ascii: "["), count: 1_000_000)).outcome == .invalid(.depth, at: 64))
  }

  @Test("siblings do not add up to depth") func siblings() {
    #expect(Scan("[" + String(repeating: "[[]],", count: 1_000) + "0]").isWholeText)
  }

  @Test("100,000 values, the value itself included, and no more") func nodes() {
    let most = "[" + String(repeating: "0,", count: 99_998) + "0]"
    #expect(Scan(most).isWholeText)
    let more = "[" + String(repeating: "0,", count: 99_999) + "0]"
    #expect(Scan(more).outcome == .invalid(.nodes, at: 1 + 2 * 99_999))
    let wide = "{" + (0..<1_000_000).map { "\"\($0)\":[]" }.joined(separator: ",") + "}"
    guard case .invalid(.nodes, _) = Scan(wide).outcome else {
      Issue.record("a million keys pass")
      return
    }
  }

  @Test("the count starts afresh with each value") func nodesAfresh() {
    var scanner = JSONScanner()
    let most = Array(("[" + String(repeating: "0,", count: 99_998) + "0]").utf8)
    for _ in 0..<3 { #expect(Scan(most, nothingWanted, with: &scanner).outcome == .value(end: most.count)) }
  }

  @Test(
    "numbers of any size are kept as text",
    arguments: ["1e999", String(repeating: "9", count: 400), "-0", "9223372036854775808"])
  func numbers(text: String) {
    let scan = Scan("{\"a\":\(text)}", trie("a"))
    #expect(scan.slots[0].kind == .number)
    #expect(scan.text(0) == text)
  }

  @Test("a number is whole at the end of the buffer only if it stands alone") func numberAtTheEnd() {
    #expect(Scan("12").outcome == .value(end: 2))
    #expect(Scan(" -1.5e3").outcome == .value(end: 7))
    #expect(Scan("[12").outcome == .incomplete)
    #expect(Scan("{\"a\":12").outcome == .incomplete)
  }

  @Test("every rejection has a code of its own") func codes() {
    #expect(Set(ScanRejection.allCases.map(\.code)).count == ScanRejection.allCases.count)
  }
}

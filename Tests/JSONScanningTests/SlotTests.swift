import JSONScanning
import Testing

@Suite struct SlotTests {
  @Test("a slot takes twelve bytes") func size() { #expect(MemoryLayout<FieldSlot>.stride == 12) }

  @Test("every kind of value is found, with its source text") func kinds() {
    let scan = Scan(
      #"{"a":"x","b":"x\ny","c":-1.5e3,"d":true,"e":false,"f":null,"g":{"h":1},"i":[1, 2],"j":"","k":{},"l":[]}"#,
      trie("a", "b", "c", "d", "e", "f", "g", "i", "j", "k", "l", "m"))
    #expect(
      scan.slots.map(\.kind) == [
        .string, .escapedString, .number, .true, .false, .null, .object, .array, .string, .object, .array, .absent,
      ])
    let texts = (0..<12).map(scan.text)
    #expect(texts == ["x", #"x\ny"#, "-1.5e3", "true", "false", "null", #"{"h":1}"#, "[1, 2]", "", "{}", "[]", ""])
    #expect(scan.slots[11] == .absent)
  }

  @Test("nested fields, and the containers around them, are both recorded") func nested() {
    let scan = Scan(#"{"z":{"b":0},"a":{"x":{"b":1},"b":{"c":"deep"}},"b":2}"#, trie("a.b.c", "a.b", "a", "b", ""))
    #expect(
      (0..<5).map(scan.text) == [
        "deep", #"{"c":"deep"}"#, #"{"x":{"b":1},"b":{"c":"deep"}}"#, "2",
        #"{"z":{"b":0},"a":{"x":{"b":1},"b":{"c":"deep"}},"b":2}"#,
      ])
  }

  @Test("a value recorded whole hides what is inside") func opaque() {
    let scan = Scan(#"{"a":{"b":1,"b":2},"c":3}"#, trie("a.b", "c", whole: ["a"]))
    #expect(scan.outcome == .value(end: 25))
    #expect(scan.slots[0] == .absent)
    #expect(scan.text(1) == "3")
    #expect(scan.text(2) == #"{"b":1,"b":2}"#)
  }

  @Test("a value recorded whole is still validated") func opaqueIsValidated() {
    #expect(Scan(#"{"a":{"b":01}}"#, trie(whole: ["a"])).outcome == .invalid(.badNumber, at: 11))
  }

  @Test("no path leads through an array") func arrays() {
    let scan = Scan(#"{"a":[{"b":1},{"b":2}],"c":[["b"],{"c":{"b":4}}],"b":3}"#, trie("a.b", "a", "c.b", "b", "c.c.b"))
    #expect(scan.outcome == .value(end: 55))
    #expect(scan.slots[0] == .absent)
    #expect(scan.text(1) == #"[{"b":1},{"b":2}]"#)
    #expect(scan.slots[2] == .absent)
    #expect(scan.text(3) == "3")
    #expect(scan.slots[4] == .absent)
  }

  @Test("after an inner container, keys belong to the outer object again") func wayBack() {
    let scan = Scan(
      #"{"a":{"q":[[{"a":0}],{}],"c":1},"x":[{"b":9}],"b":2,"c":{"c":3},"d":[]}"#, trie("a.c", "b", "c.c", "d", "a.q"))
    #expect((0..<5).map(scan.text) == ["1", "2", "3", "[]", #"[[{"a":0}],{}]"#])
  }

  @Test("a scalar where a path wants to go deeper leaves its slot empty") func scalarOnTheWay() {
    let scan = Scan(#"{"a":1,"b":"x","c":null}"#, trie("a.b", "b.c", "c.d.e", "c"))
    #expect(scan.slots[0..<3].allSatisfy { $0 == .absent })
    #expect(scan.slots[3].kind == .null)
  }

  @Test("the empty path is the whole value", arguments: ["1", "\"s\"", "[1]", "{}", " null"])
  func root(text: String) {
    let scan = Scan(text, trie(""))
    #expect(scan.slots[0].kind != .absent)
    #expect(scan.text(0) == text.filter { $0 != " " && $0 != "\"" })
  }

  @Test("offsets count from the start of the buffer") func offsets() {
    let bytes = Array(#"{"a":1} {"a":22} {"b":3}"#.utf8)
    var scanner = JSONScanner()
    let a = trie("a")
    #expect(Scan(bytes, a, from: 0, with: &scanner).slots == [FieldSlot(offset: 5, length: 1, kind: .number)])
    let second = Scan(bytes, a, from: 7, with: &scanner)
    #expect(second.outcome == .value(end: 16))
    #expect(second.slots == [FieldSlot(offset: 13, length: 2, kind: .number)])
    #expect(Scan(bytes, a, from: 16, with: &scanner).slots == [.absent])
    #expect(Scan(bytes, a, from: 24, with: &scanner).outcome == .incomplete)
  }

  @Test("one scanner serves many tries") func manyTries() {
    var scanner = JSONScanner()
    let small = trie("a")
    let big = trie("a", "b", "c.d", "c.e", "f.g.h")
    for _ in 0..<3 {
      #expect(Scan(Array(#"{"a":1,"b":2}"#.utf8), small, with: &scanner).outcome == .value(end: 13))
      let scan = Scan(Array(#"{"c":{"d":1,"e":2},"a":3,"b":4,"f":{"g":{"h":5}}}"#.utf8), big, with: &scanner)
      #expect((0..<5).map(scan.text) == ["3", "4", "1", "2", "5"])
    }
  }

  @Test("more slots than the trie needs are cleared too") func spareSlots() {
    var slots = [FieldSlot](repeating: FieldSlot(offset: 1, length: 1, kind: .null), count: 4)
    var scanner = JSONScanner()
    _ = withExactCopy(of: Array("{}".utf8)) { scanner.scan($0, from: 0, trie: trie("a"), slots: &slots) }
    #expect(slots.allSatisfy { $0 == .absent })
  }

  @Test("spans are scanned and decoded like raw buffers") func spans() {
    let bytes = Array(#"{"a":"x\u0079"}"#.utf8)
    var slots = [FieldSlot.absent]
    var scanner = JSONScanner()
    #expect(scanner.scan(bytes.span.bytes, from: 0, trie: trie("a"), slots: &slots) == .value(end: bytes.count))
    var out: [UInt8] = []
    decodeString(bytes.span.bytes, slots[0], into: &out)
    #expect(out == Array("xy".utf8))
  }
}

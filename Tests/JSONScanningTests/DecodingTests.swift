import JSONScanning
import Testing

@Suite struct DecodingTests {
  /// Scans `body` as the only string of an array, and decodes it.
  func decode(_ body: String) -> [UInt8] {
    let bytes = Array("\"\(body)\"".utf8)
    let scan = Scan(bytes, trie(""))
    var out: [UInt8] = [1, 2, 3]
    withExactCopy(of: bytes) { decodeString($0, scan.slots[0], into: &out) }
    return out
  }

  @Test(
    "escapes become what they stand for",
    arguments: [
      ("", ""), ("plain", "plain"), (#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{C}\n\r\t"), (#"\u0041\u00e9\u20AC"#, "Aé€"),
      (#"a\nb\nc"#, "a\nb\nc"),
      (#"\ud83d\ude00"#, "😀"), (#"x\uD834\uDD1Ey"#, "x𝄞y"), (#"\uDBFF\uDFFF"#, "\u{10FFFF}"), ("é\\u00e9日", "éé日"),
      (#"\\u0041"#, #"\u0041"#), (#"\u0000"#, "\u{0}"),
      (#"\uFFFF\u007f\u0080\u07ff\u0800"#, "\u{FFFF}\u{7F}\u{80}\u{7FF}\u{800}"),
    ])
  func escapes(body: String, text: String) { #expect(decode(body) == Array(text.utf8)) }

  @Test("lone surrogates become the three bytes of their code point") func loneSurrogates() {
    #expect(decode(#"\ud800"#) == [0xED, 0xA0, 0x80])
    #expect(decode(#"\uDFFF"#) == [0xED, 0xBF, 0xBF])
    #expect(decode(#"\ude00\ud83d"#) == [0xED, 0xB8, 0x80, 0xED, 0xA0, 0xBD])
    #expect(decode(#"\ud800\ud83d\ude00"#) == [0xED, 0xA0, 0x80] + Array("😀".utf8))
    #expect(decode(#"\ud800\n"#) == [0xED, 0xA0, 0x80, 0x0A])
    #expect(decode(#"\ud800x\udc00"#) == [0xED, 0xA0, 0x80, 0x78, 0xED, 0xB0, 0x80])
  }

  @Test("every code unit, alone, is decoded as the reference encodes it") func everyUnit() {
    for unit in UInt32(0)...0xFFFF {
      let digits = String(unit, radix: 16)
      let body = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      if decode(body) != ReferenceReader.encode(unit) { Issue.record("\(body)") }
    }
  }

  @Test("slots that are no strings give their source text") func otherKinds() {
    let bytes = Array(#"{"n":-1.50,"o":{"a":"\n"}}"#.utf8)
    let scan = Scan(bytes, trie("n", "o", "missing"))
    var out: [UInt8] = [9]
    for (slot, text) in ["-1.50", #"{"a":"\n"}"#, ""].enumerated() {
      withExactCopy(of: bytes) { decodeString($0, scan.slots[slot], into: &out) }
      #expect(out == Array(text.utf8))
    }
  }
}

import Testing

@testable import Evidence

@Suite struct JSONValueTests {
  @Test func keysAreSortedAndTextIsASCII() {
    let value = JSONValue.object([
      "b": .array([.int(-1), .null, .bool(true)]), "a": .text("q\" \\ \u{1b}\n\t\r\0 \u{7f} \u{e9} \u{202e} \u{1f600}"),
      "A": .object([:]),
    ])
    #expect(
      value.string
        == #"{"A":{},"a":"q\" \\ \u001b\n\t\r\u0000 \u007f \u00e9 \u202e \ud83d\ude00","b":[-1,null,true]}"#)
    #expect(value.line.last == 0x0a)
  }

  @Test func whatIsWrittenIsRead() {
    let value = JSONValue.object([
      "a": .array([.text("\u{1f600}\"\\\u{1}"), .int(.max), .int(.min), .null]), "b": .object([:]),
    ])
    #expect(JSONReading.value(value.bytes) == value)
  }

  @Test(arguments: ["", "{", "[1.5]", "nul", "{\"a\":1}x", "\u{0}", String(repeating: "[", count: 100_000)])
  func whatIsNotOursIsNil(text: String) { #expect(JSONReading.value(text) == nil) }
}

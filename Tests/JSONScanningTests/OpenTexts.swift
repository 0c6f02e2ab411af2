import JSONScanning
import Testing

/// A text on which RFC 8259 lets parsers differ, and what Bittern does; `reason` nil: accepted.
struct OpenText: Sendable, CustomTestStringConvertible {
  let name: String
  let bytes: [UInt8]
  let reason: ScanRejection?

  init(_ name: String, _ text: String, _ reason: ScanRejection? = nil) {
    self.init(name, Array(text.utf8), reason)
  }

  init(_ name: String, _ bytes: [UInt8], _ reason: ScanRejection?) {
    self.name = name
    self.bytes = bytes
    self.reason = reason
  }

  var testDescription: String { name }

  static func inString(_ name: String, _ middle: [UInt8], _ reason: ScanRejection) -> OpenText {
    OpenText(name, [0x5B, 0x22] + middle + [0x22, 0x5D], reason)
  }
}

/// The 35 classes that JSONTestSuite calls implementation-defined, in texts of our own.
let openTexts: [OpenText] = [
  // Numbers that no machine type holds are kept as text.
  OpenText("double huge negative exponent", "[123.456e-789]"),
  OpenText(
    "huge exponent",
    "[0.4e00669999999999999999999999999999999999999999999999999999999999999999999999999999969999999006]"),
  OpenText("negative integer exponent overflow", "[-1e+9999]"),
  OpenText("positive double overflow", "[1.5e+9999]"),
  OpenText("negative double overflow", "[-123123e100000]"),
  OpenText("positive integer exponent overflow", "[123123e100000]"),
  OpenText("underflow", "[123e-10000000]"),
  OpenText("integer too big, negative", "[-123123123123123123123123123123]"),
  OpenText("integer too big, positive", "[100000000000000000000]"),
  OpenText("integer far too big, negative", "[-237462374673276894279832749832423479823246327846]"),
  // Escaped lone surrogates are kept.
  OpenText("second of a pair is no surrogate", "[\"\\uD888\\u1234\"]"),
  OpenText("first of a pair alone", "[\"\\uDADA\"]"),
  OpenText("first of a pair twice", "[\"\\uD800\\uD800\\n\"]"),
  OpenText("pair cut short by text", "[\"\\uD800abc\"]"),
  OpenText("pair cut short by an escape", "[\"\\uD800\\n\"]"),
  OpenText("pair the wrong way round", "[\"\\uDd1e\\uD834\"]"),
  OpenText("second of a pair alone", "[\"\\uDFAA\"]"),
  OpenText("first of a pair, low digits", "[\"\\ud800\"]"),
  OpenText("key with a lone surrogate", "{\"\\uDFAA\":0}"),
  // Bytes that are not UTF-8 are not.
  .inString("Latin-1", [0xE9], .badUTF8),
  .inString("invalid byte", [0xFF], .badUTF8),
  .inString("invalid sequence of three", [0xE6, 0x97, 0xA5, 0xD1, 0x88, 0xFA], .badUTF8),
  .inString("lone continuation byte", [0x81], .badUTF8),
  .inString("past the last code point", [0xF4, 0xBF, 0xBF, 0xBF], .badUTF8),
  .inString("overlong, two bytes", [0xC0, 0xAF], .badUTF8),
  .inString("overlong, six bytes", [0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF], .badUTF8),
  .inString("overlong, six zero bits", [0xFC, 0x80, 0x80, 0x80, 0x80, 0x80], .badUTF8),
  .inString("cut sequence", [0xE0, 0xFF], .badUTF8),
  .inString("surrogate in UTF-8", [0xED, 0xA0, 0x80], .badUTF8),
  .inString("not in the range of Unicode", [0xF5, 0x90, 0x80, 0x80], .badUTF8),
  // Other encodings.
  OpenText(
    "UTF-16, little-endian with mark", [0xFF, 0xFE, 0x5B, 0x00, 0x22, 0x00, 0xE9, 0x00, 0x22, 0x00, 0x5D, 0x00], .syntax
  ),
  OpenText(
    "UTF-16, little-endian without mark", [0x5B, 0x00, 0x22, 0x00, 0xE9, 0x00, 0x22, 0x00, 0x5D, 0x00], .syntax),
  OpenText("UTF-16, big-endian without mark", [0x00, 0x5B, 0x00, 0x22, 0x00, 0xE9, 0x00, 0x22, 0x00, 0x5D], .syntax),
  // Structure.
  OpenText("500 nested arrays", String(repeating: "[", count: 500) + String(repeating: "]", count: 500), .depth),
  OpenText("UTF-8 mark before an object", [0xEF, 0xBB, 0xBF, 0x7B, 0x7D], .syntax),
]

/// A whole value, and then something else that is for the caller to judge.
struct TrailingText: Sendable { let text: String; let end: Int }

let trailingTexts = [
  TrailingText(text: "{}}", end: 2), TrailingText(text: "[]]", end: 2), TrailingText(text: "[1]x", end: 3),
  TrailingText(text: "{}{}", end: 2), TrailingText(text: "\"\"\"", end: 2), TrailingText(text: "1 2", end: 1),
  TrailingText(text: "[],", end: 2), TrailingText(text: "{\"a\":\"b\"}/**/", end: 9), TrailingText(text: "1,", end: 1),
  TrailingText(text: "true false", end: 4), TrailingText(text: "\"a\"b", end: 3), TrailingText(text: "[]\u{0}", end: 2),
  TrailingText(text: "{\"a\":true} \"x\"", end: 10), TrailingText(text: "2]", end: 1),
  TrailingText(text: "\n[]\n[", end: 3),
]

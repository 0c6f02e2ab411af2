import JSONScanning
import Testing

/// A text that is not JSON; `reason` nil: it only stops too early.
struct InvalidText: Sendable, CustomTestStringConvertible {
  let bytes: [UInt8]
  let reason: ScanRejection?

  init(_ text: String, _ reason: ScanRejection?) { self.init(Array(text.utf8), reason) }

  init(_ bytes: [UInt8], _ reason: ScanRejection?) {
    self.bytes = bytes
    self.reason = reason
  }

  var testDescription: String { String(decoding: bytes.prefix(40), as: UTF8.self) }
}

let invalidTexts: [InvalidText] =
  syntaxTexts.map { InvalidText($0, .syntax) } + badNumbers.map { InvalidText($0, .badNumber) }
  + badEscapes.map { InvalidText($0, .badEscape) } + controlTexts.map { InvalidText($0, .controlCharacter) }
  + badUTF8Texts.map { InvalidText($0, .badUTF8) } + cutTexts.map { InvalidText($0, nil) }
  + [
    InvalidText(String(repeating: "[", count: 65), .depth),
    InvalidText(String(repeating: "[", count: 100_000), .depth),
    InvalidText(String(repeating: "{\"a\":", count: 65), .depth),
    InvalidText(String(repeating: "[{\"\":", count: 50_000), .depth),
  ]

private let syntaxTexts = [
  // Commas and colons.
  "[1 true]", "[\"\": 1]", "[,1]", "[1,,2]", "[\"x\",,]", "[1,]", "[\"\",]", "[,]", "[1,\n1\n,1,]", "[   , \"\"]",
  "[1,2,]", "{\"a\":1,}", "{\"a\":1,,}", "{,}", "{\"a\",1}", "{\"a\"}", "{\"a\" b}", "{:\"b\"}", "{\"a\"::\"b\"}",
  "{\"a\" \"b\"}",
  "{\"a\":,}", "{\"a\":}", "{\"x\"::1}", "{\"a\":1 \"b\":2}", "{\"a\":\"b\",,\"c\":\"d\"}", "{\"a\":\"a\" 123}",
  "[\"a\" \"b\"]",
  // Keys that are not strings.
  "{1:1}", "{a:\"b\"}", "{'a':0}", "{null:null}", "{9999E9999:1}", "{[:\"x\"}", "{{}:1}", "{[]:1}", "{true:1}", "{ä:1}",
  "{\\u0061:1}",
  // Brackets that do not match.
  "[}", "{]", "[1}", "{\"a\":1]", "[[]}", "]", "}", "[\"a\"}", "{\"a\":[}", "{\"a\":[}]", ",", ":", "[{]", "[\"\"}",
  // Words.
  "nul1", "nUll", "True", "TRUE", "[tru]", "[fals]", "[nul]", "[nan]", "[NaN]", "[Infinity]", "[undefined]", "[truth]",
  "truest",
  "nullx", "false0", "true\"", "true[", "[true1]", "[True]", "[\u{FF11}]", "*", "'", "['single quote']", "[a\n]", "[*]",
  "<null>", "[<null>]",
  "<.>", "å", "[é]", "\\n", "[\\n]", "[\\u000A\"\"]", "\\u0041", "[\"\"\\u0061]", "a", "abc", "/", "/**/[]", "#", "#{}",
  "{/**/}",
  "{\"a\":/*c*/1}", "{\"a\":\"b\"/**/}", "[\"a\",\"b\"//\n]", "(1)", "=", "@", "~",
  // White space that JSON does not know.
  "\u{C}[]", "[\u{C}]", "[\u{B}1]", "\u{A0}[]", "[\u{2060}]", "\u{FEFF}{}", "[\u{0}]", "{\u{0}}", "\u{0}", "\u{85}1",
  "{\"a\"\u{A0}:1}",
  "[1,\u{2028}2]", "\u{7F}", "\u{1}",
]

private let badNumbers = [
  "[01]", "[-01]", "[00]", "[-00]", "01", "-012", "00", "[+1]", "[++1234]", "+1", "[.5]", ".5", "[.-1]", "[.2e-3]",
  "[-.5]", "[-.123]",
  "[1.]", "[2.e3]", "[2.e+3]", "[2.e-3]", "[0.e1]", "[-2.]", "[0.3e]", "[0.3e+]", "[0e]", "[0e+]", "[0E]", "[0E+]",
  "[1.0e]", "[1.0e-]", "[1.0e+]",
  "[1e]", "[1e+]", "[1eE2]", "[9.e+]", "[1+2]", "[1-2]", "[1a]", "[1ea]", "[-a]", "[--1]", "[- 1]", "[-]", "[-foo]",
  "[-Infinity]", "[-NaN]", "[0x1]",
  "[0x42]", "[1.2a-3]", "[1.8011670033376514H-308]", "[-123.123foo]", "[1__0]", "[1_000]", "[1'000]", "[0.1.2]",
  "[-1x]",
  "[1\"\"]", "123abc", "1.5.5", "[1[]]", "[1{}]", "1[", "[3[4]]", "[1:2]", "[1/**/]", "[1\u{FEFF}]", "[1e1.5]",
  "[1e1e1]", "[1\u{E5}]", "[0\u{FF11}]", "[-\u{661}]", "[1.\u{661}]", "1e+x",
]

private let badEscapes = [
  "[\"\\x00\"]", "[\"\\a\"]", "[\"\\v\"]", "[\"\\0\"]", "[\"\\'\"]", "[\"\\U0041\"]", "[\"\\\t\"]", "[\"\\\n\"]",
  "[\"\\é\"]", "[\"\\\u{0}\"]", "[\"\\🌀\"]",
  "[\"\\u\"]", "[\"\\u1\"]", "[\"\\u12\"]", "[\"\\u123\"]", "[\"\\u00A\"]", "[\"\\uqqqq\"]", "[\"\\u12g4\"]",
  "[\"\\u-123\"]", "[\"\\u 123\"]",
  "[\"\\u00\u{FF11}0\"]", "[\"\\uD800\\u\"]", "[\"\\uD800\\u1\"]", "[\"\\uD834\\uDd\"]", "[\"\\u{41}\"]",
  "[\"\\\u{7F}\"]", "{\"\\x\":1}",
  "{\"\\u00zz\":1}", "\"\\ \"",
  "\"0123456789012345678901234567890123456789\\x0123456789012345678901234567890123456789\"",
]

private let controlTexts = [
  "[\"a\u{0}a\"]", "[\"\u{0}\"]", "[\"\t\"]", "[\"new\nline\"]", "\"\r\"", "\"\u{1F}\"", "{\"a\nb\":1}", "{\"\t\":1}",
  "[\"\u{8}\"]", "[\"a\",\n\"b\n\"]",
  "\"0123456789012345678901234567890\n\"",
  "\"0123456789012345678901234567890123456789\u{1}0123456789012345678901234567890123456789\"",
  "[\"a\n", "\"é\u{2}\"", "\"\\n\n\"",
]

private let badUTF8Texts: [[UInt8]] = [
  [0x80], [0xBF], [0xC0, 0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xC2], [0xC3, 0x28], [0xE0, 0x80, 0x80],
  [0xE0, 0x9F, 0xBF], [0xE2, 0x28, 0xA1],
  [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], [0xF0, 0x80, 0x80, 0x80],
  [0xF0, 0x8F, 0xBF, 0xBF],
  [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
  [0xFC, 0x83, 0xBF, 0xBF, 0xBF, 0xBF], [0xFE],
  [0xFF], [0x61, 0xE9], [0xC3, 0xA9, 0xE9], [0x5C, 0x6E, 0xE9], Array(repeating: 0x61, count: 40) + [0xE9],
].flatMap { (middle: [UInt8]) -> [[UInt8]] in
  [[0x5B, 0x22] + middle + [0x22, 0x5D], [0x7B, 0x22] + middle + [0x22, 0x3A, 0x31, 0x7D]]
}

private let cutTexts = [
  "", " ", "\n\t", "[", "{", "[[", "[1", "[1,", "[1 ", "[\"a", "[\"a\"", "[\"\\", "[\"\\u", "[\"\\u00", "[\"\\uD800\\u",
  "[tru", "[fals", "[nul", "t", "f", "n",
  "tru", "-", "1.", "1e", "1e+", "[-", "[1.", "[1e", "[true", "[1.5", "{\"", "{\"a", "{\"a\"", "{\"a\":", "{\"a\":1",
  "{\"a\":1,", "{\"a\":1,\"b", "{\"a\":{\"b\":[",
  "\"", "\"asd", "\"0123456789012345678901234567890", "\"01234567890123456789012345678901", "[{\"a\":[{", "[[[[[[",
  "{\"a\":\"b\" ", "[1,2,3", "[\"\\uD800\\\"]", "[\"é", "[\"\\\\\\\"",
]

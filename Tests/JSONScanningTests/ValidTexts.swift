/// Texts that RFC 8259 allows, one per thing that could go wrong.
let validTexts: [[UInt8]] =
  [
    // Bare scalars.
    "0", "-0", "1", "-1", "42", " 42 ", "\"\"", "\"a\"", "true", "false", "null", "\ttrue\n", "\r\n null",
    // Arrays and objects.
    "[]", "[ ]", "[[]]", "[[],[]]", "[1]", "[1,2]", "[1 , 2]", " [ ] ", "[[[[[[]]]]]]", "[\"\"]", "[null]",
    "[null, 1, \"1\", {}]", "[1,null,null,null,2]", "[false]", "[true]", "[ \"a\"\n]", "[2] ",
    "\u{9}[\u{D}\u{A}]\u{20}",
    "{}", "{ }", "{\"\":0}", "{\"a\":[]}", "{\"a\":\"b\"}", "{ \"a\" : \"b\" , \"c\" : \"d\" }", "{\"a\":{}}",
    "{\"a\":{\"b\":{\"c\":{}}}}", "{\"a\":1,\"a\":1}", "{\"a\":1,\"a\":2}", "{\n\"a\": \"b\"\n}", "{\"a\\u0000b\":42}",
    "{\"min\":-1.0e+28,\"max\":1.0e+28}", "{\"title\":\"\\u041f\\u043e\\u043b\"}", "{\"a\":[{\"b\":[{}]},[]]}",
    // Numbers.
    "[0e+1]", "[0e1]", "[-0]", "[123]", "[123e65]", "[1E22]", "[1E-2]", "[1E+2]", "[1e-2]", "[1e+2]", "[123.456e78]",
    "[123.456789]", "[20e1]", "[-123]", "[-1]", "[1.5]", "[0.000000000000000000000000000000000000000001]", "[10]",
    "[100000000000000000000000000000000000000000000000000000000000000]", "0.1", "-0.0E-0",
    // Strings.
    "[\"\\u0060\\u012a\\u12AB\"]", "[\"\\uD801\\udc37\"]", "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
    "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\\u0000\"]", "[\"\\\"\"]", "[\"a/*b*/c/*d//e\"]", "[\"\\\\a\"]",
    "[\"\\\\n\"]",
    "[\"\\u0012\"]", "[\"\\uFFFF\"]", "[\"\\u0000\"]", "[\"\\u002c\"]", "[\"\\u0022\"]", "[\"\\u005C\"]",
    "[\"\\uDBFF\\uDFFE\"]",
    "[\"\\u200B\"]", "[\"\\uFDD0\"]", "[\"asd\"]", "\" \"", "[\"\u{7F}\"]", "[\"a\u{7F}a\"]", "[\"new\\u000Aline\"]",
    // Text beyond ASCII: the ends of every length of UTF-8, noncharacters, separators.
    "[\"\u{80}\u{7FF}\u{800}\u{FFFF}\u{10000}\u{10FFFF}\"]", "[\"\u{D7FF}\u{E000}\"]", "[\"\u{2028}\u{2029}\"]",
    "[\"\u{FEFF}\"]", "[\"π\"]", "[\"€𝄞\"]", "[\"ア\"]", "{\"ключ\":\"значение\"}", "[\"\u{1BFFF}\"]", "[\"\u{FFFF}\"]",
    "[\"aa\u{301}\u{C5}ngström\"]", "\"日本語\\n日本語\"",
    // Around the width of a block: 15, 16, 17, 31, 32, 33, 63, 64 and 65 bytes of string.
    "\"" + String(repeating: "x", count: 15) + "\"", "\"" + String(repeating: "x", count: 16) + "\"",
    "\"" + String(repeating: "x", count: 17) + "\"", "[\"" + String(repeating: "x", count: 31) + "\",1]",
    "[\"" + String(repeating: "x", count: 32) + "\",\"" + String(repeating: "y", count: 40) + "\"]",
    "[\"" + String(repeating: "x", count: 33) + "\\\\\",\"" + String(repeating: "y", count: 40) + "\"]",
    "[\"" + String(repeating: "x", count: 63) + "é\",\"" + String(repeating: "y", count: 40) + "\"]",
    "{\"" + String(repeating: "k", count: 64) + "\":\"" + String(repeating: "\\\"", count: 65) + "\"}",
    "{\"" + String(repeating: "k", count: 65) + "\":\"" + String(repeating: "é", count: 65) + "\"}",
    // The deepest that is let through.
    String(repeating: "[", count: 64) + String(repeating: "]", count: 64),
    String(repeating: "{\"a\":", count: 63) + "{}" + String(repeating: "}", count: 63),
    richRecord,
  ].map { Array($0.utf8) }

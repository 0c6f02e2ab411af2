import JSONScanning
import Testing

@Suite struct GrammarTests {
  @Test("valid texts are accepted", arguments: validTexts)
  func accepts(text: [UInt8]) {
    #expect(Scan(text).isWholeText)
    #expect(Scan(text, PathTrie(paths: richPaths)).isWholeText)
    guard case .value(let end) = ReferenceReader.read(text, []).0 else {
      Issue.record("the reference disagrees")
      return
    }
    #expect(Scan(text).outcome == .value(end: end))
  }

  @Test("invalid texts are rejected, for the right reason", arguments: invalidTexts)
  func rejects(text: InvalidText) {
    let scan = Scan(text.bytes)
    #expect(!scan.isWholeText)
    if let reason = text.reason {
      guard case .invalid(let found, let at) = scan.outcome else {
        Issue.record("not rejected: \(scan.outcome)")
        return
      }
      #expect(found == reason)
      // `at` is the first byte that is wrong: what comes before it could still become valid.
      #expect(at < text.bytes.count)
      if case .invalid = Scan(Array(text.bytes[..<at])).outcome { Issue.record("wrong before \(at)") }
    } else {
      #expect(scan.outcome == .incomplete)
    }
    let verdict = ReferenceReader.read(text.bytes, []).0
    #expect(verdict == (text.reason == nil ? .incomplete : .invalid))
  }

  @Test("a valid value with rubbish behind it ends where it ends", arguments: trailingTexts)
  func stops(text: TrailingText) {
    #expect(Scan(text.text).outcome == .value(end: text.end))
    #expect(!Scan(text.text).isWholeText)
  }

  @Test("what RFC 8259 leaves open is pinned", arguments: openTexts)
  func pins(text: OpenText) {
    switch text.reason {
    case nil: #expect(Scan(text.bytes).isWholeText, "\(text.name)")
    case let reason?:
      guard case .invalid(let found, _) = Scan(text.bytes).outcome else {
        Issue.record("\(text.name) is not rejected")
        return
      }
      #expect(found == reason, "\(text.name)")
    }
  }

  @Test("the tables are as big as they claim") func sizes() {
    #expect(validTexts.count >= 60)
    #expect(invalidTexts.count >= 120)
    #expect(openTexts.count >= 35)
  }

  @Test("every pair and triple of bytes from JSON's alphabet is judged as the reference judges it")
  func alphabet() {
    let letters = Array("{}[]:,\"\\ \n01-+.eEutrn/a".utf8) + [0x00, 0x1F, 0x7F, 0x80, 0xC3, 0xED, 0xFF]
    for first in letters {
      for second in letters {
        for third in letters { expectAgreement([first, second, third]) }
      }
    }
  }

  @Test(
    "every byte after every kind of start is judged as the reference judges it",
    arguments: [
      "", "[", "{", "[1", "[1,", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "\"", "\"\\", "\"\\u", "\"\\u00",
      "-", "0", "1", "1.", "1.0", "1e", "1e+", "1e1", "tru", "fals", "nul", "[]", " ", "[tru", "[true",
    ])
  func nextByte(start: String) {
    for byte in UInt8.min...UInt8.max {
      expectAgreement(Array(start.utf8) + [byte])
      expectAgreement(Array(start.utf8) + [byte] + Array("0\"}]".utf8))
    }
  }

  @Test("every two-byte sequence of UTF-8, and every edge of longer ones") func utf8() {
    for first in UInt8(0x80)...UInt8.max {
      for second in UInt8.min...UInt8.max where second != 0x22 {
        expectAgreement([0x22, first, second, 0x22])
        let tails: [[UInt8]] = [
          [], [0x80], [0xBF], [0x7F], [0xC0], [0x80, 0x80], [0xBF, 0xBF], [0x80, 0x7F], [0x80, 0xC0],
        ]
        guard [0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0].contains(second) else { continue }
        for tail in tails {
          expectAgreement([0x22, first, second] + tail + [0x22])
          expectAgreement([0x22, first, second] + tail)
        }
      }
      expectAgreement([0x22, first])
    }
  }
}

/// Compares outcome and slots with the reference.
func expectAgreement(
  _ bytes: [UInt8], _ paths: [(keys: [[UInt8]], descend: Bool)] = [], _ compiled: PathTrie = nothingWanted
) {
  let scan = Scan(bytes, compiled)
  let (verdict, slots) = ReferenceReader.read(bytes, paths)
  switch (scan.outcome, verdict) {
  case (.value(let end), .value(let expected)):
    if end != expected || scan.slots != slots { Issue.record("other slots or end: \(bytes)") }
  case (.incomplete, .incomplete), (.invalid, .invalid): break
  default: Issue.record("\(scan.outcome), but the reference says \(verdict): \(bytes)")
  }
}

import JSONScanning
import Testing

@Suite struct CutAndMutationTests {
  let bytes = Array(richRecord.utf8)
  let trie = PathTrie(paths: richPaths)

  @Test("the rich record is read as the reference reads it") func whole() {
    #expect(Scan(bytes, trie).outcome == .value(end: bytes.count))
    expectAgreement(bytes, richPaths, trie)
  }

  @Test("every cut is incomplete, and nothing past it is read") func cuts() {
    for end in 0..<bytes.count {
      #expect(Scan(Array(bytes[..<end]), trie).outcome == .incomplete, "cut at \(end)")
    }
  }

  @Test("every cut of a document inside other bytes agrees with the reference") func cutsOfMutants() {
    var numbers = SeededNumbers(state: 3)
    for _ in 0..<40 {
      let mutant = mutate(bytes, &numbers)
      for end in stride(from: 0, to: mutant.count, by: 7) { expectAgreement(Array(mutant[..<end]), richPaths, trie) }
    }
  }

  @Test("where the record starts does not matter") func starts() {
    for start in 0..<70 {
      let moved = Array(repeating: UInt8(ascii: "\\"), count: start) + bytes
      let scan = Scan(moved, trie, from: start)
      #expect(scan.outcome == .value(end: moved.count))
      let unmoved = Scan(bytes, trie)
      #expect(scan.slots.map(\.kind) == unmoved.slots.map(\.kind))
      #expect((0..<trie.slotCount).allSatisfy { scan.text($0) == unmoved.text($0) })
    }
  }

  @Test("a string, and an escape, at every distance from the end of the buffer") func tails() {
    for length in 0..<100 {
      for middle in ["", "\\n", "é", "日本 語é", "😀a", "\\ud83d\\ude00", "\u{1}", "\\x"] {
        let text = "[\"" + String(repeating: "a", count: length) + middle + "\"]"
        for end in 0...text.utf8.count { expectAgreement(Array(text.utf8.prefix(end))) }
      }
    }
  }

  @Test("random mutants never trap and are judged as the reference judges them", arguments: 1...8)
  func mutants(seed: UInt64) {
    var numbers = SeededNumbers(state: seed)
    for _ in 0..<4_000 {
      var mutant = bytes
      for _ in 0..<Int.random(in: 1...3, using: &numbers) { mutant = mutate(mutant, &numbers) }
      expectAgreement(mutant, richPaths, trie)
    }
  }

  @Test("random texts from JSON's alphabet", arguments: 1...4)
  func soup(seed: UInt64) {
    let words = [
      "{", "}", "[", "]", ",", ":", "\"a\"", "\"eventName\"", "\"userIdentity\"", "\"arn\"", "1", "-", "true", "null",
      " ", "\"\\u0061rn\"", "{}", "[]", "\"\":",
    ]
    var numbers = SeededNumbers(state: seed)
    for _ in 0..<20_000 {
      let text = (0..<Int.random(in: 1...12, using: &numbers)).map { _ in words.randomElement(using: &numbers)! }
        .joined()
      expectAgreement(Array(text.utf8), richPaths, trie)
    }
  }

  private func mutate(_ bytes: [UInt8], _ numbers: inout SeededNumbers) -> [UInt8] {
    var out = bytes
    guard !out.isEmpty else { return out }
    let place = Int.random(in: 0..<out.count, using: &numbers)
    let telling = Array("{}[]:,\"\\ 01-+.eu\n\u{0}".utf8) + [0x80, 0xC3, 0xED, 0xF4, 0xFF]
    switch Int.random(in: 0..<7, using: &numbers) {
    case 0: out[place] = UInt8.random(in: 0...255, using: &numbers)
    case 1: out[place] = telling.randomElement(using: &numbers)!
    case 2: out.insert(telling.randomElement(using: &numbers)!, at: place)
    case 3: out.remove(at: place)
    case 4: out.removeSubrange(place..<min(out.count, place + Int.random(in: 1...30, using: &numbers)))
    case 5:
      let end = min(out.count, place + Int.random(in: 1...60, using: &numbers))
      out.insert(contentsOf: out[place..<end], at: Int.random(in: 0...out.count, using: &numbers))
    default: out.removeLast(Int.random(in: 0..<out.count, using: &numbers))
    }
    return out
  }
}

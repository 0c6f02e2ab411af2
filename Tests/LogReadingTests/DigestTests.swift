import EventModel
import LogReading
import Testing

@Suite struct DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func standardVectors(_ text: String, _ expected: String) {
    #expect(Digest.of([UInt8](text.utf8)).hexadecimal == expected)
  }

  @Test func aMillionLetters() {
    let digest = Digest.of([UInt8](repeating: 0x61, count: 1_000_000))
    #expect(digest.hexadecimal == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    #expect(Digest(bytes: digest.bytes) == digest)
  }

  @Test func piecesGiveTheSameAsTheWhole() {
    var random = SeededRandom(seed: 7)
    let bytes = (0..<1000).map { _ in UInt8.random(in: 0...255, using: &random) }
    for _ in 0..<50 {
      var builder = DigestBuilder()
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Int.random(in: 0...min(rest.count, 150), using: &random)
        builder.update([UInt8](rest.prefix(count)).span)
        rest = rest.dropFirst(count)
      }
      #expect(builder.finish() == Digest.of(bytes))
    }
  }
}

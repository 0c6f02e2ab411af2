import LogReading
import Testing

/// The framer's answers depend on the bytes alone: not on how they are cut, nor on restarts.
@Suite struct FramerPropertyTests {
  /// Fragments that make logs of all shapes, whole and broken.
  static let fragments = [
    "{\"a\":1}", "{\"Records\":[", "{\"b\":\"x\\\"}{\"}", ",", "]}", "]", "}", "{", "[", "\n", "\n", "\r\n", " ", "\0",
    "\0\0\0",
    "{\"c\":{\"d\":[1,2,{\"e\":\"f\"}]}}", "\"", "\\", "text here", "{\"k\":\"v\",\"value\":[", "{\n  \"p\": 1\n}",
    "\u{FEFF}",
    "{\"long\":\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\"}",
    "[{\"z\":1},{\"z\":2}]", "{\"events\":[]}", "null", ":",
    "{\"actor\":1,\"events\":[", "{\"x\":{},\"actor\":{},\"events\":[{\"n\":1}]}",
  ].map { [UInt8]($0.utf8) }

  static func log(_ random: inout SeededRandom) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 1...40, using: &random) { bytes += fragments.randomElement(using: &random)! }
    return bytes
  }

  @Test(arguments: 0..<40)
  func anyCutGivesTheSame(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    for _ in 0..<100 {
      let bytes = Self.log(&random)
      let whole = frame(bytes, maxRecord: 90)
      #expect(whole.counts.accountedBytes == UInt64(bytes.count))
      #expect(whole.pending == 0)
      let pieces = (0..<bytes.count).map { _ in Int.random(in: 1...9, using: &random) }
      let text = String(decoding: bytes, as: UTF8.self)
      let difference = frame(bytes, pieces: pieces, maxRecord: 90).difference(from: whole)
      #expect(difference == nil, "\(text.debugDescription)")
      let single = [Int](repeating: 1, count: bytes.count)
      let other = frame(bytes, pieces: single, maxRecord: 90).difference(from: whole)
      #expect(other == nil, "\(text.debugDescription)")
    }
  }

  @Test(arguments: 0..<40)
  func anyRestartGivesTheSame(_ seed: Int) {
    var random = SeededRandom(seed: UInt64(1000 + seed))
    for _ in 0..<100 {
      let bytes = Self.log(&random)
      let whole = frame(bytes, maxRecord: 90)
      let pieces = (0..<bytes.count).map { _ in Int.random(in: 1...9, using: &random) }
      let text = String(decoding: bytes, as: UTF8.self)
      let difference = frame(bytes, pieces: pieces, restarting: true, maxRecord: 90).difference(from: whole)
      #expect(difference == nil, "\(text.debugDescription)")
    }
  }

  @Test func structureIsTheSameAsByteByByte() {
    var random = SeededRandom(seed: 5)
    let letters = [UInt8]("{}[]\"\\ab,:".utf8)
    for _ in 0..<3000 {
      let inner = (0..<Int.random(in: 0...200, using: &random)).map { _ in letters.randomElement(using: &random)! }
      let bytes = [UInt8]("[{\"q\":1},".utf8) + inner
      #expect(frame(bytes).counts.accountedBytes == UInt64(bytes.count))
    }
  }
}

import CZlib
import LogReading
import Testing

@Suite struct GzipStreamTests {
  let directory = TemporaryDirectory()
  /// Lines that do not repeat, so that a member of about 2 KiB holds many.
  static let lines: String = {
    var random = SeededRandom(seed: 3)
    return (0..<140).map { "{\"n\":\($0),\"id\":\"\(UInt64.random(in: 0...UInt64.max, using: &random))\"}\n" }.joined()
  }()

  private func read(_ bytes: [UInt8], limit: Int = 1 << 16, limits: StreamLimits = StreamLimits()) -> (
    bytes: [UInt8], integrity: StreamIntegrity, failure: ReadFailure?
  ) {
    directory.write(bytes, to: "f.gz")
    return readAll(directory.file("f.gz"), limit: limit, limits: limits)
  }

  @Test func plainAndGzipByMagic() {
    directory.write(Self.lines, to: "plain.gz")
    directory.write(gzip(Self.lines), to: "packed")
    let plain = readAll(directory.file("plain.gz"))
    let packed = readAll(directory.file("packed"))
    #expect(plain.bytes == [UInt8](Self.lines.utf8) && packed.bytes == plain.bytes)
    #expect(plain.integrity.suffixMismatch && packed.integrity.suffixMismatch)
    #expect(packed.integrity.state == .complete && packed.integrity.members == 1 && packed.integrity.isSingleObject)
  }

  @Test func manyMembersAlsoEmptyOnesAndSmallBuffers() {
    let text = [UInt8](Self.lines.utf8)
    let parts = [text[..<100], text[100..<100], text[100..<2000], text[2000...]].map { gzip([UInt8]($0)) }
    for limit in [1, 7, 1000, 1 << 20] {
      let result = read(parts.flatMap { $0 }, limit: limit)
      #expect(result.bytes == text)
      #expect(result.integrity.members == 4 && result.integrity.state == .complete && !result.integrity.isSingleObject)
    }
  }

  @Test func headerExtras() {
    let result = read(gzipWithExtras(Self.lines) + gzipWithExtras(Self.lines, nameLength: 64 << 10))
    #expect(result.bytes == [UInt8]((Self.lines + Self.lines).utf8))
    #expect(read(gzipWithExtras(Self.lines, flags: 0x20)).integrity.state == .corrupt)
    #expect(read(gzipWithExtras(Self.lines, crcDelta: 1)).integrity.state == .corrupt)
  }

  @Test func trailingBytes() {
    let zeros = read(gzip(Self.lines) + [UInt8](repeating: 0, count: 700))
    #expect(zeros.integrity.trailingZeros == 700 && zeros.integrity.trailingGarbage == 0 && zeros.integrity.isSound)
    let junk = read(gzip(Self.lines) + [0, 0] + [UInt8]("{\"forged\":1}\n".utf8))
    #expect(junk.integrity.trailingZeros == 2 && junk.integrity.trailingGarbage == 13 && !junk.integrity.isSound)
    #expect(junk.bytes == [UInt8](Self.lines.utf8))
  }

  @Test func everyCutDeliversWhatIsBeforeIt() {
    let whole = [UInt8](Self.lines.utf8)
    let packed = gzip(Self.lines)
    #expect(packed.count > 1900)
    var longest = 0
    for cut in 0..<packed.count {
      let result = read([UInt8](packed[..<cut]))
      #expect(result.failure == nil && whole.starts(with: result.bytes))
      if cut > 0 { #expect(result.integrity.state == .truncated, "cut at \(cut)") }
      #expect(result.bytes.count >= longest)
      longest = max(longest, result.bytes.count)
    }
    #expect(longest == whole.count)
  }

  /// The large limit lets libdeflate try first, the small one leaves all to zlib.
  @Test(arguments: [1 << 16, 1000])
  func everyBitFlipIsNoticedOrHarmless(limit: Int) {
    let whole = [UInt8](Self.lines.utf8)
    var packed = gzip(Self.lines)
    for bit in 0..<(packed.count * 8) {
      packed[bit / 8] ^= 1 << UInt8(bit % 8)
      let result = read(packed, limit: limit)
      let isNoticed = !result.integrity.isSound || result.integrity.isGzip == false || result.failure != nil
      #expect(isNoticed || result.bytes == whole, "bit \(bit)")
      packed[bit / 8] ^= 1 << UInt8(bit % 8)
    }
  }

  @Test func aFailedChecksumDoesNotEndTheFile() {
    var first = gzip("first\n")
    first[first.count - 6] ^= 1
    var second = gzip("second\n")
    second[second.count - 2] ^= 1
    let result = read(first + second + gzip("third\n"))
    #expect(result.bytes == [UInt8]("first\nsecond\nthird\n".utf8))
    #expect(result.integrity.crcFailures == 2 && result.integrity.members == 3)
    #expect(result.integrity.damaged == [0..<6, 6..<13])
  }

  @Test func bombs() {
    let zeros = gzip([UInt8](repeating: 0x20, count: 64 << 20))
    let bomb = read(zeros, limit: 1 << 16)
    #expect(bomb.integrity.state == .bomb)
    #expect(bomb.bytes.count < 17 << 20)
    var limits = StreamLimits()
    limits.maxDecompressed = 1000
    #expect(read(gzip(Self.lines), limit: 500, limits: limits).integrity.state == .bomb)
    // The same ratio is no bomb while it is small.
    #expect(read(gzip([UInt8](repeating: 0x20, count: 1 << 20))).integrity.state == .complete)
  }

  @Test func aGrowingStreamGivesWhatWasFlushed() {
    let writer = GzipWriter()
    directory.write(writer.sync("{\"a\":1}\n"), to: "g.gz")
    guard case .success(var stream) = ByteStream.open(directory.file("g.gz"), expecting: .growing) else {
      Issue.record("not opened")
      return
    }
    var bytes: [UInt8] = []
    #expect(stream.read(into: &bytes, limit: 100) == .bytes(8))
    #expect(stream.read(into: &bytes, limit: 100) == .endOfInput)
    #expect(stream.integrity.state == .growing)
    directory.append(writer.sync("{\"b\":2}\n"), to: "g.gz")
    #expect(stream.read(into: &bytes, limit: 100) == .bytes(8))
    directory.append(writer.finish(), to: "g.gz")
    #expect(stream.read(into: &bytes, limit: 100) == .endOfInput)
    #expect(stream.integrity.state == .complete)
    directory.append(gzip("{\"c\":3}\n"), to: "g.gz")
    #expect(stream.read(into: &bytes, limit: 100) == .bytes(8))
    #expect(stream.position(for: 16).member.index == 1)
    #expect(String(decoding: bytes, as: UTF8.self) == "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n")
  }

  @Test func skippingToAnyOffset() {
    let text = [UInt8](Self.lines.utf8)
    let packed = gzip([UInt8](text[..<1500])) + gzip([UInt8](text[1500...]))
    directory.write(packed, to: "s.gz")
    directory.write(text, to: "s")
    guard case .success(var whole) = ByteStream.open(directory.file("s.gz")) else { return }
    var all: [UInt8] = []
    while case .bytes = whole.read(into: &all, limit: 999) {}
    for offset in stride(from: 0, through: text.count, by: 97) {
      for name in ["s.gz", "s"] {
        guard case .success(var stream) = ByteStream.open(directory.file(name)) else { return }
        let place =
          name == "s" ? StreamPosition(decompressedOffset: UInt64(offset)) : whole.position(for: UInt64(offset))
        #expect(stream.skip(to: place) == .bytes(0))
        var rest: [UInt8] = []
        while case .bytes = stream.read(into: &rest, limit: 1 << 16) {}
        #expect(rest == [UInt8](text[offset...]))
      }
    }
  }

  @Test func otherContainersAreNamed() {
    directory.write([0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0], to: "a.zst")
    directory.write([UInt8]("BZh91AY&SY".utf8), to: "a.bz2")
    directory.write([UInt8]("PK\u{3}\u{4}xxxx".utf8), to: "a.zip")
    directory.write([UInt8]("PAR1xxxx".utf8), to: "a.parquet")
    directory.write("{\"a\":1}\n", to: "b.zip")
    #expect(readAll(directory.file("a.zst")).failure == .unsupportedCompression(.zstd))
    #expect(readAll(directory.file("a.bz2")).failure == .unsupportedCompression(.bzip2))
    let listing = InputListing([directory.path])
    #expect(listing.files.map { $0.path.name.map { $0 } } == [[UInt8]("b.zip".utf8)])
    #expect(listing.skipped.count == 4)
  }
}

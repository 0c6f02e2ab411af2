import CZlib
import LogReading
import Testing

/// The G cases that concern following.
@Suite struct FollowerGzipTests {
  let directory = TemporaryDirectory()

  private func expectOnce(_ tail: Tail, _ range: Range<Int>) {
    #expect(tail.records.sorted() == range.map { line($0) }.sorted())
  }

  @Test func rotatedAndCompressed() {
    let tail = Tail(directory)
    directory.write(lines(0..<60), to: "a.log")
    tail.step()
    directory.append(lines(60..<65), to: "a.log")
    directory.write(gzip(directory.read("a.log")), to: "a.log.1.gz")
    directory.remove("a.log")
    directory.write(lines(65..<70), to: "a.log")
    tail.step()
    tail.step()
    expectOnce(tail, 0..<70)
    #expect(tail.gaps.isEmpty)
  }

  @Test func rotatedAndCompressedWhileDown() {
    let tail = Tail(directory)
    directory.write(lines(0..<60), to: "a.log")
    tail.step()
    tail.kill()
    directory.append(lines(60..<65), to: "a.log")
    directory.write(gzip(directory.read("a.log")), to: "a.log.1.gz")
    directory.remove("a.log")
    directory.write(lines(65..<70), to: "a.log")
    tail.step()
    tail.step()
    expectOnce(tail, 0..<70)
    #expect(tail.gaps.isEmpty)
  }

  @Test func plainAndGzipSideBySide() {
    let tail = Tail(directory)
    directory.write(lines(0..<60), to: "a.log.1")
    tail.step()
    let packed = gzip(directory.read("a.log.1"))
    for cut in [10, 20, packed.count / 2, packed.count] {
      directory.write([UInt8](packed[..<cut]), to: "a.log.1.gz", flags: 0o1 | 0o100)
      tail.step()
    }
    tail.step()
    directory.remove("a.log.1")
    tail.step()
    tail.step()
    expectOnce(tail, 0..<60)
    #expect(tail.gaps.isEmpty)
  }

  @Test func membersAppendedLive() {
    let tail = Tail(directory)
    directory.write(gzip(lines(0..<5)), to: "a.gz")
    tail.step()
    #expect(tail.source("a.gz")?.state == .complete)
    directory.append(gzip(lines(5..<9)), to: "a.gz")
    tail.step()
    tail.kill()
    directory.append(gzip(lines(9..<12)), to: "a.gz")
    tail.step()
    expectOnce(tail, 0..<12)
  }

  @Test func aLineOverTwoMembers() {
    let tail = Tail(directory)
    let text = lines(0..<2)
    directory.write(gzip(String(text.prefix(100))), to: "a.gz")
    tail.step()
    directory.append(gzip(String(text.dropFirst(100))), to: "a.gz")
    tail.step()
    expectOnce(tail, 0..<2)
  }

  @Test(arguments: [false, true])
  func syncFlushedStream(restarts: Bool) {
    let tail = Tail(directory)
    let writer = GzipWriter()
    for turn in 0..<10 {
      directory.append(writer.sync(lines(turn * 3..<turn * 3 + 3)), to: "a.gz")
      tail.step()
      #expect(tail.records.count == turn * 3 + 3)
      if restarts { tail.kill() }
    }
    #expect(tail.source("a.gz")?.state == .active)
    directory.append(writer.finish(), to: "a.gz")
    tail.step()
    expectOnce(tail, 0..<30)
    #expect(tail.source("a.gz")?.state == .complete)
  }

  @Test func aCutObjectIsReplacedByTheWhole() {
    let tail = Tail(directory)
    let whole = gzip([UInt8](lines(0..<300).utf8))
    directory.write([UInt8](whole[..<(whole.count * 2 / 3)]), to: "a.gz")
    tail.step()
    #expect(!tail.records.isEmpty && tail.records.count < 300)
    directory.write(whole, to: "a.gz.tmp")
    directory.rename("a.gz.tmp", "a.gz")
    tail.step()
    tail.step()
    expectOnce(tail, 0..<300)
  }

  @Test func aStalledStreamIsTold() {
    let tail = Tail(directory)
    directory.write(GzipWriter().sync(lines(0..<3)), to: "a.gz")
    tail.step()
    tail.step(seconds: 901)
    tail.step(seconds: 901)
    #expect(tail.events.filter { if case .stalled = $0 { true } else { false } }.count == 1)
  }

  @Test func aBombIsQuarantined() {
    let tail = Tail(directory)
    directory.write(gzip([UInt8](repeating: 0x20, count: 64 << 20)), to: "a.gz")
    tail.step()
    tail.step()
    #expect(tail.source("a.gz")?.state == .quarantined)
    #expect((tail.source("a.gz")?.offset ?? 0) < 18 << 20)
  }

  @Test func aCompleteFileIsNotReadAgainAfterARestart() {
    let tail = Tail(directory)
    directory.write(gzip(lines(0..<5)), to: "a.gz")
    tail.step()
    tail.kill()
    tail.step()
    expectOnce(tail, 0..<5)
    #expect(tail.follower.integrity(1) == nil)
  }
}

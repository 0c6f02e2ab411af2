import CZlib
import LogReading
import Testing

/// The T cases of reliability.md, in process.
@Suite struct FollowerTests {
  let directory = TemporaryDirectory()

  private func expectOnce(_ tail: Tail, _ range: Range<Int>) {
    #expect(tail.records.sorted() == range.map { line($0) }.sorted())
  }

  @Test func appendedLinesAreReadOnce() {
    let tail = Tail(directory)
    directory.write(lines(0..<3), to: "a.log")
    tail.step()
    directory.append(lines(3..<5), to: "a.log")
    tail.step()
    tail.step()
    expectOnce(tail, 0..<5)
  }

  /// A new name is seen before it is time to list everything again, also below and in a directory that was not there.
  @Test(arguments: ["b.log", "below/b.log"]) func aNewFileIsReadAtOnce(name: String) {
    directory.write(lines(0..<2), to: "a.log")
    var options = FollowOptions(envelopeKeys: EnvelopeKeys([]))
    options.scanInterval = 3_600_000_000_000
    var follower = LogFollower(roots: [directory.path], options: options)
    var chunk = RecordChunk()
    func read(_ now: UInt64) -> Int {
      _ = follower.poll(now: now)
      var records = 0
      while follower.next(into: &chunk) != nil { records += chunk.records.count }
      return records
    }
    #expect(read(1_000_000_000) == 2)
    directory.makeDirectory("below")
    directory.write(lines(2..<5), to: name)
    // No sooner than a tenth of the interval: names that change all the time must not keep the reader from reading.
    #expect(read(2_000_000_000) == 0)
    #expect(read(400_000_000_000) == 3)
  }

  @Test func renameRotationManyTimes() {
    let tail = Tail(directory)
    for turn in 0..<30 {
      directory.append(lines(turn * 4..<turn * 4 + 2), to: "a.log")
      tail.step()
      directory.append(lines(turn * 4 + 2..<turn * 4 + 4), to: "a.log")
      if turn % 3 == 0 { tail.kill() }
      directory.rename("a.log.1", "a.log.2")
      directory.rename("a.log", "a.log.1")
    }
    tail.step()
    expectOnce(tail, 0..<120)
  }

  @Test func renamedWhileDown() {
    let tail = Tail(directory)
    directory.write(lines(0..<5), to: "a.log")
    tail.step()
    tail.kill()
    directory.append(lines(5..<7), to: "a.log")
    directory.rename("a.log", "a.log.1")
    directory.write(lines(7..<9), to: "a.log")
    tail.step()
    expectOnce(tail, 0..<9)
    #expect(tail.gaps.isEmpty)
  }

  @Test func rotatedOutOfSightWhileDown() {
    let tail = Tail(directory, roots: [directory.file("*.log")])
    directory.write(lines(0..<5), to: "a.log")
    tail.step()
    tail.kill()
    directory.append(lines(5..<7), to: "a.log")
    directory.rename("a.log", "a.log.1")
    directory.write(lines(7..<9), to: "a.log")
    tail.step()
    tail.step()
    #expect(tail.records.count == 7)
    #expect(tail.gaps.map(\.reason) == [.gone])
    #expect(tail.gaps.first?.from == UInt64(lines(0..<5).utf8.count))
  }

  @Test func rotatedOutOfSightWhileUp() {
    let tail = Tail(directory, roots: [directory.file("*.log")])
    directory.write(lines(0..<5), to: "a.log")
    tail.step()
    directory.rename("a.log", "a.log.1")
    directory.append(lines(5..<6) + line(6), to: "a.log.1")
    directory.write(lines(7..<9), to: "a.log")
    tail.step()
    #expect(tail.records.count == 8)
    tail.step(seconds: 61)
    expectOnce(tail, 0..<9)
    #expect(tail.gaps.isEmpty)
  }

  @Test func copyTruncateThatWasRead() {
    let tail = Tail(directory)
    directory.write(lines(0..<5), to: "a.log")
    tail.step()
    directory.copy("a.log", "a.log.1")
    directory.truncate("a.log")
    directory.append(lines(5..<6), to: "a.log")
    tail.step()
    tail.step()
    expectOnce(tail, 0..<6)
    #expect(tail.gaps.isEmpty)
    #expect(tail.stored[1]?.state == .truncated)
  }

  @Test func copyTruncateWithATailInTheCopy() {
    let tail = Tail(directory)
    directory.write(lines(0..<5), to: "a.log")
    tail.step()
    directory.append(lines(5..<8), to: "a.log")
    directory.copy("a.log", "a.log.1")
    directory.truncate("a.log")
    directory.append(lines(8..<9), to: "a.log")
    tail.step()
    expectOnce(tail, 0..<9)
    #expect(tail.gaps.isEmpty)
  }

  @Test func copyTruncateUnread() {
    let tail = Tail(directory)
    directory.write(lines(0..<5), to: "a.log")
    tail.step()
    let first = UInt64(lines(0..<5).utf8.count)
    directory.append("unfinished", to: "a.log")
    tail.step()
    directory.truncate("a.log")
    directory.append(lines(5..<6), to: "a.log")
    tail.step()
    expectOnce(tail, 0..<6)
    #expect(tail.gaps == [SourceGap(source: 1, reason: .truncated, from: first, to: first + 10)])
  }

  @Test(arguments: [false, true])
  func truncatedAndGrownBeyond(down: Bool) {
    let tail = Tail(directory)
    directory.write(lines(0..<5), to: "a.log")
    tail.step()
    if down { tail.kill() }
    directory.truncate("a.log")
    directory.append(lines(5..<20), to: "a.log")
    tail.step()
    tail.step()
    expectOnce(tail, 0..<20)
    #expect(tail.stored[1]?.state == .rewritten)
  }

  @Test func nulPrefixAfterTruncation() {
    let tail = Tail(directory)
    directory.write(lines(0..<50), to: "a.log")
    tail.step()
    directory.truncate("a.log")
    directory.truncate("a.log", to: 3000)
    directory.append(lines(50..<52), to: "a.log")
    tail.step()
    tail.step()
    expectOnce(tail, 0..<52)
    #expect(tail.source("a.log")?.checkpoint.counts.nulBytes == 3000)
  }

  @Test func twinsAreBothRead() {
    let tail = Tail(directory)
    directory.write(lines(0..<40) + line(100) + "\n", to: "a.log")
    directory.write(lines(0..<40) + line(200) + "\n", to: "b.log")
    tail.step()
    #expect(Set(tail.records).isSuperset(of: [line(100), line(200)]))
    directory.write(lines(0..<40) + line(300) + "\n", to: "c.log")
    tail.step()
    tail.step()
    #expect(tail.records.contains(line(300)))
  }

  @Test func tinyFilesWithoutLineFeed() {
    let tail = Tail(directory)
    for size in 1..<64 { directory.write([UInt8](repeating: 0x61, count: size), to: "t\(size)") }
    tail.step()
    #expect(tail.records.isEmpty && tail.stored.count == 63)
    tail.kill()
    for size in 1..<64 { directory.append("\n", to: "t\(size)") }
    tail.step()
    #expect(tail.records.count == 63)
  }

  @Test(arguments: [false, true])
  func aPartialLineWaits(restart: Bool) {
    let tail = Tail(directory)
    directory.write(lines(0..<2) + "{\"n\":", to: "a.log")
    tail.step()
    #expect(tail.records.count == 2)
    if restart { tail.kill() }
    tail.step(seconds: 600)
    directory.append("1}\n" + line(2) + "\n", to: "a.log")
    tail.step()
    #expect(tail.records == [line(0), line(1), "{\"n\":1}", line(2)])
  }

  /// A document that ends without a line feed is taken when nothing was added for a while: once, whatever comes later.
  @Test(
    arguments: [
      [line(7)], [line(7), line(8)], [#"{"account":"1","Records":[\#(line(7)),\#(line(8))]}"#],
      [lines(0..<2) + line(7)], [line(7) + " "],
    ], [false, true])
  func aWholeLastValueIsTakenAfterAWhile(values: [String], restart: Bool) {
    let tail = Tail(directory)
    directory.write(values.joined(), to: "a.json")
    tail.step()
    tail.step(seconds: 30)
    if restart { tail.kill() }
    tail.step()
    for _ in 0..<3 { tail.step(seconds: 61) }
    let once = tail.records
    #expect(once.contains(line(7)) && Set(once).count == once.count)
    #expect(tail.follower.pendingTailBytes(1) <= 1)
    #expect(tail.source("a.json")?.state == .active)
    if restart { tail.kill() }
    for more in ["\n", lines(3..<5), line(5), "\n"] {
      directory.append(more, to: "a.json")
      tail.step()
    }
    #expect(tail.records == once + [line(3), line(4), line(5)])
    #expect(tail.rejections.isEmpty && tail.gaps.isEmpty)
  }

  /// What is not whole waits for its end, however long that takes.
  @Test(arguments: [#"{"n":"#, #"{"n":"}"#, #"{"n":1} {"#, "text}", #"{"n":1}x}"#, "12"])
  func whatIsNotWholeWaits(partial: String) {
    let tail = Tail(directory)
    directory.write(lines(0..<2) + partial, to: "a.log")
    for _ in 0..<4 { tail.step(seconds: 600) }
    #expect(tail.records.count == 2 && tail.rejections.isEmpty)
  }

  @Test func theLastLineOfADeletedFile() {
    let tail = Tail(directory)
    directory.write(lines(0..<2) + line(2), to: "a.log")
    tail.step()
    directory.remove("a.log")
    tail.step()
    #expect(tail.records.count == 2)
    tail.step(seconds: 61)
    tail.step()
    expectOnce(tail, 0..<3)
    #expect(tail.gaps.isEmpty && tail.stored[1]?.state == .gone)
  }

  @Test func hardLinksAndDuplicateArguments() {
    let tail = Tail(directory, roots: [directory.path, directory.file("*.log"), directory.file("a.log")])
    directory.write(lines(0..<2), to: "a.log")
    directory.hardLink("a.log", "b.log")
    tail.step()
    directory.append(lines(2..<3), to: "b.log")
    tail.step()
    expectOnce(tail, 0..<3)
    #expect(tail.stored.count == 1)
  }

  @Test func aDirectoryThatVanishesAndReturns() {
    directory.makeDirectory("d")
    let tail = Tail(directory, roots: [directory.file("d")])
    directory.write(lines(0..<2), to: "d/a.log")
    tail.step()
    tail.kill()
    directory.rename("d", "e")
    tail.step()
    #expect(tail.events.contains(.directoryMissing(directory.file("d"), .notFound)))
    #expect(tail.gaps.isEmpty)
    directory.rename("e", "d")
    directory.append(lines(2..<3), to: "d/a.log")
    tail.step()
    expectOnce(tail, 0..<3)
  }

  @Test func moreFilesThanDescriptors() {
    let tail = Tail(directory)
    tail.options.maxOpen = 8
    tail.kill()
    for turn in 0..<3 {
      for file in 0..<60 { directory.append(lines(turn * 100 + file..<turn * 100 + file + 1), to: "f\(file).log") }
      tail.step()
    }
    #expect(tail.records.count == 180 && Set(tail.records).count == 180)
  }

  @Test func killedBetweenChunksAtAnyPoint() {
    directory.write(lines(0..<400), to: "a.log")
    directory.write(gzip([UInt8](lines(400..<800).utf8)), to: "b.log.gz")
    let documents = (0..<5).map { d in
      "{\"Records\":[" + (800 + d * 80..<880 + d * 80).map { line($0) }.joined(separator: ",") + "]}"
    }
    directory.write(documents.joined(separator: "\n"), to: "c.json")
    var random = SeededRandom(seed: 11)
    let tail = Tail(directory, chunkSize: 3000)
    for _ in 0..<200 {
      tail.follower.requestScan()
      tail.now += 2_000_000_000
      _ = tail.follower.poll(now: tail.now)
      for _ in 0..<Int.random(in: 0...6, using: &random) { _ = tail.read() }
      if Bool.random(using: &random) { tail.commit() }
      if Bool.random(using: &random) { tail.kill() }
    }
    tail.step()
    expectOnce(tail, 0..<1200)
    #expect(tail.source("c.json")?.checkpoint.counts.documents == 5)
  }

  /// What stands before a document's records goes with each of them, also after a restart in the middle.
  @Test func aDocumentsHeadSurvivesARestart() {
    let head = #"{"owner":"1","logGroup":"/aws/eks/blue/cluster","filters":["a","b"]}"#
    let document = String(head.dropLast()) + #","Records":[\#(line(0)),\#(line(1)),"#
    directory.write(document, to: "a.json")
    var known: [SourceRecord] = []
    func heads() -> [String] {
      var follower = LogFollower(
        roots: [directory.path], known: known, options: FollowOptions(envelopeKeys: envelopeKeys))
      _ = follower.poll(now: 1_000_000_000)
      var (heads, chunk): ([String], RecordChunk) = ([], RecordChunk())
      while follower.next(into: &chunk) != nil {
        heads += chunk.records.map { String(decoding: chunk.head(of: $0), as: UTF8.self) }
      }
      known = follower.records
      return heads
    }
    #expect(heads() == [head, head])
    directory.append(line(2) + "]}\n" + lines(3..<4) + #"{"Records":[\#(line(4))]}"# + "\n", to: "a.json")
    #expect(heads() == [head, "", ""])
  }
}

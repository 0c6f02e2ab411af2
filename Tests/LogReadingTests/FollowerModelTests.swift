import CZlib
import LogReading
import Testing

/// Random scripts of what writers, logrotate and the reaper of processes do, against what was written: every line once.
@Suite struct FollowerModelTests {
  enum Action: CaseIterable {
    case write, write2, writePartial, step, step2, readSome, kill, rename, renameInto, compress, copyTruncate,
      addMember, touch
  }

  @Test(arguments: 0..<60)
  func everyLineOnce(_ seed: Int) {
    let directory = TemporaryDirectory()
    var random = SeededRandom(seed: UInt64(seed))
    let tail = Tail(directory, chunkSize: 500)
    tail.options.maxOpen = Int.random(in: 1...6, using: &random)
    tail.kill()
    var script: [Action] = []
    var next = 0
    var partial = ""
    var rotated: [String] = []

    func write(_ count: Int) {
      directory.append(partial + lines(next..<next + count), to: "a.log")
      partial = ""
      next += count
    }
    for turn in 0..<40 {
      let action = Action.allCases.randomElement(using: &random)!
      script.append(action)
      switch action {
      case .write, .write2: write(Int.random(in: 1...20, using: &random))
      case .writePartial where partial.isEmpty:
        let text = line(next) + "\n"
        let cut = Int.random(in: 1..<text.utf8.count, using: &random)
        directory.append(String(text.prefix(cut)), to: "a.log")
        partial = String(text.dropFirst(cut))
        next += 1
      case .step, .step2: tail.step()
      case .readSome:
        tail.follower.requestScan()
        tail.now += 2_000_000_000
        _ = tail.follower.poll(now: tail.now)
        _ = tail.read()
        if Bool.random(using: &random) { tail.commit() }
      case .kill: tail.kill()
      case .rename where partial.isEmpty && !directory.read("a.log").isEmpty:
        directory.rename("a.log", "a.log.\(turn)")
        rotated.append("a.log.\(turn)")
      case .compress where !rotated.isEmpty:
        let name = rotated.remove(at: Int.random(in: 0..<rotated.count, using: &random))
        directory.write(gzip(directory.read(name)), to: name + ".gz")
        directory.remove(name)
      case .copyTruncate where partial.isEmpty && directory.read("a.log").count > 200:
        // Read, or at least seen, before it is cut: what nobody saw in the file can only be found in the copy.
        tail.step()
        directory.copy("a.log", "a.log.\(turn)")
        directory.truncate("a.log")
        rotated.append("a.log.\(turn)")
      case .addMember:
        directory.append(gzip(lines(next..<next + 2)), to: "b.gz")
        next += 2
      case .touch: directory.run(["touch", directory.text(directory.file("a.log"))])
      default: break
      }
    }
    if !partial.isEmpty { write(0) }
    for _ in 0..<3 { tail.step() }
    if tail.records.count != next {
      for r in tail.follower.records {
        print(seed, r.id, r.path, r.state, r.offset, r.inheritedBytes, r.shadowOf as Any, r.prefixLength, r.isGzip)
      }
    }
    let expected = (0..<next).map { line($0) }.sorted()
    let found = tail.records.sorted()
    #expect(found == expected, "seed \(seed): \(script); \(found.count) of \(expected.count)")
    // A file that vanished with fewer than 64 bytes cannot be recognised elsewhere: an honest gap, although it was found.
    #expect(tail.gaps.allSatisfy { $0.from == 0 && ($0.to ?? 0) < 64 }, "\(tail.gaps)")
  }
}

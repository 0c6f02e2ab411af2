import EventModel
import EventWindow
import Evidence
import Foundation
import PipelineRuntime
import Testing

/// A bad record is counted and named with its place, and everything around it is read.
@Suite struct MalformedTests {
  struct Expectation: Sendable {
    var file: String
    /// Records taken.
    var accepted: Int
    /// Reason and count.
    var rejects: [String: Int] = [:]
    /// Where the first of each reason stands.
    var offsets: [String: UInt64] = [:]
    /// A word of what the summary says of an input that was not read to its end.
    var incomplete: String?
  }

  static let expectations: [Expectation] = [
    Expectation(file: "truncated.json.gz", accepted: 10, rejects: ["torn": 1], incomplete: "ends early"),
    Expectation(file: "wrong-checksum.ndjson.gz", accepted: 3, incomplete: "checksum"),
    Expectation(file: "bad-utf8.ndjson", accepted: 2, rejects: ["bad_utf8": 2], offsets: ["bad_utf8": 145]),
    Expectation(file: "torn.ndjson", accepted: 3, rejects: ["torn": 2], offsets: ["torn": 145]),
    Expectation(file: "clock-backwards.ndjson", accepted: 7),
    Expectation(file: "crlf-bom.ndjson", accepted: 4),
    Expectation(file: "nul-run.ndjson", accepted: 3, rejects: ["torn": 1]),
    Expectation(file: "duplicate-keys.ndjson", accepted: 2, rejects: ["dup_key": 2], offsets: ["dup_key": 145]),
    Expectation(file: "depth-bomb.ndjson", accepted: 2, rejects: ["max_depth": 1], offsets: ["max_depth": 145]),
  ]

  @Test(arguments: expectations) func isCountedAndNamedAndItsNeighboursAreRead(_ expected: Expectation) throws {
    let scratch = try Scratch()
    let report = try scan(
      [Program.malformed + "/" + expected.file], Shared.plain, store: scratch.path + "/store.sqlite")
    let ledger = try #require(report.ledgers.first)
    #expect(ledger.accepted == expected.accepted)
    #expect(ledger.rejects.mapValues(\.count) == expected.rejects)
    for (reason, offset) in expected.offsets { #expect(ledger.rejects[reason]?.firstOffset == offset, "\(reason)") }
    if let word = expected.incomplete {
      #expect(ledger.incomplete?.contains(word) == true, "\(ledger.incomplete ?? "complete")")
    } else {
      #expect(ledger.incomplete == nil)
    }
    #expect(report.isIncomplete == (!expected.rejects.isEmpty || expected.incomplete != nil))
    // The store tells the same to whoever asks later.
    let rejects = try EvidenceStore.open(at: scratch.path + "/store.sqlite", for: .read).loadRejects()
    #expect(Dictionary(uniqueKeysWithValues: rejects.map { ($0.reason, Int($0.count)) }) == expected.rejects)
  }

  @Test func theSummaryNamesEachFileAndTheExitCodeIs4() throws {
    let scratch = try Scratch()
    let outcome = try bittern(["scan", Program.malformed, "--store", scratch.path + "/store.sqlite"])
    #expect(outcome.code == 4)
    for expected in Self.expectations {
      let line = outcome.messages.split(separator: "\n").first {
        $0.contains("Not fully read") && $0.contains(expected.file)
      }
      let isWhole = expected.rejects.isEmpty && expected.incomplete == nil
      #expect((line == nil) == isWhole, "\(expected.file): \(line ?? "not named")")
      for (reason, offset) in expected.offsets {
        #expect(line?.contains(reason) == true && line?.contains("byte \(offset)") == true, "\(line ?? "")")
      }
    }
    for name in ["NOTES.txt", "README.md"] {
      #expect(outcome.messages.contains("Not a known log: \(Program.malformed)/\(name)"))
    }
    try expectBalance(store: scratch.path + "/store.sqlite")
  }

  /// A line of 100 MB costs no memory, hides nothing behind it and is told.
  @Test func anEndlessLineIsPassedOverInBoundedMemory() throws {
    let scratch = try Scratch()
    let neighbour = contents(Program.malformed + "/crlf-bom.ndjson").split(separator: 0x0a).map { Array($0.dropLast()) }
    let path = try scratch.write("logs/long.ndjson", Array(neighbour[1]) + [0x0a])
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(#"{"tool":"kb.search","session":"s","seq":1,"args":{"q":""#.utf8))
    let piece = Data(repeating: 0x61, count: 1 << 20)
    for _ in 0..<100 { try file.write(contentsOf: piece) }
    try file.write(contentsOf: Data("\"}}\n".utf8 + Array(neighbour[2]) + [0x0a]))
    try file.close()
    let small = try bittern(["scan", Program.malformed + "/crlf-bom.ndjson", "--store", scratch.path + "/small.sqlite"])
    let outcome = try bittern(["scan", scratch.path + "/logs", "--store", scratch.path + "/store.sqlite"])
    #expect(outcome.code == 4, "\(outcome.messages)")
    #expect(outcome.messages.contains("oversize"))
    #expect(outcome.messages.contains("2 events"), "\(outcome.messages)")
    #expect(
      outcome.peak < small.peak + (32 << 20), "\(outcome.peak >> 20) MiB, \(small.peak >> 20) MiB without the line")
    try expectBalance(store: scratch.path + "/store.sqlite")
  }

  /// A gzip of a gigabyte of nothing is stopped, not unpacked.
  @Test func aBombIsStopped() throws {
    let scratch = try Scratch()
    _ = try run(["sh", "-c", "head -c 200000000 /dev/zero | gzip -1 > \"$1\"", "sh", scratch.path + "/bomb.gz"])
    try scratch.write("good.ndjson", contents(Program.malformed + "/crlf-bom.ndjson"))
    let outcome = try bittern(["scan", scratch.path, "--store", scratch.path + "/../\(UUID().uuidString).sqlite"])
    #expect(outcome.code == 4, "\(outcome.messages)")
    #expect(outcome.messages.contains("200 times"), "\(outcome.messages)")
  }

  /// Cut anywhere, a gzip file gives what came before the cut, and says that something is missing.
  @Test func aGzipFileMayBeCutAnywhere() throws {
    let scratch = try Scratch()
    let plain = RecordPool.ndjson(RecordPool.story.lines.prefix(12).map { $0 })
    let path = try scratch.write("whole.ndjson", plain)
    _ = try run(["gzip", "-9", path])
    let bytes = contents(path + ".gz")
    var last = 0
    for cut in stride(from: 30, to: bytes.count, by: max(1, bytes.count / 24)) {
      let file = try scratch.write("cut/\(cut).gz", Array(bytes[..<cut]))
      do {
        let report = try scan([file], Shared.plain, store: scratch.path + "/\(cut).sqlite")
        #expect(report.isIncomplete, "cut at \(cut) of \(bytes.count)")
        #expect(report.ledgers[0].accepted >= last)
        last = report.ledgers[0].accepted
      } catch let error as RunError {
        Issue.record("cut at \(cut): \(error)")
      }
    }
    #expect(last > 0)
  }
}

import Evidence
import Foundation
import Testing

/// A watch that is killed again and again while its directory grows and rotates ends with the findings of one quiet scan.
@Suite(.serialized) struct WatchKillTests {
  private func start(_ scratch: Scratch, _ extra: [String] = []) throws -> Child {
    try Child(
      [
        Program.bittern, "watch", scratch.path + "/logs", "--store", scratch.path + "/watch.sqlite", "--config",
        Program.quickstartConfiguration, "--format", "ndjson",
      ] + extra, in: "/")
  }

  @Test(arguments: [1, 2]) func nothingIsLostOrDoubledByTwentyKills(seed: Int) throws {
    let scratch = try Scratch()
    var random = SeededRandom(seed)
    var site = GrowingSite(scratch, RecordPool.story, &random)
    try site.prepare()
    var child = try start(scratch)
    var kills = 0
    var printed: Set<String> = []
    let pause = max(1, site.stepsLeft / 22)
    while site.stepsLeft > 0 {
      for _ in 0..<pause { try site.step(&random) }
      if kills < 20 {
        usleep(UInt32.random(in: 0..<600_000, using: &random))
        child.signal(SIGKILL)
        printed.formUnion(try child.wait(120).findings.keys)
        kills += 1
        child = try start(scratch)
      }
    }
    usleep(300_000)
    child.signal(SIGTERM)
    let stopped = try child.wait(300)
    printed.formUnion(stopped.findings.keys)
    #expect(stopped.code == 143, "\(stopped.messages)")
    let last = try start(scratch, ["--idle-exit", "2"]).wait(600)
    printed.formUnion(last.findings.keys)
    #expect(kills == 20)
    #expect(last.code == 0, "\(last.messages)")

    let quiet = try scan([site.oracle()], store: scratch.path + "/scan.sqlite")
    let store = try EvidenceStore.open(at: scratch.path + "/watch.sqlite", for: .read)
    let watched = try store.findings()
    #expect(watched.map { Verdict($0.finding) }.sorted() == quiet.verdicts)
    #expect(
      Dictionary(uniqueKeysWithValues: watched.map { ($0.finding.id, $0.finding.count) })
        == Dictionary(uniqueKeysWithValues: quiet.allFindings.map { ($0.id, $0.count) }), "no event counts twice")
    #expect(Set(watched.map(\.finding.id)).isSubset(of: printed), "a finding that stands was told")
    for finding in watched.map(\.finding) {
      for cited in finding.evidence {
        #expect(!cited.sha256.isEmpty && !cited.raw.isEmpty, "\(finding.detection) \(cited)")
      }
    }
    // Every record of the site is accounted for exactly once.
    let accepted = try store.loadSources().reduce(0) { $0 + Int($1.counters.accepted) }
    #expect(accepted == site.records)
    try expectBalance(store: scratch.path + "/watch.sqlite")
  }
}

/// A directory of logs that grows as real ones do: delivered documents, some written in two halves; a line log that is
/// appended to at any byte, renamed away, compressed.
struct GrowingSite {
  private let scratch: Scratch
  private var steps: [[UInt8]] = []
  private var documents: [[UInt8]] = []
  private var written: [[UInt8]] = []
  private var rotations = 0
  private var deliveries = 0
  let records: Int

  init(_ scratch: Scratch, _ pool: RecordPool, _ random: inout SeededRandom) {
    self.scratch = scratch
    records = pool.count
    var at = 0
    while at < pool.lines.count {
      let end = min(pool.lines.count, at + Int.random(in: 20...90, using: &random))
      steps.append(RecordPool.ndjson(Array(pool.lines[at..<end])))
      at = end
    }
    let shuffled = pool.cloudTrail.shuffled(using: &random)
    at = 0
    while at < shuffled.count {
      let end = min(shuffled.count, at + Int.random(in: 5...60, using: &random))
      documents.append(RecordPool.document(Array(shuffled[at..<end])))
      at = end
    }
  }

  var stepsLeft: Int { steps.count + documents.count }

  func prepare() throws {
    try FileManager.default.createDirectory(atPath: scratch.path + "/logs", withIntermediateDirectories: true)
  }

  mutating func step(_ random: inout SeededRandom) throws {
    let line = Int.random(in: 0..<max(1, stepsLeft), using: &random) < steps.count
    if line, !steps.isEmpty { try append(steps.removeFirst(), &random) }
    if !line, !documents.isEmpty { try deliver(documents.removeFirst(), &random) }
    usleep(UInt32.random(in: 0..<40_000, using: &random))
  }

  private mutating func append(_ bytes: [UInt8], _ random: inout SeededRandom) throws {
    written.append(bytes)
    let cut = Int.random(in: 0...bytes.count, using: &random)
    let path = scratch.path + "/logs/audit.log"
    if !FileManager.default.fileExists(atPath: path) { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data(bytes[..<cut]))
    usleep(UInt32.random(in: 0..<20_000, using: &random))
    try file.write(contentsOf: Data(bytes[cut...]))
    try file.close()
    guard Int.random(in: 0..<6, using: &random) == 0 else { return }
    rotations += 1
    let rotated = scratch.path + "/logs/audit-\(rotations).log"
    try FileManager.default.moveItem(atPath: path, toPath: rotated)
    if Bool.random(using: &random) { _ = try run(["gzip", rotated]) }
  }

  private mutating func deliver(_ bytes: [UInt8], _ random: inout SeededRandom) throws {
    written.append(bytes)
    deliveries += 1
    let plain = try scratch.write("making/\(deliveries).json", bytes)
    _ = try run(["gzip", plain])
    let gzipped = contents(plain + ".gz")
    let path = scratch.path + "/logs/\(deliveries).json.gz"
    let cut = Bool.random(using: &random) ? gzipped.count : Int.random(in: 0..<gzipped.count, using: &random)
    try Data(gzipped[..<cut]).write(to: URL(fileURLWithPath: path))
    if cut < gzipped.count {
      usleep(UInt32.random(in: 0..<30_000, using: &random))
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data(gzipped[cut...]))
      try file.close()
    }
  }

  /// All that was written, once, for a scan to read in quiet.
  func oracle() throws -> String {
    for (n, bytes) in written.enumerated() { try scratch.write("oracle/\(n).log", bytes) }
    return scratch.path + "/oracle"
  }
}

import Detection
import EventModel
import EventWindow
import Foundation
import Normalization
import PipelineContent
import Testing

/// Prints what fires on files that `BITTERN_CASES` names, one line a finding; without it, nothing runs.
@Suite struct CaseRuns {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["BITTERN_CASES"] != nil))
  func told() throws {
    let environment = ProcessInfo.processInfo.environment
    let configuration = try environment["BITTERN_CONFIG"].map { try Configuration(file: $0) } ?? Configuration()
    let content = try Content(configuration, replacing: DetectionFixtureTests.folder)
    for group in (environment["BITTERN_CASES"] ?? "").split(separator: "\n") {
      for line in run(group.split(separator: " ").map(String.init), content) { print(line) }
    }
  }

  private func run(_ files: [String], _ content: Content) -> [String] {
    var normalizer = Normalizer(sources: content.sources, worker: 0, options: Normalizer.Options(contentHash: .stable))
    var rejected = 0
    var count = 0
    for file in files {
      for line in (FileManager.default.contents(atPath: file) ?? Data()).split(separator: 0x0a) {
        count += 1
        let bytes = [UInt8](line)
        let place = Normalizer.Place(input: 0, offset: UInt64(count), length: UInt32(bytes.count), index: 0)
        if case .rejected = normalizer.add(bytes.span, at: place) { rejected += 1 }
      }
    }
    guard var engine = try? DetectionEngine(content.engine, memory: LongMemory(hasher: .stable)) else {
      return ["no engine"]
    }
    let taken = normalizer.take()
    _ = engine.absorb(worker: 0, taken.batch, EventDictionaries.Delta(taken.delta))
    let began = Date()
    engine.judge()
    let spent = Date().timeIntervalSince(began)
    let name = files.count == 1 ? files[0] : "\(files.count) files"
    var lines = ["CASE \(name) records=\(count) rejected=\(rejected) ms=\(Int(spent * 1000))"]
    for f in engine.findings() {
      let roles = f.evidence.map { "\($0.role.rawValue)" }.joined(separator: ",")
      lines.append("  FIRES \(f.detection) \(f.severity.name) | \(f.title) | x\(f.count) [\(roles)]")
      if ProcessInfo.processInfo.environment["BITTERN_VERBOSE"] != nil {
        lines.append("      \(f.summary)")
        lines.append(
          "      expected: \(f.explanation.expected); seen: \(f.explanation.seen); threshold: \(f.explanation.threshold); \(f.explanation.state)"
        )
      }
    }
    return lines
  }
}

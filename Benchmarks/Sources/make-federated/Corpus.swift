import Foundation
import Synthesis

/// Takes records in any order inside a few days and writes them by the hour: memory is that of the days that are open.
final class Corpus {
  let options: Options
  let day = Day(year: 2026, month: 2, day: 1)
  var truth = Truth()
  /// Ids of records and credentials, drawn in the order that the story is told.
  var ids: SeededRandom
  private(set) var count = 0
  private(set) var counts: [Log: Int] = [:]

  private struct Line {
    var time: Double
    var text: [UInt8]
  }
  private var pending: [Int: [Log: [Line]]] = [:]  // by hour
  private var files: [Log: GzipFile] = [:]
  private var fileOf: [Log: Int] = [:]
  private var isFirst: [Log: Bool] = [:]
  private var written = 0
  /// Hours of one file: a day's, or one where a day is large.
  private let hoursOfFile: Int

  init(_ options: Options) {
    self.options = options
    ids = SeededRandom(seed: options.seed, stream: "ids")
    hoursOfFile = options.events > 2_000_000 ? 1 : 24
  }

  var end: Double { Double(options.days) * 86_400 }
  func random(_ stream: String) -> SeededRandom { SeededRandom(seed: options.seed, stream: stream) }

  func add(_ log: Log, _ time: Double, _ record: JSON) { add(log, time, Array(record.text.utf8)) }

  func add(_ log: Log, _ time: Double, _ text: [UInt8]) {
    guard time >= 0, time < end else { return }
    let hour = max(written, Int(time / 3600))
    pending[hour, default: [:]][log, default: []].append(Line(time: time, text: text))
    count += 1
    counts[log, default: 0] += 1
  }

  /// Writes everything before an hour; what comes later for it is written in the next one.
  func write(before hour: Int) throws {
    while written < hour {
      if let logs = pending.removeValue(forKey: written) {
        for log in Log.allCases { if let lines = logs[log] { try write(log, lines) } }
      }
      written += 1
    }
  }

  private func write(_ log: Log, _ lines: [Line]) throws {
    let sorted = lines.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    let number = written / hoursOfFile
    if fileOf[log] != number { try open(log, number) }
    guard let file = files[log] else { return }
    var out: [UInt8] = []
    for line in sorted {
      if log.isEnvelope {
        if isFirst[log] == false { out.append(0x2c) }
        isFirst[log] = false
        out += line.element.text
      } else {
        out += line.element.text
        out.append(0x0a)
      }
      if out.count > 1 << 20 {
        try file.write(out)
        out.removeAll(keepingCapacity: true)
      }
    }
    try file.write(out)
  }

  private func open(_ log: Log, _ number: Int) throws {
    try close(log)
    let folder = options.directory + "/" + log.rawValue
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let stamp = day.compact(Double(number * hoursOfFile) * 3600)
    let suffix = (log.isEnvelope ? ".json" : ".ndjson") + (options.compresses ? ".gz" : "")
    let file = try GzipFile(
      path: "\(folder)/\(log.rawValue)-\(stamp)\(suffix)", compresses: options.compresses, level: 1)
    if log.isEnvelope { try file.write("{\"Records\":[") }
    files[log] = file
    fileOf[log] = number
    isFirst[log] = true
  }

  private func close(_ log: Log) throws {
    guard let file = files.removeValue(forKey: log) else { return }
    if log.isEnvelope { try file.write("]}\n") }
    try file.close()
  }

  /// Writes what is left, then the truth: its presence says that the corpus is whole.
  func finish() throws {
    try write(before: options.days * 24)
    for log in Log.allCases { try close(log) }
    try text("bittern.yml", Declared.configuration)
    try text("identities.yml", Declared.identities)
    try text("truth.json", truth.text)
  }

  private func text(_ name: String, _ text: String) throws {
    try FileManager.default.createDirectory(atPath: options.directory, withIntermediateDirectories: true)
    let file = try GzipFile(path: options.directory + "/" + name, compresses: false)
    try file.write(text)
    try file.close()
  }
}

import EventModel
import Evidence
import Foundation
import PipelineContent
import PipelineRuntime

/// 2026-03-17T00:00:00Z.
let midnight: Int64 = 1_773_705_600 * Timestamp.second

/// The repository that the tests were built from.
let repository: String = {
  var folder = #filePath as NSString
  for _ in 0..<3 { folder = folder.deletingLastPathComponent as NSString }
  return folder as String
}()

/// The built-in content, compiled once for all tests of the process.
let builtIn: Content = {
  do { return try Content(Configuration()) } catch { fatalError("\(error)") }
}()

/// A directory that goes with the value.
final class Scratch {
  let path = NSTemporaryDirectory() + "/bittern-commands-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    let folder = (file as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// An input of a log that ends at `end`.
func input(_ log: String, until end: Int64, state: String = "complete") -> SourceRow {
  var row = SourceRow(id: Int64(log.utf8.count), path: log + ".ndjson")
  (row.log, row.state, row.firstEvent, row.lastEvent) = (log, state, end - Timestamp.day, end)
  return row
}

/// Scans with a store of its own.
func scan(_ inputs: [String], _ content: Content, store: String) throws -> ScanReport {
  var options = Scan.Options()
  (options.inputs, options.store) = (inputs, store)
  return try Scan(content: content, options: options, stop: StopFlag()).run()
}

import Evidence
import Foundation
import PipelineContent

/// A folder that goes with the value.
final class Folder {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("bittern-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String {
    let file = path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }
}

/// The repository's own content.
func builtInContent() throws -> Content { try Content(Configuration()) }

/// One thing that an identity did, on 2026-03-04.
func act(
  _ identity: String, _ action: String, service: String = "s3", region: String = "eu-west-1",
  account: String = "111122223333",
  count: Int64 = 1, denied: Int64 = 0, day: Int32 = 20_516
) -> ScopeRow {
  var row = ScopeRow(
    identity: identity, source: "aws_cloudtrail", service: service, action: action, region: region, account: account,
    kind: "role")
  (row.firstDay, row.lastDay, row.count, row.denied) = (day, day, count, denied)
  return row
}

import Foundation
import Synthesis

extension World {
  /// Writes every log in the form in which its producer delivers it.
  func write(to directory: String) throws {
    try writeCloudTrail(directory + "/cloudtrail")
    try writeLines(
      kubernetes, rotations: [0, 28_800, 57_600, 79_200], directory + "/kubernetes", "kube-apiserver-audit")
    try writeLines(vault, rotations: [0, 43_200, 80_400], directory + "/vault", "vault-audit")
    try writeLines(agents, rotations: [0], directory + "/agents", "agent-tools")
    try writeText(directory + "/truth.json", truth())
    try writeText(directory + "/bittern.yml", bitternConfiguration)
    try writeText(directory + "/identities.yml", identityInventory)
  }

  /// Files of a quarter of an hour per account and region, named as CloudTrail names them; some events come late.
  private func writeCloudTrail(_ directory: String) throws {
    var random = random("delivery")
    var files: [String: [Delivery]] = [:]
    for delivery in cloudTrail where delivery.time >= 0 && delivery.time < 86_400 {
      let arrival = delivery.time + random.between(0, 240) + (random.chance(0.01) ? 1800 : 0)
      let period = delivery.region == home ? 1200.0 : 7200.0
      let slot = ((arrival / period).rounded(.down) + 1) * period
      files["\(delivery.account)/\(delivery.account)_CloudTrail_\(delivery.region)_\(day.compact(slot))", default: []]
        .append(delivery)
    }
    for name in files.keys.sorted() {
      let path =
        "\(directory)/\(name)_\(random.letters(16, of: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")).json.gz"
      try makeFolder(of: path)
      let file = try GzipFile(path: path, level: 9)
      let records = files[name]!.map { (time: $0.time.rounded(.down), text: $0.record.text) }
        .sorted { ($0.time, $0.text) < ($1.time, $1.text) }
      try file.write("{\"Records\":[" + records.map(\.text).joined(separator: ",") + "]}")
      try file.close()
    }
  }

  /// One line a record; all but the newest part is rotated and compressed.
  private func writeLines(
    _ all: [(time: Double, record: JSON)], rotations: [Double], _ directory: String, _ name: String
  ) throws {
    let sorted = all.enumerated().filter { $0.element.time >= 0 && $0.element.time < 86_400 }
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    for (index, start) in rotations.enumerated() {
      let end = index + 1 < rotations.count ? rotations[index + 1] : 86_400
      let isLast = index + 1 == rotations.count
      let path = isLast ? "\(directory)/\(name).ndjson" : "\(directory)/\(name)-\(day.compact(end)).ndjson.gz"
      try makeFolder(of: path)
      let file = try GzipFile(path: path, compresses: !isLast, level: 9)
      for entry in sorted where entry.time >= start && entry.time < end { try file.write(entry.record.text + "\n") }
      try file.close()
    }
  }

  private func writeText(_ path: String, _ text: String) throws {
    try makeFolder(of: path)
    let file = try GzipFile(path: path, compresses: false)
    try file.write(text)
    try file.close()
  }

  private func makeFolder(of path: String) throws {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func truth() -> String {
    let lines = acts.map { "    " + $0.text }.joined(separator: ",\n")
    return
      "{\n  \"acts\": [\n\(lines)\n  ],\n  \"may_also\": [\"TR2\", \"LM2\", \"LM3\", \"LM5\", \"HI2\", \"OS2\"]\n}\n"
  }

  /// Events per log, for the closing line.
  var counts: String {
    "cloudtrail \(cloudTrail.count), kubernetes \(kubernetes.count), vault \(vault.count), agents \(agents.count)"
  }
}

import Evidence

/// A manifest of BagIt: `<64 hex>  <path>` a line.
struct BundleManifest {
  /// Path → hex SHA-256.
  private(set) var hashes: [String: String] = [:]

  /// Bad lines are reported and left out, so that no path outside the bundle is ever opened.
  init(_ name: String, _ bytes: [UInt8], payload: Bool, into report: inout VerificationReport) {
    if !bytes.isEmpty && bytes.last != 0x0a { report.add(.manifest, name, "its last line is torn") }
    for (number, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
      if line.isEmpty && number > 0 { continue }
      let text = Array(line)
      let at = "line \(number + 1)"
      guard text.count > 66, text[64] == 0x20, text[65] == 0x20,
        text[..<64].allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 >= 0x61 && $0 <= 0x66 })
      else {
        if !text.isEmpty { report.add(.manifest, name, "\(at) is not `<sha256>  <path>`") }
        continue
      }
      let path = String(decoding: text[66...], as: UTF8.self)
      guard BundlePath.isSafe(path) else {
        report.add(.manifest, name, "\(at) names a path that a bundle must not have: \(path)")
        continue
      }
      guard path.hasPrefix("data/") == payload, !path.hasPrefix("tagmanifest") else {
        report.add(.manifest, name, "\(at) names a file that belongs to another manifest: \(path)")
        continue
      }
      if hashes[path] != nil { report.add(.manifest, name, "\(at) names \(path) again") }
      hashes[path] = String(decoding: text[..<64], as: UTF8.self)
    }
  }
}

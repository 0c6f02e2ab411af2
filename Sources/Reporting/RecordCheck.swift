import Evidence

/// The lines of data/raw against what provenance.jsonl says of them: each where it is said to be, and no line besides.
struct RecordCheck {
  let root: String
  let files: [String: Int64]

  func run(_ provenance: [JSONValue], _ report: inout VerificationReport) {
    var byFile: [String: [(line: Int, offset: Int64, length: Int64, sha256: String)]] = [:]
    for (i, entry) in provenance.enumerated() {
      guard let file = entry["raw_file"] else {
        if entry["missing"]?.text == nil {
          bad(i, "says neither where the record's line is nor why it is missing", &report)
        }
        continue
      }
      guard let path = file.text, isRaw(path), files[path] != nil, let offset = entry["raw_offset"]?.int,
        let length = entry["raw_length"]?.int, let hash = entry["raw_sha256"]?.text, offset >= 0, length >= 0
      else {
        bad(i, "names no line of a file in data/raw", &report)
        continue
      }
      byFile[path, default: []].append((i, offset, length, hash))
    }
    for path in files.keys.sorted() where path.hasPrefix("data/raw/") {
      check(path, byFile[path] ?? [], &report)
    }
  }

  private func bad(_ line: Int, _ detail: String, _ report: inout VerificationReport) {
    report.add(.content, "data/provenance.jsonl", "line \(line + 1) \(detail)")
  }

  private func isRaw(_ path: String) -> Bool {
    BundlePath.isSafe(path) && path.hasPrefix("data/raw/") && path.hasSuffix(".jsonl")
  }

  private func check(
    _ path: String, _ entries: [(line: Int, offset: Int64, length: Int64, sha256: String)],
    _ report: inout VerificationReport
  ) {
    let bytes: [UInt8]
    do {
      bytes = try FileSystem.contents(of: root + "/" + path)
    } catch {
      report.add(.unreadable, path, error.description)
      return
    }
    var next = 0
    for entry in entries {
      guard entry.offset == Int64(next), entry.length < Int64(bytes.count - next) else {
        bad(entry.line, "does not point at the next line of \(path)", &report)
        return
      }
      let end = next + Int(entry.length)
      if bytes[end] != 0x0a || Hashing.sha256(bytes[next..<end]) != entry.sha256 {
        report.add(.changed, path, "the line of record \(entry.line + 1) is not the one that provenance.jsonl hashes")
      }
      next = end + 1
    }
    if next != bytes.count { report.add(.content, path, "holds lines that provenance.jsonl does not name") }
  }
}

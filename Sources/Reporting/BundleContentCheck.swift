import Evidence

/// What the files of a bundle say about each other; catches changes whose hashes were made to fit.
struct BundleContentCheck {
  let root: String
  let files: [String: Int64]

  func run(_ report: inout VerificationReport) {
    guard let caseLine = lines("data/case.json", &report)?.first, let facts = JSONReading.value(caseLine) else {
      report.add(.content, "data/case.json", "not a JSON object")
      return
    }
    let findings = lines("data/findings.jsonl", &report) ?? []
    let events = objects("data/events.jsonl", &report)
    let provenance = objects("data/provenance.jsonl", &report)
    (report.findings, report.records) = (findings.count, events.count)
    expect(facts, "findings", findings.count, "data/findings.jsonl", &report)
    expect(
      facts, "findings", lines("data/findings.ocsf.jsonl", &report)?.count ?? 0, "data/findings.ocsf.jsonl", &report)
    expect(facts, "records", events.count, "data/events.jsonl", &report)
    expect(facts, "records", provenance.count, "data/provenance.jsonl", &report)
    let timeless = Int(facts["records_without_time"]?.int ?? 0)
    expect(
      facts, "records", (lines("data/timeline.jsonl", &report)?.count ?? 0) &+ timeless, "data/timeline.jsonl", &report)
    if lines("data/loss.json", &report)?.count != 1 { report.add(.content, "data/loss.json", "not one line") }
    checkSequence(events, provenance, &report)
    RecordCheck(root: root, files: files).run(provenance, &report)
    let head = checkCustody(facts, &report)
    checkDatabase(findings, head, &report)
  }

  /// Whole lines without LF; nil, with a problem, where the file is missing, unreadable or torn.
  private func lines(_ path: String, _ report: inout VerificationReport) -> [[UInt8]]? {
    guard files[path] != nil else {
      report.add(.missing, path, "every bundle has it")
      return nil
    }
    do {
      let bytes = try FileSystem.contents(of: root + "/" + path)
      if bytes.isEmpty { return [] }
      guard bytes.last == 0x0a else {
        report.add(.content, path, "its last line is torn")
        return nil
      }
      return bytes.dropLast().split(separator: 0x0a, omittingEmptySubsequences: false).map(Array.init)
    } catch {
      report.add(.unreadable, path, error.description)
      return nil
    }
  }

  private func objects(_ path: String, _ report: inout VerificationReport) -> [JSONValue] {
    (lines(path, &report) ?? []).enumerated().map { i, line in
      let value = JSONReading.value(line) ?? .null
      if value.object == nil { report.add(.content, path, "line \(i + 1) is not a JSON object") }
      return value
    }
  }

  private func expect(
    _ facts: JSONValue, _ name: String, _ count: Int, _ path: String, _ report: inout VerificationReport
  ) {
    if facts[name]?.int != Int64(count) {
      report.add(.content, path, "\(count) lines, but case.json says \(facts[name]?.int ?? -1) \(name)")
    }
  }

  private func checkSequence(_ events: [JSONValue], _ provenance: [JSONValue], _ report: inout VerificationReport) {
    for (i, pair) in zip(events, provenance).enumerated() {
      let (event, origin) = pair
      let same = event["event_id"]?.text == origin["event_id"]?.text && event["source"]?.text == origin["source"]?.text
      if event["seq"]?.int != Int64(i + 1) || origin["seq"]?.int != Int64(i + 1) || !same {
        report.add(.content, "data/provenance.jsonl", "line \(i + 1) is not about the record of events.jsonl's line")
      }
    }
  }

  /// The hashes of the chain's lines, in order.
  private func checkCustody(_ facts: JSONValue, _ report: inout VerificationReport) -> [String] {
    let path = "data/custody.jsonl"
    var prev = CustodyEntry.start
    var chain: [String] = []
    for (i, line) in (lines(path, &report) ?? []).enumerated() {
      let entry = JSONReading.value(line)
      if entry?["prev"]?.text != prev || entry?["n"]?.int != Int64(i + 1) {
        report.add(.custody, path, "line \(i + 1) does not follow the line before it")
      }
      prev = Hashing.sha256(line + [0x0a])
      chain.append(prev)
    }
    if facts["custody_head"]?.text != prev { report.add(.custody, path, "its end is not custody_head of case.json") }
    if facts["custody_entries"]?.int != Int64(chain.count) {
      report.add(.custody, path, "\(chain.count) lines, not as many as case.json says")
    }
    return chain
  }

  private func checkDatabase(_ findings: [[UInt8]], _ chain: [String], _ report: inout VerificationReport) {
    let path = "data/evidence.sqlite"
    guard files[path] != nil else {
      report.add(.missing, path, "every bundle has it")
      return
    }
    // A journal beside it would make SQLite change or refuse the file.
    for beside in files.keys.sorted() where beside.hasPrefix(path) && beside != path {
      report.add(.unsafe, beside, "no bundle has a file of this name")
      return
    }
    let copy = EvidenceCopy.read(root + "/" + path)
    for problem in copy.problems { report.add(.database, path, problem) }
    if !copy.problems.isEmpty { return }
    var rest = copy.lines
    for (i, line) in findings.enumerated() {
      let id = JSONReading.value(line)?["id"]?.text ?? ""
      guard let row = rest.removeValue(forKey: id) else {
        report.add(.database, path, "has no finding of line \(i + 1) of findings.jsonl")
        continue
      }
      if row != line + [0x0a] { report.add(.database, path, "finding \(id) is not what findings.jsonl says of it") }
    }
    for id in rest.keys.sorted() { report.add(.database, path, "finding \(id) is not in findings.jsonl") }
    if copy.custodyHashes != chain { report.add(.database, path, "its custody is not that of custody.jsonl") }
  }
}

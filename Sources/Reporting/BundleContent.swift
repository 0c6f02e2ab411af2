import EventModel
import Evidence

/// The payload of a bundle, made from one snapshot.
struct BundleContent {
  let snapshot: EvidenceSnapshot
  let caseID: String
  let toolVersion: String
  private(set) var records: [CitedRecord]

  /// Lines of one file under data/raw.
  static let linesPerFile = 10_000

  init(_ snapshot: EvidenceSnapshot, caseID: String, toolVersion: String) {
    self.snapshot = snapshot
    self.caseID = caseID
    self.toolVersion = toolVersion
    records = CitedRecord.all(of: snapshot.findings)
  }

  /// The newest event the findings rest on, never the clock; nil if none has a time.
  var caseTime: Int64? {
    let times = snapshot.findings.flatMap { [$0.finding.lastSeen] + $0.finding.evidence.map(\.time) }
    return times.filter { $0 != Timestamp.none }.max()
  }

  /// YYYY-MM-DD.
  var caseDate: String { String(decoding: Timestamp.text(caseTime ?? 0).utf8.prefix(10), as: UTF8.self) }

  mutating func writePayload(into bag: inout BagWriter) throws(FileError) {
    try writeRaw(into: &bag)
    let findings = snapshot.findings.map(\.finding)
    try bag.add("data/findings.jsonl", findings.map(FindingDocument.value))
    try bag.add("data/findings.ocsf.jsonl", findings.map { FindingOCSF.value($0, productVersion: toolVersion) })
    try bag.add("data/incidents.jsonl", Incident.all(of: findings).map(\.value))
    try bag.add("data/events.jsonl", records.map(\.event))
    try bag.add("data/provenance.jsonl", records.map(\.provenance))
    try bag.add("data/timeline.jsonl", records.compactMap(\.timeline))
    let header = ["datetime", "timestamp_desc", "message", "source", "event_id", "seq"]
    let rows = records.filter { $0.citation.time != Timestamp.none }.map(\.timelineCells)
    try bag.add("data/timeline.csv", ([header] + rows).map(FindingCSV.row).joined())
    try bag.add("data/custody.jsonl", snapshot.custody.flatMap(\.line))
    try bag.add("data/loss.json", LossReport(snapshot).value.line)
    try bag.add("data/case.json", caseFile.line)
  }

  private mutating func writeRaw(into bag: inout BagWriter) throws(FileError) {
    let present = records.indices.filter { !records[$0].citation.raw.isEmpty }
    if present.isEmpty { return }
    try bag.addDirectory("data/raw")
    for (number, start) in stride(from: 0, to: present.count, by: BundleContent.linesPerFile).enumerated() {
      let digits = String(number + 1)
      let name = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + ".jsonl"
      var bytes: [UInt8] = []
      for i in present[start..<min(start + BundleContent.linesPerFile, present.count)] {
        let (line, form) = RecordLine.make(records[i].citation.raw)
        records[i].line = ("data/raw/" + name, bytes.count, line.count, Hashing.sha256(line), form)
        bytes += line
        bytes.append(0x0a)
      }
      try bag.add("data/raw/" + name, bytes)
    }
  }

  private var caseFile: JSONValue {
    let times = records.map(\.citation.time).filter { $0 != Timestamp.none }
    return .object([
      "case": .text(caseID), "case_time": .time(caseTime), "tool": .text("bittern"), "tool_version": .text(toolVersion),
      "sqlite_version": .text(EvidenceStore.sqliteVersion), "redaction": .text("redacted"),
      "window": .object(["first": .time(times.min()), "last": .time(times.max())]),
      "findings": .int(Int64(snapshot.findings.count)), "retracted": .int(Int64(snapshot.retracted.count)),
      "records": .int(Int64(records.count)),
      "records_without_bytes": .int(Int64(records.count { $0.line == nil })),
      "records_without_time": .int(Int64(records.count - times.count)),
      "custody_entries": .int(Int64(snapshot.custody.count)),
      "custody_head": .text(snapshot.custody.last?.hash ?? CustodyEntry.start),
      "store": .object(snapshot.meta.mapValues { .text($0) }),
    ])
  }
}

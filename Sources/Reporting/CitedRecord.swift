import EventModel
import Evidence

/// One record that findings of a bundle cite, once, however many cite it.
struct CitedRecord {
  /// From 1, by (time, source, event id, position).
  var seq = 0
  var citation: Finding.Citation
  /// (finding id, detection, role), by finding id.
  var citedBy: [(id: String, detection: String, role: String)]
  /// Where its line lies: file under data/raw, offset and length without LF; nil if its bytes are missing.
  var line: (file: String, offset: Int, length: Int, sha256: String, form: RecordLine.Form)?

  /// What makes two citations the same record.
  private struct Key: Hashable, Comparable {
    var time: Int64
    var source: [UInt8]
    var eventID: [UInt8]
    var file: [UInt8]
    var offset: UInt64
    var index: UInt32

    init(_ c: Finding.Citation) {
      time = c.time
      (source, eventID, file) = (Array(c.source.utf8), Array(c.eventID.utf8), Array(c.file.utf8))
      (offset, index) = (c.offset, c.index)
    }

    static func < (a: Key, b: Key) -> Bool {
      if a.time != b.time { return a.time < b.time }
      if a.source != b.source { return a.source.lexicographicallyPrecedes(b.source) }
      if a.eventID != b.eventID { return a.eventID.lexicographicallyPrecedes(b.eventID) }
      if a.file != b.file { return a.file.lexicographicallyPrecedes(b.file) }
      return (a.offset, a.index) < (b.offset, b.index)
    }
  }

  /// The records of findings that are sorted by id; a telling with bytes is preferred to one without.
  static func all(of findings: [StoredFinding]) -> [CitedRecord] {
    var records: [Key: CitedRecord] = [:]
    for stored in findings {
      for citation in stored.finding.evidence {
        let key = Key(citation)
        var record = records[key] ?? CitedRecord(citation: citation, citedBy: [])
        if record.citation.raw.isEmpty && !citation.raw.isEmpty { record.citation = citation }
        record.citedBy.append((stored.finding.id, stored.finding.detection, citation.role.rawValue))
        records[key] = record
      }
    }
    return records.sorted { $0.key < $1.key }.enumerated().map { i, entry in
      var record = entry.value
      record.seq = i + 1
      return record
    }
  }

  /// A line of events.jsonl: the normalized record.
  var event: JSONValue {
    .object([
      "seq": .int(Int64(seq)), "source": .text(citation.source), "event_id": .text(citation.eventID),
      "time": .time(citation.time), "action": .text(citation.action), "outcome": .text(citation.outcome),
      "origin": .text(citation.origin),
      "cited_by": .array(citedBy.map { .object(["finding": .text($0.id), "role": .text($0.role)]) }),
    ])
  }

  /// A line of provenance.jsonl: where it was read, and where its line is.
  var provenance: JSONValue {
    var members: [String: JSONValue] = [
      "seq": .int(Int64(seq)), "source": .text(citation.source), "event_id": .text(citation.eventID),
      "path": .text(EscapedText.path(citation.file)), "offset": .int(Int64(truncatingIfNeeded: citation.offset)),
      "length": .int(Int64(citation.length)), "record_index": .int(Int64(citation.index)),
      "sha256": citation.sha256.isEmpty ? .null : .text(citation.sha256),
    ]
    if let line {
      members["raw_file"] = .text(line.file)
      members["raw_offset"] = .int(Int64(line.offset))
      members["raw_length"] = .int(Int64(line.length))
      members["raw_sha256"] = .text(line.sha256)
      members["raw_form"] = .text(line.form.rawValue)
    } else {
      members["missing"] = .text(citation.missing ?? "not fetched")
    }
    return .object(members)
  }

  var message: String {
    let detections = citedBy.map { "\($0.detection) \($0.id.prefix(12)) (\($0.role))" }
    return
      "\(citation.action) \(citation.outcome) from \(citation.origin), cited by \(detections.joined(separator: ", "))"
  }

  /// A line of timeline.jsonl (Timesketch); nil for a record without a time.
  var timeline: JSONValue? {
    guard citation.time != Timestamp.none else { return nil }
    return .object([
      "message": .text(message), "datetime": .time(citation.time), "timestamp_desc": .text("Event Logged"),
      "source": .text(citation.source), "event_id": .text(citation.eventID), "seq": .int(Int64(seq)),
    ])
  }

  var timelineCells: [String] {
    [
      Timestamp.text(citation.time), "Event Logged", message, citation.source, citation.eventID, String(seq),
    ]
  }
}

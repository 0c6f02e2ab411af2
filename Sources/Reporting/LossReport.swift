import EventModel
import Evidence

/// The ledger as `loss.json`: what was read, and everything that was not (reliability.md P3, P5).
struct LossReport {
  let snapshot: EvidenceSnapshot
  init(_ snapshot: EvidenceSnapshot) { self.snapshot = snapshot }

  var value: JSONValue {
    .object([
      "sources": .array(snapshot.sources.map(LossReport.source)),
      "rejects": .array(
        snapshot.rejects.map {
          .object([
            "path": .text(EscapedText.path($0.path)), "reason": .text($0.reason), "count": .int($0.count),
            "first_offset": .int($0.firstOffset), "sample_hash": .text($0.sampleHash),
          ])
        }),
      "gaps": .array(snapshot.gaps.map(LossReport.gap)),
      "totals": counters(snapshot.sources.reduce(SourceCounters()) { $0 + $1.counters }),
    ])
  }

  private static func source(_ s: SourceRow) -> JSONValue {
    .object([
      "path": .text(EscapedText.path(s.path)), "log": .text(s.log), "state": .text(s.state), "shape": .text(s.shape),
      "read_to": .int(s.plainOffset), "record_index": .int(s.recordIndex), "first_event": .time(s.firstEvent),
      "last_event": .time(s.lastEvent), "content_hash": .text(s.contentHash),
      "counters": LossReport.counters(s.counters),
    ])
  }

  private static func gap(_ g: GapRow) -> JSONValue {
    .object([
      "path": .text(EscapedText.path(g.path)), "reason": .text(g.reason), "detail": .text(g.detail),
      "from_offset": g.fromOffset.map { .int($0) } ?? .null, "to_offset": g.toOffset.map { .int($0) } ?? .null,
      "from_time": .time(g.fromTime), "to_time": .time(g.toTime),
    ])
  }

  private func counters(_ c: SourceCounters) -> JSONValue { LossReport.counters(c) }

  private static func counters(_ c: SourceCounters) -> JSONValue {
    .object(Dictionary(zip(SourceCounters.names, c.values.map { JSONValue.int($0) })) { first, _ in first })
  }
}

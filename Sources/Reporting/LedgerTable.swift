import EventModel
import Evidence

/// What `status` shows of the ledger: a block an input, then gaps and totals.
public struct LedgerTable: Sendable {
  public var style: TerminalStyle
  public init(style: TerminalStyle) { self.style = style }

  public func render(sources: [SourceRow], rejects: [RejectRow], gaps: [GapRow]) -> String {
    var out = ""
    let reasons = Dictionary(grouping: rejects, by: \.path)
    let holes = Dictionary(grouping: gaps, by: \.path)
    for source in sources.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
      out += block(source, reasons[source.path] ?? [], holes[source.path] ?? [])
    }
    let known = Set(sources.map(\.path))
    for reject in rejects where !known.contains(reject.path) {
      out += line("\(reject.path): \(reject.reason), \(reject.count)")
    }
    for gap in gaps where !known.contains(gap.path) { out += line("\(gap.path): " + text(gap)) }
    return out + totals(sources, gaps)
  }

  private func block(_ s: SourceRow, _ rejects: [RejectRow], _ gaps: [GapRow]) -> String {
    let c = s.counters
    var out = style.bold(TextWidth.cutInside(EscapedText.terminal(s.path), style.width)) + "\n"
    let log = s.log.isEmpty ? "not recognised" : s.log
    out += line("  \(log)  \(s.state)  \(c.decompressedBytes) bytes")
    out += line("  \(c.records) records: \(c.accepted) accepted" + parts(c))
    if let first = s.firstEvent, let last = s.lastEvent {
      out += line("  events \(Timestamp.text(first)) to \(Timestamp.text(last))")
    }
    for reject in rejects {
      out += line("  rejected \(reject.count): \(reject.reason), first at byte \(reject.firstOffset)")
    }
    for gap in gaps { out += line("  " + text(gap)) }
    if c.unaccountedBytes != 0 || c.unaccountedRecords != 0 {
      out += line("  BUG: \(c.unaccountedBytes) bytes and \(c.unaccountedRecords) records are not accounted for")
    }
    return out
  }

  /// Classes of records that there are any of.
  private func parts(_ c: SourceCounters) -> String {
    let all = [
      ("duplicate", c.duplicate), ("id conflict", c.idConflict), ("late", c.late), ("future", c.future),
      ("quarantined", c.quarantined), ("unrecognised", c.unrecognised), ("filtered", c.filtered),
    ]
    return all.filter { $0.1 != 0 }.map { ", \($0.1) \($0.0)" }.joined()
  }

  private func text(_ gap: GapRow) -> String {
    var out = "gap (\(gap.reason))"
    if let from = gap.fromOffset { out += " from byte \(from)" }
    if let to = gap.toOffset { out += " to byte \(to)" }
    if let from = gap.fromTime { out += " from \(Timestamp.text(from))" }
    if let to = gap.toTime { out += " to \(Timestamp.text(to))" }
    return gap.detail.isEmpty ? out : out + ": " + gap.detail
  }

  private func totals(_ sources: [SourceRow], _ gaps: [GapRow]) -> String {
    let sum = sources.reduce(SourceCounters()) { $0 + $1.counters }
    let lost = sum.malformedBytes + sum.oversizeBytes
    return line(
      "\(sources.count) inputs, \(sum.records) records, \(sum.accepted) accepted, \(sum.duplicate) duplicates, "
        + "\(lost) bytes not parsed, \(gaps.count) gaps")
  }

  private func line(_ text: String) -> String {
    let escaped = EscapedText.terminal(text)
    let indent = text.utf8.starts(with: "  ".utf8) ? "  " : ""
    return TextWidth.wrap(escaped, style.width - indent.utf8.count).map { indent + $0 + "\n" }.joined()
  }
}

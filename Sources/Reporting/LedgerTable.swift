import EventModel
import Evidence

/// What `status` shows of the ledger: a line for each log, a block for each input that something is to be said of (or for
/// each), then gaps and totals.
public struct LedgerTable: Sendable {
  public var style: TerminalStyle
  /// A block also for an input that was read without a loss.
  public var listsAll: Bool

  public init(style: TerminalStyle, listsAll: Bool = false) {
    self.style = style
    self.listsAll = listsAll
  }

  public func render(sources: [SourceRow], rejects: [RejectRow], gaps: [GapRow]) -> String {
    var out = logs(sources)
    var quiet = 0
    let reasons = Dictionary(grouping: rejects, by: \.path)
    let holes = Dictionary(grouping: gaps, by: \.path)
    for source in sources.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
      let (rejected, missing) = (reasons[source.path] ?? [], holes[source.path] ?? [])
      if !listsAll, isPlain(source), rejected.isEmpty, missing.isEmpty {
        quiet += 1
      } else {
        out += block(source, rejected, missing)
      }
    }
    let known = Set(sources.map(\.path))
    for reject in rejects where !known.contains(reject.path) {
      out += line("\(reject.path): \(reject.reason), \(reject.count)")
    }
    for gap in gaps where !known.contains(gap.path) { out += line("\(gap.path): " + text(gap)) }
    if quiet > 0 { out += line("\(quiet) inputs without a loss are not listed here; --inputs lists each") }
    return out + totals(sources, gaps)
  }

  /// Nothing is to be said of it but what its log's line says.
  private func isPlain(_ s: SourceRow) -> Bool {
    let c = s.counters
    return !s.log.isEmpty && !s.state.hasPrefix("incomplete") && parts(c, besides: ["duplicate"]).isEmpty
      && c.unaccountedBytes == 0 && c.unaccountedRecords == 0
  }

  private func logs(_ sources: [SourceRow]) -> String {
    var out = ""
    let known = Dictionary(grouping: sources.filter { !$0.log.isEmpty }, by: \.log)
    for (log, sources) in known.sorted(by: { $0.key < $1.key }) {
      let sum = sources.reduce(SourceCounters()) { $0 + $1.counters }
      out += style.bold(TextWidth.cutInside(EscapedText.terminal(log), style.width)) + "\n"
      out += line(
        "  \(sources.count) input\(sources.count == 1 ? "" : "s"), \(sum.records) records: \(sum.accepted) accepted"
          + parts(sum))
      if let first = sources.compactMap(\.firstEvent).min(), let last = sources.compactMap(\.lastEvent).max() {
        out += line("  events \(Timestamp.text(first)) to \(Timestamp.text(last))")
      }
    }
    return out.isEmpty ? "" : out + "\n"
  }

  private func block(_ s: SourceRow, _ rejects: [RejectRow], _ gaps: [GapRow]) -> String {
    let c = s.counters
    var out = style.bold(TextWidth.cutInside(EscapedText.terminal(s.path), style.width)) + "\n"
    // What is no log has no losses.
    if s.log.isEmpty, !listsAll { return out + line("  no known log, \(c.decompressedBytes) bytes") }
    out += line("  \(s.log.isEmpty ? "no known log" : s.log)  \(s.state)  \(c.decompressedBytes) bytes")
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
  private func parts(_ c: SourceCounters, besides hidden: Set<String> = []) -> String {
    let all = [
      ("duplicate", c.duplicate), ("id conflict", c.idConflict), ("late", c.late), ("future", c.future),
      ("quarantined", c.quarantined), ("unrecognised", c.unrecognised), ("filtered", c.filtered),
    ]
    return all.filter { $0.1 != 0 && !hidden.contains($0.0) }.map { ", \($0.1) \($0.0)" }.joined()
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

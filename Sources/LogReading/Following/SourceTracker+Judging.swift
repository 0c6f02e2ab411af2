extension SourceTracker {
  /// What `snapshot` is, or what has to be known first. `seen`: all files of this scan. `isOpen`: a reader holds it.
  ///
  /// Pure; reliability.md 2.4 is the table.
  public func judge(
    _ snapshot: SourceSnapshot, answers: SourceAnswers, seen: Set<FileIdentity>, isOpen: Bool = false
  ) -> SourceJudgement {
    if let failure = answers.failure { return .verdict(.unreadable(failure)) }
    guard let record = record(of: snapshot.file) else { return judgeNew(snapshot, answers, seen) }
    if record.state == .shadow { return judgeShadow(record, snapshot, answers, seen) }
    return judgeKnown(record, snapshot, answers, isOpen)
  }

  private func judgeKnown(
    _ record: SourceRecord, _ snapshot: SourceSnapshot, _ answers: SourceAnswers, _ isOpen: Bool
  ) -> SourceJudgement {
    let isUntouched = snapshot.size == record.size && snapshot.changed == record.changed
    if isUntouched { return .verdict(.same(record.id)) }
    if !record.isGzip, snapshot.size < record.offset { return replaced(.truncated(record.id), answers) }
    // The inflater of an open gzip file stands behind the offset already and notices by itself.
    let isGrownGzip = record.isGzip && isOpen && snapshot.size >= record.size
    if record.offset > 0, !isGrownGzip {
      switch answers.markers[record.offset] {
      case nil: return .ask(.markers([record.offset]))
      case .digest(record.checkpoint.marker): break
      case .digest: return replaced(.rewritten(record.id), answers)
      case .shorter: return replaced(record.isGzip ? .rewritten(record.id) : .truncated(record.id), answers)
      }
    }
    // Offset 0: nothing was read, nothing can contradict.
    if record.prefixLength < SourceQuestion.prefixLength, answers.prefix == nil { return .ask(.prefix) }
    return .verdict(.same(record.id))
  }

  /// The new source in the old file needs a prefix of its own.
  private func replaced(_ verdict: SourceVerdict, _ answers: SourceAnswers) -> SourceJudgement {
    answers.prefix == nil ? .ask(.prefix) : .verdict(verdict)
  }

  private func judgeNew(
    _ snapshot: SourceSnapshot, _ answers: SourceAnswers, _ seen: Set<FileIdentity>
  ) -> SourceJudgement {
    guard let prefix = answers.prefix else { return .ask(.prefix) }
    let isChanging = waiting[snapshot.file] != snapshot.size
    let candidates = candidates(for: prefix, seen: seen)
    guard !candidates.isEmpty else {
      // What gzip has written so far may not show its first bytes yet.
      let mayTell = !records.isEmpty && prefix.count < SourceQuestion.minimalPrefix && answers.isUnfinished
      return .verdict(mayTell && isChanging ? .wait : .new)
    }
    let unasked = candidates.map(\.offset).filter { answers.markers[$0] == nil }
    if !unasked.isEmpty { return .ask(.markers(unasked)) }
    for candidate in candidates where answers.markers[candidate.offset] == .digest(candidate.checkpoint.marker) {
      return .verdict(.inherits(candidate.id))
    }
    // Shorter than what was read: another file, unless it is still being copied or compressed.
    let isShorter = candidates.contains { answers.markers[$0.offset] == .shorter }
    return .verdict(isShorter && isChanging ? .wait : .new)
  }

  private func judgeShadow(
    _ record: SourceRecord, _ snapshot: SourceSnapshot, _ answers: SourceAnswers, _ seen: Set<FileIdentity>
  ) -> SourceJudgement {
    guard let original = record.shadowOf.flatMap({ records[$0] }) else { return .verdict(.standsAlone(record.id)) }
    if original.offset > record.offset {
      switch answers.markers[original.offset] {
      case nil: return .ask(.markers([original.offset]))
      case .digest(original.checkpoint.marker): return .verdict(.advances(record.id))
      default: return .verdict(.standsAlone(record.id))
      }
    }
    let isThere = original.isCurrent && seen.contains(original.file)
    let hasMore = !record.isGzip && !original.isGzip && snapshot.size > original.size
    return .verdict(isThere && !hasMore ? .same(record.id) : .standsAlone(record.id))
  }
}

import EventModel
import EventWindow

extension DetectionEngine {
  /// What became of the findings since the last time this was asked.
  public struct Changes: Sendable {
    /// New ones, and those with more events, evidence or severity.
    public var changed: [Finding] = []
    /// Ids of findings that no longer stand: something that came later explains them.
    public var gone: [String] = []
    /// Findings that were told before and have another rank now: why they are held back, nil for no more.
    public var ranked: [(id: String, heldBack: String?)] = []
  }

  /// What a draft was when it was last told.
  struct DraftMark: Sendable {
    var count: Int
    var severity: Severity
    var cited: Int
    var lastSeen: Int64
    var isHeldBack: Bool
    var id: String
    /// Of the rows that it cites the earliest; `Timestamp.none` where one of them has no time.
    var oldest: Int64

    func isSame(as draft: Draft) -> Bool {
      count == draft.count && severity == draft.severity && cited == draft.citations && lastSeen == draft.lastSeen
    }
  }

  /// Findings to store now. O(findings held) without building those that did not change.
  ///
  /// A finding is gone only where all rows that it cites were there to be judged again: one whose mint or first use was let
  /// go since stands as it is stored.
  public mutating func takeChanges() -> Changes {
    var changes = Changes()
    changes.ranked = rankSettledDays()
    for (key, draft) in judgement.drafts {
      if let mark = marks[key], mark.isSame(as: draft), mark.isHeldBack == (held(mark.id, draft) != nil) { continue }
      var finding = FindingBuilder.finding(key, draft, judgement, content)
      let why = held(finding.id, draft)
      if let why { finding.holdBack(why) }
      if marks[key]?.isHeldBack == true, why == nil { changes.ranked.append((finding.id, nil)) }
      marks[key] = DraftMark(
        count: draft.count, severity: draft.severity, cited: draft.citations, lastSeen: draft.lastSeen,
        isHeldBack: why != nil, id: finding.id, oldest: oldestCited(by: draft))
      changes.changed.append(finding)
    }
    for (key, mark) in marks where judgement.drafts[key] == nil {
      if evictedUntil == Int64.min || (mark.oldest != Timestamp.none && mark.oldest > evictedUntil) {
        changes.gone.append(mark.id)
      }
      marks[key] = nil
    }
    changes.changed.sort { ($0.firstSeen, $0.id) < ($1.firstSeen, $1.id) }
    return changes
  }

  /// What became graver since it was ranked is none of the graded.
  private func held(_ id: String, _ draft: Draft) -> String? { draft.severity <= .medium ? ranks.held[id] : nil }

  private func oldestCited(by draft: Draft) -> Int64 {
    var oldest = Int64.max
    for row in draft.cited.values.joined() {
      let time = judgement.window.isHeld(row) ? judgement.window[row].time : Timestamp.none
      if time == Timestamp.none { return time }
      oldest = min(oldest, time)
    }
    return oldest
  }

  /// Ranks the days that are settled, where one is new among them or findings of one have changed.
  /// - Returns: what has another rank of what was let go.
  private mutating func rankSettledDays() -> [(id: String, heldBack: String?)] {
    guard let newest else { return [] }
    let settled = max(ranks.day, Budgets.settledDay(newest))
    guard let days = ranks.days(until: settled) else { return [] }
    let isNew = settled > ranks.day
    ranks.day = settled
    func hasChanged(_ key: DraftKey, _ draft: Draft) -> Bool {
      days.contains(key.day) && marks[key]?.isSame(as: draft) != true
    }
    guard
      isNew || judgement.drafts.contains(where: { hasChanged($0.key, $0.value) })
        || marks.contains(where: { days.contains($0.key.day) && judgement.drafts[$0.key] == nil })
    else { return [] }
    // Let go, and made again of later rows: it has one rank.
    let live = Set(judgement.drafts.keys.filter { days.contains($0.day) }.map { findingID($0) })
    let gone = ranks.gone.mapValues { $0.filter { !live.contains($0.id) } }
    var held = Budgets.heldBack(judgement, content.definitions, days: days, gone: gone)
    for (key, mark) in marks where mark.isHeldBack && key.day < days.lowerBound { held[mark.id] = ranks.held[mark.id] }
    ranks.held = held
    var changed: [(id: String, heldBack: String?)] = []
    for candidate in gone.values.joined() {
      let why = ranks.held[candidate.id]
      if (why != nil) == ranks.heldOfGone.contains(candidate.id) { continue }
      changed.append((candidate.id, why))
      if why != nil { ranks.heldOfGone.insert(candidate.id) } else { ranks.heldOfGone.remove(candidate.id) }
    }
    return changed.sorted { $0.id < $1.id }
  }

  private func findingID(_ key: DraftKey) -> String {
    FindingBuilder.id(content.definitions[key.detection], key, judgement)
  }

  /// Lets rows go that end before `time`, and the findings whose last event lies before it: those stand as stored.
  /// - Returns: the numbers of the window's batches that are empty now.
  public mutating func evict(before time: Int64) -> [Int] {
    note(judgement.window.evict(before: time), lastSeen: time)
  }

  /// Lets the oldest rows go until the window holds no more than `bytes`, and the findings of which nothing is held.
  /// - Returns: the numbers of the window's batches that are empty now.
  public mutating func evict(downTo bytes: Int) -> [Int] { note(judgement.window.evict(downTo: bytes)) }

  private mutating func note(_ evicted: EventWindow.Evicted, lastSeen time: Int64? = nil) -> [Int] {
    if evicted.batches.isEmpty { return [] }
    evictedUntil = max(evictedUntil, evicted.until)
    let settled = newest.map(Budgets.settledDay)
    if let settled { ranks.forget(behind: settled) }
    let end = time ?? evictedUntil
    judgement.drafts = judgement.drafts.filter { key, draft in
      // Without a time, or in the future, it is as old as what it cites.
      let isTimed = draft.lastSeen != Timestamp.none && draft.lastSeen <= newest ?? Int64.min
      let isHeld =
        (isTimed && draft.lastSeen >= end)
        || ((!isTimed || time == nil) && draft.cited.values.joined().contains { judgement.window.isHeld($0) })
      if !isHeld, let found = Budgets.candidate(key, draft, judgement, content.definitions) {
        ranks.letGo(found.candidate, of: found.share)
        if ranks.held[found.candidate.id] != nil { ranks.heldOfGone.insert(found.candidate.id) }
      }
      return isHeld
    }
    marks = marks.filter { judgement.drafts[$0.key] != nil }
    return evicted.batches
  }

  /// A journal batch that will send nothing more.
  public mutating func forget(worker: Int) { judgement.window.forget(worker: worker) }

  /// Event time of the newest row that is not in the future; nil before the first.
  public var newest: Int64? { judgedUntil == Int64.min || judgedUntil == Timestamp.none ? nil : judgedUntil }
}

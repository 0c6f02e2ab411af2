import EventModel
import EventWindow

extension DetectionEngine {
  /// What became of the findings since the last time this was asked.
  public struct Changes: Sendable {
    /// New ones, and those with more events, evidence or severity.
    public var changed: [Finding] = []
    /// Ids of findings that no longer stand: something that came later explains them.
    public var gone: [String] = []
  }

  /// What a draft was when it was last told.
  struct DraftMark: Sendable {
    var count: Int
    var severity: Severity
    var cited: Int
    var lastSeen: Int64
    var isHeldBack: Bool
    var id: String

    func isSame(as draft: Draft, cited now: Int, isHeldBack held: Bool) -> Bool {
      count == draft.count && severity == draft.severity && cited == now && lastSeen == draft.lastSeen
        && isHeldBack == held
    }
  }

  /// Findings to store now. O(findings held) without building those that did not change.
  public mutating func takeChanges() -> Changes {
    var changes = Changes()
    rankSettledDays()
    for (key, draft) in judgement.drafts {
      let cited = draft.cited.values.reduce(0) { $0 + $1.count }
      // What became graver since is none of the graded.
      let held = draft.severity <= .medium ? heldBack[key] : nil
      if marks[key]?.isSame(as: draft, cited: cited, isHeldBack: held != nil) == true { continue }
      var finding = FindingBuilder.finding(key, draft, judgement, content)
      if let held { finding.holdBack(held) }
      marks[key] = DraftMark(
        count: draft.count, severity: draft.severity, cited: cited, lastSeen: draft.lastSeen, isHeldBack: held != nil,
        id: finding.id)
      changes.changed.append(finding)
    }
    for (key, mark) in marks where judgement.drafts[key] == nil {
      changes.gone.append(mark.id)
      marks[key] = nil
    }
    changes.changed.sort { ($0.firstSeen, $0.id) < ($1.firstSeen, $1.id) }
    return changes
  }

  /// Each day once, when it is settled: what comes later of it is told as it is.
  private mutating func rankSettledDays() {
    guard let newest else { return }
    let day = Budgets.settledDay(newest)
    guard day > rankedDay else { return }
    let next = rankedDay == Int32.min ? rankedDay : rankedDay + 1
    heldBack.merge(Budgets.heldBack(judgement, content.definitions, days: next...day)) { $1 }
    rankedDay = day
  }

  /// Lets rows go that end before `time`, and the findings whose last event lies before it: those stand as stored.
  /// - Returns: the numbers of the window's batches that are empty now.
  public mutating func evict(before time: Int64) -> [Int] {
    let evicted = judgement.window.evict(before: time)
    if evicted.isEmpty { return [] }
    judgement.drafts = judgement.drafts.filter { $0.value.lastSeen >= time || $0.value.lastSeen == Timestamp.none }
    marks = marks.filter { $0.value.lastSeen >= time || $0.value.lastSeen == Timestamp.none }
    heldBack = heldBack.filter { judgement.drafts[$0.key] != nil }
    return evicted
  }

  /// A journal batch that will send nothing more.
  public mutating func forget(worker: Int) { judgement.window.forget(worker: worker) }

  /// Event time of the newest row that is not in the future; nil before the first.
  public var newest: Int64? { judgedUntil == Int64.min || judgedUntil == Timestamp.none ? nil : judgedUntil }
}

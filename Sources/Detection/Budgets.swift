import EventModel

/// Daily budgets for what is graded, not certain: of a family and a UTC day only the best ranked keep their severity.
///
/// Graded is a finding of medium severity that rests on a candidate join, or on a comparison with history. What is ranked
/// below the budget stays a finding: it is low and says why. A day is ranked once it is settled, so that the ranks are a
/// function of all its events. O(graded findings of the day), and nothing for an event.
enum Budgets {
  /// Of a day, for up to 10,000 identities; of more in proportion.
  private static let limits: [Family: Int] = [.tokenReuse: 5, .lateralMovement: 5, .outOfScope: 10]
  /// All other families together.
  private static let others = 10
  private static let population = 10_000

  /// The last day that is settled when the newest event is of `time`: it ended two hours before.
  static func settledDay(_ time: Int64) -> Int32 { Timestamp.utcDay(time - 2 * Timestamp.hour) - 1 }

  private struct Candidate {
    var key: DraftKey
    var grade: Grade
    var count: Int
    var firstSeen: Int64
    var id: String
  }

  private struct Share: Hashable {
    var family: Family?
    var day: Int32
  }

  /// What is ranked below the budgets of some settled days, with words for why.
  static func heldBack(
    _ judgement: Judgement, _ definitions: [DetectionDefinition], days: ClosedRange<Int32>
  ) -> [DraftKey: String] {
    var shares: [Share: [Candidate]] = [:]
    for (key, draft) in judgement.drafts where days.contains(key.day) && draft.firstSeen != Timestamp.none {
      let definition = definitions[key.detection]
      guard draft.severity == .medium, draft.confidence == .candidate || definition.freshStore != .fires else {
        continue
      }
      let family = limits[definition.family] == nil ? nil : definition.family
      shares[Share(family: family, day: key.day), default: []].append(
        Candidate(
          key: key, grade: draft.confidence, count: draft.count, firstSeen: draft.firstSeen,
          id: FindingBuilder.id(definition, key, judgement)))
    }
    var held: [DraftKey: String] = [:]
    for (share, candidates) in shares {
      let limit = limit(share.family, identities: judgement.tenure.census.identities)
      if candidates.count <= limit { continue }
      for (rank, candidate) in candidates.sorted(by: goesBefore).enumerated().dropFirst(limit) {
        let family = share.family?.rawValue ?? "other families"
        held[candidate.key] =
          "\(rank + 1) of \(candidates.count) graded ones of \(family) that day; \(limit) keep medium"
      }
    }
    return held
  }

  static func limit(_ family: Family?, identities: Int) -> Int {
    let limit = family.flatMap { limits[$0] } ?? others
    return max(limit, (limit * identities + population - 1) / population)
  }

  /// The surer, then what has more events, then the earlier.
  private static func goesBefore(_ a: Candidate, _ b: Candidate) -> Bool {
    if a.grade != b.grade { return a.grade > b.grade }
    if a.count != b.count { return a.count > b.count }
    return (a.firstSeen, a.id) < (b.firstSeen, b.id)
  }
}

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

  /// What is graded, as far as its rank depends on it.
  struct Candidate: Sendable {
    var id: String
    var grade: Grade
    var count: Int
    var firstSeen: Int64

    /// The surer, then what has more events, then the earlier.
    func goesBefore(_ other: Candidate) -> Bool {
      if grade != other.grade { return grade > other.grade }
      if count != other.count { return count > other.count }
      return (firstSeen, id) < (other.firstSeen, other.id)
    }
  }

  /// What shares one budget: the findings of a family (nil: of all that have no budget of their own) and a day.
  struct Share: Hashable, Sendable {
    var family: Family?
    var day: Int32
  }

  /// The share and the rank's data of a draft; nil where it is not graded, or has no day.
  static func candidate(
    _ key: DraftKey, _ draft: Draft, _ judgement: Judgement, _ definitions: [DetectionDefinition]
  ) -> (share: Share, candidate: Candidate)? {
    let definition = definitions[key.detection]
    guard draft.firstSeen != Timestamp.none, draft.severity == .medium,
      draft.confidence == .candidate || definition.freshStore != .fires
    else { return nil }
    let family = limits[definition.family] == nil ? nil : definition.family
    let candidate = Candidate(
      id: FindingBuilder.id(definition, key, judgement), grade: draft.confidence, count: draft.count,
      firstSeen: draft.firstSeen)
    return (Share(family: family, day: key.day), candidate)
  }

  /// What is ranked below the budgets of some settled days, by finding id, with words for why.
  /// - Parameter gone: candidates whose drafts were let go; they have their ranks all the same.
  static func heldBack(
    _ judgement: Judgement, _ definitions: [DetectionDefinition], days: ClosedRange<Int32>,
    gone: [Share: [Candidate]] = [:]
  ) -> [String: String] {
    var shares = gone.filter { days.contains($0.key.day) }
    for (key, draft) in judgement.drafts where days.contains(key.day) {
      if let found = candidate(key, draft, judgement, definitions) {
        shares[found.share, default: []].append(found.candidate)
      }
    }
    var held: [String: String] = [:]
    for (share, candidates) in shares {
      let limit = limit(share.family, identities: judgement.tenure.census.identities)
      if candidates.count <= limit { continue }
      for (rank, candidate) in candidates.sorted(by: { $0.goesBefore($1) }).enumerated().dropFirst(limit) {
        let family = share.family?.rawValue ?? "other families"
        held[candidate.id] =
          "\(rank + 1) of \(candidates.count) graded ones of \(family) that day; \(limit) keep medium"
      }
    }
    return held
  }

  static func limit(_ family: Family?, identities: Int) -> Int {
    let limit = family.flatMap { limits[$0] } ?? others
    return max(limit, (limit * identities + population - 1) / population)
  }
}

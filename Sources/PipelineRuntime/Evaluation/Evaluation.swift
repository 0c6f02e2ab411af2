import EventModel

/// What labelled cases say about the detections: agreement by family, log and label kind.
///
/// Strict: a malicious case counts as found when a finding at or above `minimum` is of the label's family and cites a record
/// of the case. Lenient: any finding at or above `minimum`. A benign case that any such finding fires on is a false alarm in
/// both.
public struct Evaluation: Sendable {
  public struct Group: Sendable {
    /// `family`, `log`, `label`, `concern`; for agents `suite`, `pipeline`.
    public var dimension: String
    public var value: String
    public var strict = Agreement()
    public var lenient = Agreement()
  }

  public let minimum: Severity
  public let outcomes: [CaseOutcome]
  public private(set) var all = Group(dimension: "all", value: "")
  /// By dimension in the order of the labels, then by value.
  public private(set) var groups: [Group] = []
  /// What the reader of the figures must know: parameters that were not the content's own.
  public var notes: [String] = []
  /// In a corpus whose truth is known: findings that nothing planted explains.
  public var unexpected: [Finding] = []

  public init(_ outcomes: [CaseOutcome], minimum: Severity) {
    self.minimum = minimum
    self.outcomes = outcomes
    var dimensions: [String] = []
    var found: [String: Group] = [:]
    for outcome in outcomes {
      guard let malicious = outcome.item.isMalicious else { continue }
      let (strict, lenient) = (Self.strict(outcome, minimum), outcome.fires(minimum))
      all.strict.count(malicious: malicious, fires: strict)
      all.lenient.count(malicious: malicious, fires: lenient)
      let reading = ("read", outcome.isUnrecognised ? "no source knows it" : "known log")
      for (dimension, value) in outcome.item.groups + [reading] {
        if !dimensions.contains(dimension) { dimensions.append(dimension) }
        let key = dimension + "\n" + value
        found[key, default: Group(dimension: dimension, value: value)].strict.count(malicious: malicious, fires: strict)
        found[key, default: Group(dimension: dimension, value: value)].lenient.count(
          malicious: malicious, fires: lenient)
      }
    }
    groups = dimensions.flatMap { dimension in
      found.values.filter { $0.dimension == dimension }.sorted { $0.value < $1.value }
    }
  }

  private static func strict(_ outcome: CaseOutcome, _ minimum: Severity) -> Bool {
    outcome.item.isMalicious == true ? outcome.firesStrictly(minimum) : outcome.fires(minimum)
  }

  public func group(_ dimension: String, _ value: String) -> Group? {
    groups.first { $0.dimension == dimension && $0.value == value }
  }

  /// Malicious cases that are not found strictly.
  public var misses: [CaseOutcome] {
    outcomes.filter { $0.item.isMalicious == true && !$0.firesStrictly(minimum) }
  }

  public var falseAlarms: [CaseOutcome] { outcomes.filter { $0.item.isMalicious == false && $0.fires(minimum) } }

  /// Findings at or above `minimum` on benign cases of a label kind, and the events that those hold.
  public func noise(label: String) -> (findings: Int, events: Int, reuse: Int) {
    var noise = (findings: 0, events: 0, reuse: 0)
    for outcome in outcomes where outcome.item.label == label && outcome.item.isMalicious == false {
      let loud = outcome.findings.filter { $0.severity >= minimum }
      noise.findings += loud.count
      noise.reuse += loud.count { $0.family == .tokenReuse }
      noise.events += outcome.accepted
    }
    return noise
  }
}

import EventModel

/// The parameters of ``RareAct``, read once.
struct RareActRules: Sendable {
  enum Attempts: String { case lower, count, ignore }
  /// What a circumstance does: silences the act, makes it low, lowers it by one, or nothing.
  enum Effect: String { case silent, low, lower, none }
  enum Actors: String { case any, machine, programmatic }
  /// `T0` is never routine, `T1` becomes low by habit.
  enum Tier: String {
    case never = "T0"
    case occasional = "T1"
  }
  /// Whose habit makes an act low: the actor's, or the target's, for which any act after the first is no news.
  enum Habit: String { case actor, target }
  /// What makes two acts of one actor on one day two findings, beside the fact and the outsider.
  enum Cause: String {
    case fact, endpoint, target
    case resourceKind = "resource-kind"
  }

  let wanted, with, unless, raising, lowering, loweringUnless, lesser: FactSet
  let making, following, preparing, sequenced, outside: FactSet
  /// Facts that are worth a look at all.
  let interesting: FactSet
  let names: [(fact: Fact, name: String)]
  let phrases: [String: String]
  let tier: Tier
  let attempts: Attempts
  let systemActors, serviceMade, iacRun, selfTarget: Effect
  let actors: Actors
  let cause: Cause
  let habit: Habit
  let duties: [String]
  /// Duties of which the act is the job: declared, counted, and no finding.
  let dutiesThatAllow: [String]
  let madeSpan, afterSpan, undoneSpan: Int64
  let undone: Fact?
  /// The detail that names accounts, or ``home``: the actor itself is the outsider.
  let outsideDetail: String
  static let home = "subject.home"
  /// System actors that act in the name of an owner, and the detail that names it.
  let controllers: [Glob]
  let ownerDetail: String
  let loweringDetails: Set<String>
  let skippedResources, minorActions, loweringTargets: [Glob]
  let raisedIfTargetHoldsKeys, raisedByUse: Bool

  init(_ parameters: Parameters, _ facts: FactVocabulary) throws(DetectionError) {
    var p = parameters
    func set(_ name: String) throws(DetectionError) -> FactSet { facts.set(try p.list(name, default: [])) }
    let texts = try p.list("facts")
    wanted = facts.set(texts)
    names = texts.compactMap { name in facts[name].map { ($0, name) } }
    with = try set("with_facts")
    unless = try set("unless_facts")
    raising = try set("raising_facts")
    lowering = try set("lowering_facts")
    loweringUnless = try set("lowering_unless_facts")
    lesser = try set("lesser_facts")
    making = try set("raised_after_facts")
    following = try set("raised_by_later_facts")
    madeSpan = try p.minutes("raised_after_minutes", default: 1440)
    preparing = try set("after_facts")
    sequenced = try set("after_for_facts")
    afterSpan = try p.minutes("after_minutes", default: 60)
    outside = try set("outside_facts")
    outsideDetail = try p.text("outside_detail", default: "")
    controllers = try p.list("controllers", default: []).map(Glob.init)
    ownerDetail = try p.text("owner_detail", default: "")
    undone = facts[try p.text("excused_by_fact", default: "")]
    undoneSpan = try p.minutes("excused_by_minutes", default: 1440)
    duties = try p.list("excused_duties", default: [])
    dutiesThatAllow = try p.list("allowed_duties", default: [])
    loweringDetails = Set(try p.list("lowering_details", default: []))
    skippedResources = try p.list("skipped_resources", default: []).map(Glob.init)
    minorActions = try p.list("minor_actions", default: []).map(Glob.init)
    loweringTargets = try p.list("lowering_targets", default: []).map(Glob.init)
    raisedIfTargetHoldsKeys = try p.text("raised_if_target_holds_keys", default: "no") == "yes"
    raisedByUse = try p.text("raised_by_use", default: "no") == "yes"
    tier = try RareActRules.word(&p, "tier", "T1")
    attempts = try RareActRules.word(&p, "attempts", "lower")
    systemActors = try RareActRules.word(&p, "system_actors", "silent")
    serviceMade = try RareActRules.word(&p, "service_made", "low")
    iacRun = try RareActRules.word(&p, "iac_run", tier == .never ? "none" : "low")
    selfTarget = try RareActRules.word(&p, "self_target", "none")
    actors = try RareActRules.word(&p, "actors", "any")
    cause = try RareActRules.word(&p, "cause", "fact")
    habit = try RareActRules.word(&p, "habit", "actor")
    var phrases: [String: String] = [:]
    for text in try p.list("phrases", default: []) {
      let parts = text.split(separator: "=", maxSplits: 1).map { String($0.trimming) }
      guard parts.count == 2, texts.contains(parts[0]) else {
        throw DetectionError("a phrase is written 'fact = words' and names one of 'facts': '\(text)'")
      }
      phrases[parts[0]] = parts[1]
    }
    self.phrases = phrases
    try p.checkAllRead()
    var all = wanted
    for one in [making, following, preparing] { all.formUnion(one) }
    interesting = all
  }

  private static func word<Word: RawRepresentable>(
    _ p: inout Parameters, _ name: String, _ standard: String
  ) throws(DetectionError) -> Word where Word.RawValue == String {
    let text = try p.text(name, default: standard)
    guard let word = Word(rawValue: text) else { throw DetectionError("parameter '\(name)' knows no '\(text)'") }
    return word
  }
}

extension FactSet {
  func subtracting(_ other: FactSet) -> FactSet { FactSet(bits: bits & ~other.bits) }
}

extension Substring {
  var trimming: Substring {
    var text = self
    while text.first == " " { text = text.dropFirst() }
    while text.last == " " { text = text.dropLast() }
    return text
  }
}

extension Judgement {
  /// The words for those of `set` that hold of the act.
  func names(_ set: FactSet, _ moment: Moment) -> String {
    facts.names(of: FactSet(bits: set.bits & moment.event.facts.bits)).joined(separator: ", ")
  }
}

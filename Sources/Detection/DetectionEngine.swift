import EventModel
import EventWindow
import Lineage

/// Window, survey and detectors of one run: takes batches in, judges them in event-time order, gives the findings.
///
/// The findings are a function of the rows, the content and the configuration. Judging all of n rows is one sort and two
/// passes. New rows that come in order are judged alone; rows that come late, or a mint, a run or a zone that explains
/// rows judged before, make everything held be judged again.
public struct DetectionEngine: Sendable {
  /// What the engine is made of: content, configuration, memory.
  public struct Content: Sendable {
    public var definitions: [DetectionDefinition]
    public var facts: FactVocabulary
    /// Source names by number, and whether each one's private addresses are one place.
    public var sourceNames: [String]
    public var oneVPC: [Bool]
    /// What each source is a log of.
    public var planes: [String]
    public var configuration: DetectionConfiguration
    public init(
      definitions: [DetectionDefinition], facts: FactVocabulary, sourceNames: [String], oneVPC: [Bool],
      planes: [String] = [], configuration: DetectionConfiguration
    ) {
      self.definitions = definitions
      self.facts = facts
      self.sourceNames = sourceNames
      self.oneVPC = oneVPC
      self.planes = planes
      self.configuration = configuration
    }
  }

  public let content: Content
  private let pristine: DetectorCatalogue
  private var catalogue: DetectorCatalogue
  public internal(set) var judgement: Judgement
  var marks: [DraftKey: DraftMark] = [:]
  /// Which days a watch has ranked, and what of them it holds back.
  public internal(set) var ranks: DayRanks
  /// Rows up to this time may have been let go: what is judged of them now is judged of less than there was.
  public var evictedUntil = Int64.min
  private var judgedBatches = 0
  private(set) var judgedUntil = Int64.min
  private var revision = 0

  /// - Parameter ranks: which days an earlier run of a watch has ranked, and how.
  /// - Throws: a detection whose parameters its kind does not take.
  public init(
    _ content: Content, memory: LongMemory, window: EventWindow = EventWindow(), ranks: DayRanks = DayRanks()
  ) throws(DetectionError) {
    self.ranks = ranks
    self.content = content
    pristine = try DetectorCatalogue(content.definitions, facts: content.facts)
    catalogue = pristine
    judgement = Judgement(
      window: window, survey: DetectionEngine.survey(content), configuration: content.configuration, memory: memory,
      definitions: content.definitions, facts: content.facts, oneVPC: content.oneVPC, sourceNames: content.sourceNames,
      planes: content.planes)
  }

  /// Checks that every detection's parameters are those of its kind.
  public static func check(_ definitions: [DetectionDefinition], facts: FactVocabulary) throws(DetectionError) {
    _ = try DetectorCatalogue(definitions, facts: facts)
  }

  private static func survey(_ content: Content) -> Survey {
    var undoing: [String] = []
    for definition in content.definitions { undoing += definition.parameters.values["excused_by_fact"] ?? [] }
    return Survey(
      configuration: content.configuration, oneVPC: content.oneVPC, facts: content.facts,
      undoing: content.facts.set(undoing))
  }

  public var window: EventWindow { judgement.window }
  public var lineage: Lineage { judgement.survey.lineage }
  public var memory: LongMemory { judgement.memory }
  /// Whether all rows are there when they are judged. What rests on absence is silent where not.
  public var isWhole: Bool {
    get { judgement.isWhole }
    set { judgement.isWhole = newValue }
  }

  /// Somebody looked at the rows of these inputs and found nothing wrong: what is compared with earlier runs learns from them
  /// and does not suspect them.
  public mutating func trust(inputsBefore input: UInt32) { judgement.trustedInputs = input }

  /// Takes a worker's batch; see ``EventWindow/absorb(worker:_:_:futureAfter:)``.
  public mutating func absorb(
    worker: Int, _ batch: EventBatch, _ delta: EventDictionaries.Delta, futureAfter now: Int64 = Int64.max
  ) -> EventWindow.Absorbed {
    judgement.window.absorb(worker: worker, batch, delta, futureAfter: now)
  }

  /// Everything was absorbed: what only serves to absorb is let go. A scan's step before it judges.
  public mutating func endReading() { judgement.window.endReading() }

  /// Everything was judged, and its findings were taken: what detectors keep is let go. A scan's step before it commits.
  public mutating func endJudging() {
    catalogue = pristine
    judgement.forgetActs()
  }

  /// What the long memory learned since it was last asked, by key. Earlier rows may be among it: merging them again changes
  /// nothing.
  public mutating func takeMemory() -> [(key: UInt64, entry: LongMemory.Entry)] { judgement.memory.takeChanged() }

  /// Lets the long memory go of what lies too far back from `day`.
  public mutating func ageMemory(to day: Int32) { judgement.memory.age(to: day) }

  /// Judges what was absorbed since the last call.
  /// - Parameters:
  ///   - stopped: asked every few thousand rows; once true, the rest is left, and nothing that was judged counts.
  ///   - surveyed: called with the engine when lineage and usage are known, before the detectors judge.
  /// - Returns: whether everything held had to be judged again.
  @discardableResult
  public mutating func judge(
    until stopped: () -> Bool = { false }, surveyed: (DetectionEngine) -> Void = { _ in }
  ) -> Bool {
    let numbers = judgement.window.batchNumbers
    let new = judgement.window.ordered(batches: judgedBatches..<numbers.upperBound)
    judgedBatches = numbers.upperBound
    guard let first = new.first else {
      surveyed(self)
      return false
    }
    let inOrder = judgement.window[first].time > judgedUntil || judgedUntil == Int64.min
    if inOrder {
      let news = survey(new)
      // What the survey of these very rows found holds for them; only earlier rows would need another look.
      if judgedUntil == Int64.min || judgement.survey.revision == revision {
        revision = judgement.survey.revision
        surveyed(self)
        judge(new, news, until: stopped)
        return false
      }
    }
    rejudge(surveyed, until: stopped)
    return true
  }

  private mutating func rejudge(_ surveyed: (DetectionEngine) -> Void, until stopped: () -> Bool) {
    catalogue = pristine
    judgement.reset(survey: DetectionEngine.survey(content))
    let all = judgement.window.ordered()
    let news = survey(all)
    revision = judgement.survey.revision
    surveyed(self)
    judge(all, news, until: stopped)
  }

  private mutating func survey(_ rows: [Row]) -> [Bool] { judgement.survey(rows) }

  private mutating func judge(_ rows: [Row], _ news: [Bool], until stopped: () -> Bool) {
    let window = judgement.window  // held once, not taken out for every row
    for (n, row) in rows.enumerated() {
      if n & 0x3fff == 0, stopped() { break }
      let event = window[row]
      let moment = Moment(event, row, window, isNews: news[n])
      let isFuture = event.flags.contains(.future)
      judgement.memory.learns = !isFuture
      judgement.attend(moment)
      catalogue.judge(moment, &judgement)
      if !isFuture { judgedUntil = max(judgedUntil, event.time) }
    }
    judgement.memory.learns = true
  }

  /// The findings that stand now, by id, those of settled days within their budgets. O(findings).
  public func findings() -> [Finding] {
    let held = newest.map { newest in
      Budgets.heldBack(judgement, content.definitions, days: Int32.min...Budgets.settledDay(newest))
    }
    return judgement.drafts.map { key, draft in
      var finding = FindingBuilder.finding(key, draft, judgement, content)
      if let why = held?[finding.id] { finding.holdBack(why) }
      return finding
    }.sorted { $0.id < $1.id }
  }

  /// How many machine identities were judged, and how many of them have a history that is compared with (OS2, OS3, OS5).
  public var census: (identities: Int, mature: Int) { judgement.tenure.census }

  /// Acts that declared exceptions allowed, by detection.
  public var allowed: [String: Int] { judgement.allowed }
}

extension Judgement {
  mutating func reset(survey: Survey) {
    self.survey = survey
    drafts.removeAll(keepingCapacity: true)
    allowed.removeAll()
    memory.settleRun()
    forgetProfiles()
  }

  /// - Returns: for each row whether it is news of its day.
  mutating func survey(_ rows: [Row]) -> [Bool] {
    let window = window  // held once, not taken out for every row
    return rows.map { survey.survey(window[$0], at: $0, in: window) }
  }
}

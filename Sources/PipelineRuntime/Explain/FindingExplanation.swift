import Detection
import EventModel
import Evidence
import PipelineContent
import Reporting

/// Why a finding stands, what to look at next, and how to say that it is normal.
public struct FindingExplanation {
  let finding: Finding
  let definition: DetectionDefinition?
  let configuration: Configuration
  let history: History?

  /// How far the identity is learned now, and by which detections.
  public struct History: Sendable {
    var learning: Learning
    var detections: [String]
    public init(learning: Learning, detections: [String]) {
      self.learning = learning
      self.detections = detections
    }
  }

  /// - Parameter definition: the finding's detection; nil where the content no longer has it.
  public init(
    _ finding: Finding, definition: DetectionDefinition?, configuration: Configuration, history: History? = nil
  ) {
    self.history = history
    self.finding = finding
    self.definition = definition
    self.configuration = configuration
  }

  /// The declaration that the identity falls under.
  var declared: IdentityDeclaration? {
    let names = [finding.identity.name, finding.identity.id].filter { !$0.isEmpty }
    return configuration.detection.identities.first { declaration in
      declaration.matches.contains { glob in names.contains { glob.matches($0) } }
    }
  }

  /// - Throws: a declaration that would not load: a bug of this program, told instead of printed.
  public func page() throws(ContentError) -> ExplanationPage {
    var page = ExplanationPage(
      finding: finding.id,
      title: "\(finding.severity.name)  \(finding.detection) \(finding.name): \(finding.title)")
    page.sections = [why, compared, state, guards] + learned + [next, blindSpots]
    page.sections += try NormalDeclaration(self).sections()
    return page
  }

  private var why: ExplanationPage.Section {
    var section = ExplanationPage.Section("why", "Why")
    section.add("what", finding.summary)
    section.add("expected", finding.explanation.expected)
    section.add("seen", finding.explanation.seen)
    section.add("threshold", finding.explanation.threshold)
    section.add("confidence", confidence)
    if let definition { section.add("rule", definition.description.trimmed) }
    return section
  }

  private var confidence: String {
    switch finding.confidence {
    case .exact: "exact: ids in the records are equal"
    case .asserted: "asserted: a record states the link, nothing proves it"
    case .strong: "strong: several fields agree and nothing else fits"
    case .candidate, .none: "candidate: it fits, others might; never more than medium"
    }
  }

  private var compared: ExplanationPage.Section {
    var section = ExplanationPage.Section("compared_with", "Compared with")
    for citation in finding.evidence where citation.role == .baseline {
      section.add(citation.role.rawValue, words(citation))
    }
    if section.fields.isEmpty {
      section.add(
        "",
        definition?.freshStore == .fires
          ? "Nothing: this detection needs no history, the act alone is enough."
          : "No earlier event: first seen, no baseline.")
    }
    let others = finding.evidence.filter { $0.role != .baseline }
    for citation in others.sorted(by: { ($0.role, $0.time) < ($1.role, $1.time) }) {
      section.add(citation.role.rawValue, words(citation))
    }
    return section
  }

  private func words(_ c: Finding.Citation) -> String {
    let time = c.time == Timestamp.none ? "no time" : Timestamp.text(c.time)
    return "\(time)  \(c.action) \(c.outcome)" + (c.origin.isEmpty ? "" : " from \(c.origin)")
      + "  (\(c.source) \(c.eventID))"
  }

  private var state: ExplanationPage.Section {
    var section = ExplanationPage.Section("state", "The state that made it fire")
    for (name, value) in finding.explanation.state { section.add(name, value) }
    section.add("count", "\(finding.count) event(s)")
    if finding.firstSeen != Timestamp.none {
      section.add("span", "\(Timestamp.text(finding.firstSeen)) to \(Timestamp.text(finding.lastSeen))")
    }
    return section
  }

  private var guards: ExplanationPage.Section {
    var section = ExplanationPage.Section("guards", "Guards that were weighed")
    for text in finding.explanation.guards.isEmpty ? definition?.guards ?? [] : finding.explanation.guards {
      section.add("", "\(text): \(GuardReason.why(text, self))")
    }
    if let definition, finding.severity < definition.severity {
      section.add("", "Together they lowered it from \(definition.severity.name) to \(finding.severity.name).")
    }
    return section
  }

  /// Machines only: of people and services no history is learned.
  private var learned: [ExplanationPage.Section] {
    guard let history, ActorKind(name: finding.identity.kind)?.isMachine == true else { return [] }
    var section = ExplanationPage.Section("history", "What is known of the identity")
    let who = history.detections.sorted().joined(separator: ", ")
    let learning = history.learning
    if let until = learning.until {
      section.add(
        "learning",
        "\(who) learn this identity until \(Timestamp.text(Int64(until) * Timestamp.day).prefix(10)) or later: until it had "
          + "\(Learning.daysNeeded) active days of 30, or \(Learning.eventsNeeded) events over three days")
    } else {
      section.add("learned", "\(who) compare this identity with its own history")
    }
    section.add("so far", "\(learning.activeDays) active day(s) of the last 30, at least \(learning.events) events")
    return [section]
  }

  private var next: ExplanationPage.Section {
    var section = ExplanationPage.Section("next", "What to look at next")
    for step in NextSteps.steps(finding) { section.add("", step) }
    return section
  }

  private var blindSpots: ExplanationPage.Section {
    var section = ExplanationPage.Section("blind_spots", "What this detection cannot see")
    for spot in definition?.blindSpots ?? [] { section.add("", spot) }
    return section
  }
}

/// Why a guard did not clear a finding, as far as the finding and the declarations tell.
enum GuardReason {
  static func why(_ text: String, _ explanation: FindingExplanation) -> String {
    let words = text.lowercased()
    func says(_ any: String...) -> Bool { any.contains { words.contains($0) } }
    let finding = explanation.finding
    let name = finding.identity.name.isEmpty ? finding.identity.id : finding.identity.name
    let lowers = says("(low)", "one lower", "never more than") ? "it can only lower" : "it did not hold"
    let trigger = finding.evidence.first { $0.role == .trigger }
    if says("zone", "network", "egress", "address") {
      return trigger.map { $0.origin.isEmpty ? "the log names no address" : "the call came from \($0.origin)" }
        ?? lowers
    }
    if says("declared", "duty", "duties", "exception") {
      guard let declared = explanation.declared else { return "nothing is declared of \(name)" }
      let duties =
        declared.duties.isEmpty ? "no duties" : "the duties " + declared.duties.sorted().joined(separator: ", ")
      return
        "'\(declared.id)' declares \(duties) and \(declared.exceptions.count { $0.detection == finding.detection }) exception(s) for \(finding.detection)"
    }
    if says("refused", "failed", "attempt", "denied") {
      return trigger.map { "the call's outcome was \($0.outcome)" } ?? lowers
    }
    if says("infrastructure as code") { return "the credential's calls around it were no such run, or it only lowers" }
    if says("three days of thirty", "three days of the last") {
      return "it was not seen on three earlier days, or it only lowers"
    }
    if says("person", "people", "human", "mfa", "single sign-on") {
      return "the identity is a \(finding.identity.kind.isEmpty ? "machine" : finding.identity.kind)"
    }
    if says("service makes", "provider service", "service-made", "service made") {
      return "no service made this call for it"
    }
    return lowers
  }
}

extension String {
  /// Without the line ends and spaces at its end that a folded YAML text may have.
  fileprivate var trimmed: String {
    var bytes = Array(utf8)
    while let last = bytes.last, last == 0x0a || last == 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}

import EventModel
import EventWindow

/// OS1: an identity does what its declared scope does not allow. Deterministic, nothing is learned.
///
/// State: one verdict for each (declaration, operation), 16 B; the last call inside the scope for each declaration.
struct DeclaredScope: Detector {
  static let kind = "declared-scope"

  private let number: Int
  private let terms: ScopeTerms
  private let causes: Int
  /// What an operation violates by itself: a bit for each part; 128 where it is in the safe set.
  private var verdicts: [UInt64: UInt16] = [:]
  private var inside: [Int32: Row] = [:]
  private var told: [Int32: (day: Int32, causes: Set<[UInt8]>)] = [:]

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    terms = try ScopeTerms(&p)
    causes = try p.number("causes_a_day", default: 32)
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    if judgement.configuration.identities.isEmpty { return }
    let profile = judgement.profile(moment)
    guard profile.declared >= 0, let scope = judgement.configuration.identities[Int(profile.declared)].scope,
      !moment.isServiceMade, !moment.event.flags.contains(.echo), !moment.event.flags.contains(.sharedCopy)
    else { return }
    let outcome = moment.event.outcome
    if outcome == .throttled || outcome == .dryRun { return }
    let operation = verdict(moment, profile.declared, scope, judgement)
    var broken = UInt8(truncatingIfNeeded: operation)
    let isSafe = operation & 256 != 0
    if !isSafe {
      if !scope.resources.isEmpty, moment.event.resource.isPresent, moment.operation.verb != .tool,
        !matches(scope.resources, moment.event.resource, judgement)
      {
        broken |= ScopePart.resources.bit
      }
      if !scope.hours.isEmpty, moment.time != Timestamp.none, !scope.hours.contains(DeclaredScope.hour(moment.time)) {
        broken |= ScopePart.hours.bit
      }
    }
    if !scope.zones.isEmpty, isOutsideZones(moment, scope, &judgement) { broken |= ScopePart.zones.bit }
    if broken == 0 {
      if outcome == .success { inside[profile.declared] = moment.row }
      return
    }
    fire(moment, broken, profile, scope, &judgement)
  }

  /// What the operation alone says; computed once for each declaration and operation.
  private mutating func verdict(
    _ moment: Moment, _ declared: Int32, _ scope: IdentityDeclaration.Scope, _ judgement: borrowing Judgement
  ) -> UInt16 {
    let agent: UInt64 = moment.subject.kind == .agent ? 1 << 63 : 0
    let key = agent | UInt64(UInt32(bitPattern: declared)) << 32 | UInt64(moment.event.operation)
    if let known = verdicts[key] { return known }
    let operation = moment.operation
    let words = ScopeTerms.Operation(
      action: judgement.text(operation.action), service: judgement.text(operation.service),
      region: judgement.text(operation.region), account: judgement.text(operation.tenant),
      isTool: operation.verb == .tool,
      isAgent: moment.subject.kind == .agent)
    var broken: UInt16 = terms.isSafe(words.action) ? 256 : 0
    for part in terms.broken(words, scope) { broken |= UInt16(part.bit) }
    if verdicts.count >= 65_536 { verdicts.removeAll(keepingCapacity: true) }
    verdicts[key] = broken
    return broken
  }

  private func matches(_ globs: [Glob], _ symbol: Symbol, _ judgement: borrowing Judgement) -> Bool {
    let bytes = judgement.bytes(symbol)
    return globs.contains { $0.matches(bytes) }
  }

  private func isOutsideZones(
    _ moment: Moment, _ scope: IdentityDeclaration.Scope, _ judgement: inout Judgement
  ) -> Bool {
    let place = judgement.place(moment)
    guard place.isPlace else { return false }
    guard place.kind == .zone else { return true }
    let name = judgement.configuration.zones[Int(place.value)].name
    return !scope.zones.contains { $0.matches(name) }
  }

  private static func hour(_ time: Int64) -> Int {
    Int((time % Timestamp.day + Timestamp.day) % Timestamp.day / Timestamp.hour)
  }

  private mutating func fire(
    _ moment: Moment, _ broken: UInt8, _ profile: Judgement.Profile, _ scope: IdentityDeclaration.Scope,
    _ judgement: inout Judgement
  ) {
    let parts = ScopePart.allCases.filter { broken & $0.bit != 0 }
    guard let first = parts.first else { return }
    let operation = moment.operation
    var severity: Severity =
      switch operation.verb.privilege {
      case 0: .low
      case 1: .medium
      default: .high
      }
    // A declared place is a statement about theft, whatever was called there.
    if first == .zones { severity = max(severity, .medium) }
    if !moment.tookPlace { severity = severity.raised(by: -1) }
    let what = value(first, moment, judgement)
    let cause = bounded(Array("\(first):\(what)".utf8), moment.day, profile.declared)
    let baseline = inside[profile.declared].map { [$0] } ?? []
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name), cause: cause, severity: severity, baseline: baseline
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let tried = moment.tookPlace ? "" : ", refused"
      let action = j.text(operation.action)
      draft.title = "\(who): \(action) is outside its declared \(parts.map { "\($0)" }.joined(separator: ", "))\(tried)"
      draft.summary =
        "\(who) called \(action) with \(j.credentialWords(moment.subject)) at \(j.words(moment.time)) from \(j.words(moment.origin)); "
        + "its declaration '\(j.configuration.identities[Int(profile.declared)].id)' does not allow the \(first) \(what)."
      draft.explanation.expected = parts.map { "\($0): \(allowed($0, scope))" }.joined(separator: "; ")
      draft.explanation.seen = parts.map { "\($0): \(value($0, moment, j))" }.joined(separator: "; ")
      draft.explanation.threshold = "one call outside the scope; an attempt that was refused weighs one less"
      draft.explanation.state = [
        ("declaration", j.configuration.identities[Int(profile.declared)].id),
        ("privilege class", "\(operation.verb.privilege)"),
      ]
    }
  }

  /// A day holds at most `causes` findings of one declaration; the rest count as one.
  private mutating func bounded(_ cause: [UInt8], _ day: Int32, _ declared: Int32) -> [UInt8] {
    var known = told[declared] ?? (day, [])
    if known.day != day { known = (day, []) }
    if known.causes.contains(cause) { return cause }
    guard known.causes.count < causes else { return Array("others".utf8) }
    known.causes.insert(cause)
    told[declared] = known
    return cause
  }

  private func value(_ part: ScopePart, _ moment: Moment, _ judgement: borrowing Judgement) -> String {
    switch part {
    case .zones: judgement.words(moment.origin)
    case .accounts: judgement.text(moment.operation.tenant)
    case .regions: judgement.text(moment.operation.region)
    case .hours: "\(DeclaredScope.hour(moment.time)) UTC"
    case .tools, .actions: judgement.text(moment.operation.action)
    case .services: judgement.text(moment.operation.service)
    case .resources: judgement.text(moment.event.resource)
    }
  }

  private func allowed(_ part: ScopePart, _ scope: IdentityDeclaration.Scope) -> String {
    if part == .hours { return scope.hours.sorted().map(String.init).joined(separator: ", ") }
    let globs =
      switch part {
      case .zones: scope.zones
      case .accounts: scope.accounts
      case .regions: scope.regions
      case .tools: scope.tools
      case .services: scope.services
      case .actions: scope.actions
      default: scope.resources
      }
    return globs.map(\.text).joined(separator: ", ")
  }
}

extension Judgement {
  /// A credential in a sentence.
  func credentialWords(_ subject: Subject) -> String {
    subject.credential.isPresent ? text(subject.credential) : "an unlogged credential"
  }
}

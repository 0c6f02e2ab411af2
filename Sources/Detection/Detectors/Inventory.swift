import EventModel
import EventWindow

/// LC1, LC4: what the inventory says of an identity that acts: that nobody answers for it any more, or nothing at all.
///
/// State: the day each subject was last looked at, 4 B; the names that lost what they belonged to; how many identities of
/// each tenant were told today.
struct Inventory: Detector {
  static let kind = "inventory"

  private enum Check: String { case orphaned, unmanaged }
  private struct Orphans: Sendable {
    var pattern: NamePattern
    var name: [UInt8]
    var time: Int64
    var row: Row
  }

  private let number: Int
  private let check: Check
  private let statuses: Set<String>
  private let ending, returning: FactSet
  private let notOurs: [Glob]
  private let active, grace: Int64
  /// Identities of one tenant and day that are told one by one; what is more is told together.
  private let each: Int
  private var days: [Int32] = []  // by subject
  private var orphans: [Orphans] = []
  private var today = Int32.min
  private var toldToday: [Symbol: Int] = [:]

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    let word = try p.text("check")
    guard let check = Check(rawValue: word) else { throw DetectionError("parameter 'check' knows no '\(word)'") }
    self.check = check
    statuses = Set(try p.list("statuses", default: []))
    ending = facts.set(try p.list("parent_ending_facts", default: []))
    returning = facts.set(try p.list("parent_returning_facts", default: []))
    notOurs = try p.list("not_ours", default: []).map(Glob.init)
    active = try p.minutes("active_minutes", default: 1440)
    grace = try p.minutes("grace_minutes", default: 60)
    each = try p.number("each", default: 20)
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.time != Timestamp.none, !moment.event.flags.contains(.echo) else { return }
    if moment.event.facts.intersects(ending) || moment.event.facts.intersects(returning), moment.tookPlace {
      note(moment, judgement)
    }
    let subject = moment.subject
    guard subject.kind.isMachine, subject.name.isPresent, !moment.isServiceMade else { return }
    let slot = Int(moment.event.subject)
    if slot < days.count, days[slot] == moment.day { return }
    if slot >= days.count {
      days.append(contentsOf: repeatElement(Int32.min, count: max(256, slot + 1 - days.count)))
    }
    let profile = judgement.profile(moment)
    if profile.isHuman { return }
    switch check {
    case .orphaned:
      days[slot] = moment.day
      judgeOrphan(moment, profile, &judgement)
    case .unmanaged: judgeUnmanaged(moment, profile, slot, &judgement)
    }
  }

  private mutating func note(_ moment: Moment, _ judgement: borrowing Judgement) {
    for detail in judgement.window.details(moment.event, at: moment.row)
    where judgement.text(detail.name) == "orphans" {
      let name = judgement.bytes(detail.value)
      orphans.removeAll { $0.name == name }
      if moment.event.facts.intersects(ending), orphans.count < 10_000 {
        orphans.append(
          Orphans(pattern: NamePattern(judgement.text(detail.value)), name: name, time: moment.time, row: moment.row))
        days.removeAll(keepingCapacity: true)  // who was looked at today already, is looked at again
      }
    }
  }

  private func judgeOrphan(_ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement) {
    if let declared = judgement.declared(profile), statuses.contains(declared.status) {
      return report(
        moment, "status", "the inventory calls it \(declared.status)", baseline: nil, &judgement)
    }
    if orphans.isEmpty { return }
    let name = judgement.bytes(moment.subject.name)
    guard let orphan = orphans.first(where: { $0.pattern.matches(name) && moment.time - $0.time > grace }) else {
      return
    }
    report(
      moment, "parent", "what it belongs to was removed or archived at \(judgement.words(orphan.time))",
      baseline: orphan.row, &judgement)
  }

  private mutating func judgeUnmanaged(
    _ moment: Moment, _ profile: Judgement.Profile, _ slot: Int, _ judgement: inout Judgement
  ) {
    guard !judgement.configuration.identities.isEmpty, profile.declared < 0,
      !moment.event.flags.contains(.systemActor), profile.sessionClass != .serviceLinked,
      let first = judgement.survey.reach[moment.subject.name], moment.time - first.first >= active
    else { return }
    days[slot] = moment.day
    let name = judgement.bytes(moment.subject.name)
    if notOurs.contains(where: { $0.matches(name) }) { return }
    // Said once a month.
    let told = judgement.memory.key([Array("unmanaged told".utf8), name])
    if judgement.memory.recall(told, before: moment.day).isKnown { return }
    guard judgement.memory.remember(told, on: moment.day) else { return }
    if today != moment.day {
      today = moment.day
      toldToday.removeAll(keepingCapacity: true)
    }
    toldToday[moment.operation.tenant, default: 0] += 1
    if toldToday[moment.operation.tenant, default: 0] > each {
      return reportMany(moment, baseline: first.firstRow, &judgement)
    }
    report(
      moment, "unmanaged", "it has been active for a day and is in no inventory", baseline: first.firstRow, &judgement)
  }

  /// One finding for all that are more than a reader would go through; its count says how many acted.
  private func reportMany(_ moment: Moment, baseline: Row?, _ judgement: inout Judgement) {
    let tenant = judgement.bytes(moment.operation.tenant)
    judgement.report(
      number, moment, key: tenant, cause: Array("more unmanaged".utf8),
      severity: judgement.definitions[number].severity, baseline: baseline.map { [$0] } ?? []
    ) { draft, j in
      let place = j.text(moment.operation.tenant)
      draft.title =
        "\(place.isEmpty ? "one log" : place): more identities \(each == 1 ? "than one" : "than \(each)") in no inventory"
      draft.summary =
        "More than \(each) machine identities of \(place.isEmpty ? "one log" : place) that the inventory does not name have been active for a day; "
        + "this is one of them. bittern identities lists all, with a flag for those that have no owner."
      draft.explanation.expected = "an inventory that names who is at work"
      draft.explanation.seen = "more than \(each) identities of one day that it does not name"
      draft.explanation.threshold = "\(each) a tenant and day are told one by one"
    }
  }

  private func report(_ moment: Moment, _ cause: String, _ what: String, baseline: Row?, _ judgement: inout Judgement) {
    let severity = judgement.definitions[number].severity
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name), cause: Array(cause.utf8),
      severity: moment.tookPlace ? severity : min(severity, .low), baseline: baseline.map { [$0] } ?? []
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      draft.title = "\(who): \(j.definitions[number].title)"
      draft.summary =
        "\(who) called \(j.text(moment.operation.action)) at \(j.words(moment.time)) from \(j.words(moment.origin)); \(what)."
      draft.explanation.expected = "an identity that somebody answers for"
      draft.explanation.seen = what
      draft.explanation.threshold = check == .orphaned ? "any use" : "24 hours of use"
    }
  }
}

/// A pattern of names: with `*` for any run, or with `%` for runs of letters and digits, which `-` and `/` are not.
struct NamePattern: Sendable {
  private let glob: Glob?
  private let text: [UInt8]

  init(_ text: String) {
    self.text = Array(text.utf8)
    glob = self.text.contains(0x25) ? nil : Glob(text)
  }

  /// Linear: a run takes all it can get, for what stands behind it is none of its own.
  func matches(_ name: [UInt8]) -> Bool {
    if let glob { return glob.matches(name) }
    var at = 0
    for c in text {
      if c == 0x25 {
        let start = at
        while at < name.count, NamePattern.isAlphanumeric(name[at]) { at += 1 }
        if at == start { return false }
      } else {
        guard at < name.count, name[at] == c else { return false }
        at += 1
      }
    }
    return at == name.count
  }

  private static func isAlphanumeric(_ c: UInt8) -> Bool {
    c >= 0x30 && c <= 0x39 || (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a
  }
}

import EventModel
import EventWindow

/// LM2: a credential that was found is used: somebody reads a secret, or runs a command where another identity lives, and from
/// the very same place another identity works that was never given to him.
///
/// The two are joined by the place, and by nothing else: sure where nobody but the finder was there before, a candidate
/// where others were. A pair whose first meeting in this data was no break is its routine.
///
/// State: 60 B for each find of the last hours, 64 a place; pairs met in this run and on earlier days.
struct CredentialSwitch: Detector {
  static let kind = "credential-switch"

  private struct Find: Sendable {
    var party: Judgement.Party
    /// Where the path began: the finder, or who found the finder's own credential.
    var root: Symbol
    var time: Int64
    var row: Row
    var hops: Int
    /// The compute that a command ran on; none where a secret was read.
    var compute: Symbol
    var secret: Symbol
  }
  private struct Meeting: Sendable {
    var isRoutine: Bool
    var day: Int32
  }

  private let number: Int
  private let useSpan, pathSpan: Int64
  private let duties: [String]
  private let found, shell: FactSet
  private var finds: [OriginKey: [Find]] = [:]
  private var meetings: [UInt64: Meeting] = [:]
  /// Who came to a credential by a switch: the root and length of its path.
  private var paths: [Symbol: (root: Symbol, hops: Int, until: Int64)] = [:]
  private var sweep = Int64.min
  private static let limit = 64

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    useSpan = try p.minutes("use_minutes", default: 60)
    pathSpan = try p.minutes("path_minutes", default: 1440)
    duties = try p.list("excused_duties", default: ["secret-manager", "backup", "broker", "rotator"])
    found = facts.set(try p.list("found_facts"))
    shell = facts.set(try p.list("shell_facts"))
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.time != Timestamp.none, !moment.isServiceMade, !moment.event.flags.contains(.echo),
      moment.subject.name.isPresent
    else { return }
    if let visit = judgement.visit, !finds.isEmpty { judgeUse(moment, visit, &judgement) }
    guard moment.tookPlace, moment.event.facts.intersects(found) || moment.event.facts.intersects(shell) else { return }
    find(moment, &judgement)
  }

  // MARK: finding

  private mutating func find(_ moment: Moment, _ judgement: inout Judgement) {
    let place = judgement.place(moment)
    guard isOwn(place), !moment.event.flags.contains(.systemActor) else { return }
    evict(moment.time)
    let profile = judgement.profile(moment)
    if duties.contains(where: { judgement.hasDuty($0, profile) }) { return }
    let party = judgement.party(moment, profile)
    let path = paths[moment.subject.credential]
    let computes = moment.event.facts.intersects(shell) ? ExecEdges.computes(moment, judgement.window) : [Symbol.none]
    for compute in computes.isEmpty ? [Symbol.none] : Array(computes.prefix(8)) {
      var known = finds[place] ?? []
      known.removeAll { $0.party.name == party.name && $0.compute == compute || moment.time - $0.time > pathSpan }
      if known.count >= CredentialSwitch.limit { known.removeFirst() }
      known.append(
        Find(
          party: party, root: path?.root ?? judgement.rootName(moment, profile), time: moment.time, row: moment.row,
          hops: path?.hops ?? 0, compute: compute, secret: moment.event.resource))
      finds[place] = known
    }
  }

  /// One host's address: not a zone, not an endpoint, not the private side of a whole network.
  private func isOwn(_ place: OriginKey) -> Bool {
    place.kind == .publicV4 || place.kind == .publicV6 || place.kind == .private && place.value != 0
  }

  // MARK: use

  private mutating func judgeUse(
    _ moment: Moment, _ visit: (holder: Int, home: Int), _ judgement: inout Judgement
  ) {
    let place = judgement.place(moment)
    guard let here = finds[place] else { return }
    let profile = judgement.profile(moment)
    let holder = judgement.whereabouts.holders[visit.holder]
    let arrived = holder.homes[visit.home].first
    let party = judgement.party(moment, profile)
    let attested = judgement.attestor(moment, profile)
    let lasting = moment.subject.credentialKind.isLongLived || profile.sessionClass.isSingleToken
    var parents: [Find] = []
    for find in here where moment.time - find.time <= pathSpan && arrived >= find.time {
      let isFit =
        find.compute.isPresent
        ? isOf(find, attested, moment, judgement) : lasting && moment.time - find.time <= useSpan
      if isFit, find.party.name != party.name, !judgement.areRelated(find.party, party) { parents.append(find) }
    }
    guard let find = parents.last else { return }
    decide(moment, place, find, parents.count, holder, visit.home, party, &judgement)
  }

  /// The identity lives on the compute that the command ran on.
  private func isOf(
    _ find: Find, _ attested: Symbol, _ moment: Moment, _ judgement: borrowing Judgement
  ) -> Bool {
    guard attested.isPresent else { return false }
    if attested == find.compute { return true }
    let edge = judgement.survey.execs.latest(
      onto: attested, before: moment.time, within: pathSpan, judgement.window.dictionaries.symbols)
    return edge.map { Reach.identity(judgement.window.dictionaries.subjects[$0.subject]) == find.party.name } ?? false
  }

  private mutating func decide(
    _ moment: Moment, _ place: OriginKey, _ find: Find, _ parents: Int, _ holder: Whereabouts.Holder, _ home: Int,
    _ party: Judgement.Party, _ judgement: inout Judgement
  ) {
    let key = judgement.memory.key([
      Array("switch".utf8), judgement.bytes(find.root), judgement.bytes(party.name),
    ])
    let settled = holder.homes.indices.contains {
      $0 != home && holder.homes[$0].first < find.time && holder.homes[$0].provider != holder.homes[home].provider
    }
    let meeting: Meeting
    if let known = meetings[key] {
      meeting = known
    } else {
      let wasThere = judgement.memory.days(key, before: moment.day, within: 62) > 0
      let isBreak = !wasThere && !holder.roams && (settled || judgement.tenure.standing(moment).isMature)
      meeting = Meeting(isRoutine: !isBreak, day: moment.day)
      if meetings.count >= 65_536 { meetings = meetings.filter { moment.day - $0.value.day < 2 } }
      meetings[key] = meeting
      judgement.memory.remember(key, on: moment.day)
    }
    if meeting.isRoutine || meeting.day != moment.day || judgement.survey.crowds.isCrowd(place) { return }
    let strangers = judgement.survey.crowds.users(of: place).filter { $0 != party.name && $0 != find.party.name }
    let sure = parents == 1 && strangers.isEmpty
    if moment.subject.credential.isPresent {
      if paths.count >= 65_536 { paths = paths.filter { $0.value.until >= moment.time } }
      paths[moment.subject.credential] = (find.root, find.hops + 1, moment.time + pathSpan)
    }
    report(moment, find, sure, settled, holder, home, party, &judgement)
  }

  private func report(
    _ moment: Moment, _ find: Find, _ sure: Bool, _ settled: Bool, _ holder: Whereabouts.Holder, _ home: Int,
    _ party: Judgement.Party, _ judgement: inout Judgement
  ) {
    let homes = holder.homes.indices.filter { $0 != home }.map { holder.homes[$0].firstRow }
    judgement.report(
      number, moment, key: judgement.bytes(find.root), cause: judgement.bytes(party.name),
      severity: sure ? .high : .medium, confidence: sure ? .strong : .candidate,
      baseline: homes + judgement.firstSeen(find.party.name, besides: find.row),
      cite: [(find.compute.isPresent ? .exec : .parent, find.row)]
    ) { draft, j in
      let finder = j.shortName(find.party.name)
      let other = j.shortName(party.name)
      let deed =
        find.compute.isPresent ? "ran a command on \(j.text(find.compute))" : "read \(j.text(find.secret))"
      draft.title = "\(finder): \(deed), then \(other) works from its address"
      draft.summary =
        "\(finder) \(deed) at \(j.words(find.time)) from \(j.words(moment.origin)). \(Wording.span(moment.time - find.time)) later "
        + "\(j.credentialWords(moment.subject)) of \(other), which it was never given, called \(j.text(moment.operation.action)) "
        + "from the same address for the first time."
      draft.explanation.expected =
        settled ? "\(other) at its other addresses" : "\(other) where it was on the days before"
      draft.explanation.seen = "\(other) at \(j.words(moment.origin)) with \(j.text(moment.origin.agent))"
      draft.explanation.threshold =
        "another identity’s credential, first used at the address within \(Wording.span(find.compute.isPresent ? pathSpan : useSpan)) of the find; the pair is new"
      draft.explanation.state = [
        ("path_began_with", j.text(find.root)), ("hops", "\(find.hops + 1)"),
        ("others_at_the_address", sure ? "none" : "some"),
      ]
    }
  }

  private mutating func evict(_ now: Int64) {
    guard sweep == Int64.min || now - sweep > Timestamp.hour else { return }
    sweep = now
    for (place, known) in finds {
      let kept = known.filter { now - $0.time <= pathSpan }
      finds[place] = kept.isEmpty ? nil : kept
    }
    paths = paths.filter { $0.value.until >= now }
  }
}

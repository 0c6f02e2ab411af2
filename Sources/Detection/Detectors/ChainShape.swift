import EventModel
import EventWindow

/// LM3: the shape of a chain of minted sessions: deeper than the root ever goes, into a tenant it never was in, or a ring of
/// sessions that renews itself for longer than any one session may live.
///
/// State: about 120 B for each minted session until it expires; memory of depths and tenants by root.
struct ChainShape: Detector {
  static let kind = "chain-shape"

  private struct Link: Sendable {
    /// Mints between the root credential and this one.
    var depth: Int
    var root: Symbol
    /// When the ring that it is part of began; none: no ring.
    var ring: Int64?
    var ringRow: Row?
    /// When the chain began, and its first mint.
    var start: Int64
    var first: Row
    /// Whose places were taken, latest last; at most 8.
    var holders: [Symbol]
    var expires: Int64
  }

  private let number: Int
  private let depth: Int
  private let life: Int64
  private let duties: [String]
  private var links: [Symbol: Link] = [:]
  private var sweep = Int64.min

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    depth = try p.number("depth", default: 3)
    life = try p.minutes("life_minutes", default: 720)
    duties = try p.list("excused_duties", default: ["broker"])
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.event.mint > 0, moment.tookPlace, !moment.isServiceMade, !moment.event.flags.contains(.echo),
      moment.time != Timestamp.none, moment.subject.credential.isPresent
    else { return }
    let profile = judgement.profile(moment)
    guard !profile.isHuman, moment.subject.kind.isMachine, profile.sessionClass != .serviceLinked,
      let mint = judgement.window.mint(moment.event, at: moment.row), mint.child.isPresent, !mint.kind.isLongLived
    else { return }
    // One act is told by both accounts: the caller's copy counts.
    if let node = judgement.lineage.find(mint.child), let row = judgement.lineage[node].mintRow, row != moment.row {
      return
    }
    evict(moment.time)
    let who = Reach.identity(moment.subject)
    let target = MintEdges.target(mint, moment)
    let parent = links[moment.subject.credential]
    var link = Link(
      depth: (parent?.depth ?? 0) + 1, root: parent?.root ?? who, ring: parent?.ring, ringRow: parent?.ringRow,
      start: parent?.start ?? moment.time, first: parent?.first ?? moment.row, holders: parent?.holders ?? [who],
      expires: moment.time + Timestamp.day)
    if mint.expiresAt > 0 {
      link.expires = min(link.expires, Int64(mint.expiresAt) * Timestamp.second + 2 * Timestamp.hour)
    }
    if target.isPresent {
      if link.ring == nil, link.holders.contains(target) {
        link.ring = link.start
        link.ringRow = link.first
      }
      link.holders.append(target)
      if link.holders.count > 8 { link.holders.removeFirst() }
    }
    if links.count < 200_000 { links[mint.child] = link }
    let excused = duties.contains { judgement.hasDuty($0, profile) }
    judgeRing(moment, link, excused, &judgement)
    if link.ring == nil {
      judgeDepth(moment, link, excused, &judgement)
      judgeTenant(moment, link, who, target, excused, &judgement)
    }
  }

  private func judgeRing(_ moment: Moment, _ link: Link, _ excused: Bool, _ judgement: inout Judgement) {
    guard let began = link.ring, moment.time - began >= life else { return }
    judgement.report(
      number, moment, key: judgement.bytes(link.root), cause: Array("ring".utf8),
      severity: excused ? .low : .high, baseline: link.ringRow.map { [$0] } ?? []
    ) { draft, j in
      let hours = (moment.time - began) / Timestamp.hour
      draft.title = "\(j.shortName(link.root)): a ring of sessions has renewed itself for \(hours) hours"
      draft.summary =
        "Since \(j.words(began)) each session of the chain that \(j.shortName(link.root)) began minted the next one, \(link.depth) "
        + "times by \(j.words(moment.time)): \(chain(link, j)). No session may live that long."
      draft.explanation.expected =
        "sessions that end; a workload that asks its own credential again, not the last session"
      draft.explanation.seen = "\(link.depth) mints in \(hours) hours, in a ring"
      draft.explanation.threshold = "a ring that lives for more than \(life / Timestamp.hour) hours"
      draft.explanation.state = [("root", j.text(link.root)), ("mints", "\(link.depth)"), ("began", j.words(began))]
    }
  }

  private func judgeDepth(_ moment: Moment, _ link: Link, _ excused: Bool, _ judgement: inout Judgement) {
    guard link.depth >= 2 else { return }
    let root = judgement.bytes(link.root)
    func key(_ n: Int) -> UInt64 { judgement.memory.key([Array("chain-depth".utf8), root, Array("\(n)".utf8)]) }
    let known = judgement.memory.recall(key(link.depth), on: moment.day)
    // A root that chains twice is a hub already: its third hop is no break of shape.
    let hub = judgement.memory.recall(key(depth - 1), before: moment.day).isKnown
    judgement.memory.remember(key(link.depth), on: moment.day)
    guard link.depth >= depth, !known.isKnown, !hub else { return }
    let baseline = isKnown(link.root, moment, judgement)
    judgement.report(
      number, moment, key: root, cause: Array("depth".utf8), severity: baseline && !excused ? .medium : .low,
      baseline: judgement.firstSeen(link.root, besides: moment.row) + (link.first == moment.row ? [] : [link.first])
    ) { draft, j in
      let who = j.shortName(link.root)
      draft.title = "\(who): a chain of \(link.depth) minted sessions"
      draft.summary =
        "At \(j.words(moment.time)) a chain that \(who) began at \(j.words(link.start)) reached its session number \(link.depth): "
        + "\(chain(link, j)). Before, it went \(baseline ? "one hop at most" : "nowhere: first seen, no baseline")."
      draft.explanation.expected = "at most one hop from this root"
      draft.explanation.seen = "\(link.depth) hops"
      draft.explanation.threshold = "\(depth) hops from a root that did not chain before"
      draft.explanation.state = [("root", j.text(link.root)), ("baseline", baseline ? "yes" : "no")]
    }
  }

  private func judgeTenant(
    _ moment: Moment, _ link: Link, _ who: Symbol, _ target: Symbol, _ excused: Bool, _ judgement: inout Judgement
  ) {
    guard target.isPresent, let account = Tenancy.account(judgement.text(target)), let home = judgement.home(moment),
      account != home
    else { return }
    let root = judgement.bytes(link.root)
    let key = judgement.memory.key([Array("chain-tenant".utf8), root, Array(account.utf8)])
    let known = judgement.memory.recall(key, on: moment.day)
    judgement.memory.remember(key, on: moment.day)
    let declared = judgement.declared(judgement.profile(moment))?.scope?.accounts ?? []
    guard !known.isKnown, isKnown(link.root, moment, judgement), !declared.contains(where: { $0.matches(account) })
    else { return }
    let own = judgement.configuration.accounts.contains(account)
    judgement.report(
      number, moment, key: root, cause: Array("tenant:\(account)".utf8),
      severity: excused || own || judgement.survey.mintEdges.isSteady(who, target) ? .low : .medium,
      baseline: judgement.firstSeen(link.root, besides: moment.row)
    ) { draft, j in
      let root = j.shortName(link.root)
      draft.title = "\(root): first hop into \(account)"
      draft.summary =
        "At \(j.words(moment.time)) \(j.shortName(who)) of \(home) took the place of \(j.shortName(target)) in \(account), "
        + "a tenant that no chain of \(root) went to in 30 days."
      draft.explanation.expected = "the tenants of 30 days before"
      draft.explanation.seen = "\(account)"
      draft.explanation.threshold = "a tenant first seen in 30 days, of a root that is known for longer than a day"
      draft.explanation.state = [("own_organization", own ? "yes" : "no"), ("depth", "\(link.depth)")]
    }
  }

  private func chain(_ link: Link, _ judgement: borrowing Judgement) -> String {
    link.holders.map { judgement.shortName($0) }.joined(separator: " → ")
  }

  /// The root was there before this day, in this data or in memory; remembers it.
  private func isKnown(_ root: Symbol, _ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    judgement.isKnownIdentity(root, moment)
  }

  private mutating func evict(_ now: Int64) {
    guard sweep == Int64.min || now - sweep > Timestamp.hour else { return }
    sweep = now
    links = links.filter { $0.value.expires >= now }
  }
}

/// Which tenant a name lies in.
enum Tenancy {
  /// The account of an ARN, the project of a Google service account; nil where a name does not say.
  static func account(_ name: String) -> String? {
    if name.hasPrefix("arn:") {
      let parts = name.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
      return parts.count == 6 && !parts[4].isEmpty ? String(parts[4]) : nil
    }
    if name.hasSuffix(".iam.gserviceaccount.com"), let at = name.firstIndex(of: "@") {
      return String(name[name.index(after: at)...].dropLast(".iam.gserviceaccount.com".count))
    }
    return nil
  }
}

extension Judgement {
  /// The tenant that the acting identity lives in.
  func home(_ moment: Moment) -> String? {
    if let said = Tenancy.account(text(moment.subject.name)) { return said }
    return moment.subject.home.isPresent ? text(moment.subject.home) : nil
  }

  /// The identity was there a day before the event: in this data, or in memory (guard G3).
  func isKnownIdentity(_ name: Symbol, _ moment: Moment) -> Bool {
    guard moment.time != Timestamp.none else { return false }
    if let reach = survey.reach[name], reach.first != Timestamp.none, moment.time - reach.first >= Timestamp.day {
      return true
    }
    return memory.recall(memory.key([Array("identity".utf8), bytes(name)]), on: moment.day).firstDay.map {
      $0 < moment.day
    } ?? false
  }
}

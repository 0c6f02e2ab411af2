import EventModel
import EventWindow
import Lineage

/// LM5: one lineage goes through three planes or more, the last of them new to its root, and mints or runs something there.
///
/// The stops are where each credential of the path is at home (a cloud account, a cluster, a Vault), from its root to the one
/// in hand, and the log of the act; neighbours that are one place count once. Only joins of grade strong or better make a path.
///
/// State: the stops of each root on the days of the long memory; those that are new today, for each root.
struct CrossPlanePath: Detector {
  static let kind = "cross-plane-path"

  private struct Stop: Equatable {
    var plane: String
    var tenant: Symbol
  }
  private struct News: Sendable {
    var day: Int32
    var isNew: Bool
  }

  private let number: Int
  private let stops, planes, rootDays, peers: Int
  private let span: Int32
  private let duties: [String]
  private var today: [UInt64: News] = [:]
  /// By subject id: where it was last, which is learned already.
  private struct Mark: Equatable, Sendable {
    var day = Int32.min
    var tenant = Symbol.none
    var source: UInt8 = 0
  }
  private var marks: [Mark] = []
  /// What the beginning of a credential's normal form says of its plane.
  private static let forms: [(prefix: String, plane: String)] = [
    ("AKID:", "aws"), ("INST:", "aws"), ("TASK:", "aws"), ("AWSJTI:", "aws"), ("K8SJTI:", "kubernetes"),
    ("K8SSECRET:", "kubernetes"), ("POD:", "kubernetes"), ("SA:", "kubernetes"), ("VACC:", "vault"),
    ("GHTOK:", "github"), ("RUN:", "github"), ("REPO:", "github"), ("GCPKEY:", "gcp"), ("GCPSA:", "gcp"),
    ("UTI:", "entra"), ("BOT:", "teleport"), ("SPIFFE:", "spiffe"), ("OKTAAPI:", "okta"), ("OKTASESS:", "okta"),
    ("CONV:", "agents"),
  ]

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    var p = definition.parameters
    stops = try p.number("stops", default: 3)
    planes = try p.number("planes", default: 2)
    rootDays = try p.number("root_days", default: 3)
    peers = try p.number("peers", default: 3)
    span = Int32(try p.number("memory_days", default: 62))
    duties = try p.list("excused_duties", default: ["deployer", "broker"])
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.tookPlace, moment.time != Timestamp.none, moment.subject.credential.isPresent,
      moment.event.flags.isDisjoint(with: [.echo, .serviceMade, .sharedCopy, .systemActor])
    else { return }
    let verb = moment.operation.verb
    let acts = verb == .mint || verb == .exec || moment.event.mint > 0
    if !acts, !moment.isNews { return }
    let at = Int(moment.event.subject)
    if at >= marks.count { marks.append(contentsOf: repeatElement(Mark(), count: max(256, at + 1 - marks.count))) }
    let mark = Mark(day: moment.day, tenant: moment.operation.tenant, source: moment.operation.source)
    if !acts, marks[at] == mark { return }
    marks[at] = mark
    let profile = judgement.profile(moment)
    guard profile.node >= 0, !profile.isHuman else { return }
    let root = judgement.rootName(moment, profile)
    let here = Stop(plane: judgement.plane(moment), tenant: moment.operation.tenant)
    guard root.isPresent, !here.plane.isEmpty else { return }
    let isNew = learn(root, here, moment, &judgement)
    guard acts, isNew, isSettled(root, moment, judgement), judgement.lineage.grade(of: profile.node) >= .strong else {
      return
    }
    let path = path(to: here, profile, judgement)
    guard path.count >= stops, Set(path.map(\.plane)).count >= planes else { return }
    if duties.contains(where: { judgement.hasDuty($0, profile) }) { return judgement.allow(number) }
    report(moment, root, path, profile, &judgement)
  }

  /// Remembers that the root's lineage was here. Whether it is the first day of it, for the whole of that day.
  private mutating func learn(
    _ root: Symbol, _ here: Stop, _ moment: Moment, _ judgement: inout Judgement
  ) -> Bool {
    let key = key(root, here, judgement)
    if let known = today[key], known.day == moment.day { return known.isNew }
    let isNew = judgement.memory.days(key, before: moment.day, within: span) == 0
    if today.count >= 65_536 { today = today.filter { $0.value.day == moment.day } }
    today[key] = News(day: moment.day, isNew: isNew)
    judgement.memory.remember(key, on: moment.day)
    let days = rootKey(root, judgement)
    judgement.memory.remember(days, on: moment.day)
    return isNew
  }

  private func key(_ root: Symbol, _ stop: Stop, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([
      Array("plane".utf8), judgement.bytes(root), Array(stop.plane.utf8), judgement.bytes(stop.tenant),
    ])
  }

  private func rootKey(_ root: Symbol, _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("plane-root".utf8), judgement.bytes(root)])
  }

  /// The root's paths were seen on enough days to tell a new one.
  private func isSettled(_ root: Symbol, _ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    judgement.memory.days(rootKey(root, judgement), before: moment.day, within: span) >= rootDays
  }

  private func path(to here: Stop, _ profile: Judgement.Profile, _ judgement: borrowing Judgement) -> [Stop] {
    var path: [Stop] = []
    for at in judgement.lineage.path(from: profile.node).reversed() {
      let node = judgement.lineage[at]
      let text = judgement.text(node.credential)
      guard let plane = CrossPlanePath.forms.first(where: { text.hasPrefix($0.prefix) })?.plane else { continue }
      // A role lives in the account of its name, wherever it was taken from.
      let account = Tenancy.account(judgement.text(node.holder)).flatMap {
        judgement.dictionaries.symbols.find(Array($0.utf8))
      }
      add(Stop(plane: plane, tenant: plane == "aws" ? account ?? node.tenant : .none), to: &path)
    }
    add(here, to: &path)
    return path
  }

  private func add(_ stop: Stop, to path: inout [Stop]) {
    guard let last = path.last, last.plane == stop.plane else { return path.append(stop) }
    if last.tenant == stop.tenant || !stop.tenant.isPresent { return }
    if !last.tenant.isPresent { path[path.count - 1] = stop } else { path.append(stop) }
  }

  private func report(
    _ moment: Moment, _ root: Symbol, _ path: [Stop], _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    guard let last = path.last else { return }
    let text = judgement.bytes(root)
    let alike = judgement.survey.templates.siblings(of: root, text).count {
      $0 != root && judgement.memory.days(key($0, last, judgement), before: moment.day + 1, within: span) > 0
    }
    judgement.report(
      number, moment, key: text,
      cause: Array("\(last.plane):".utf8) + judgement.bytes(last.tenant), severity: alike >= peers ? .low : .high,
      confidence: judgement.lineage.grade(of: profile.node), baseline: judgement.firstSeen(root, besides: moment.row)
    ) { draft, j in
      let who = j.shortName(root)
      let words = path.map { $0.tenant.isPresent ? "\($0.plane) \(j.text($0.tenant))" : $0.plane }
      draft.title = "\(who): its lineage reaches \(words.last ?? "") and acts there, for the first time"
      draft.summary =
        "What began with \(who) went through \(words.joined(separator: " → ")). At \(j.words(moment.time)) "
        + "\(j.credentialWords(moment.subject)) called \(j.text(moment.operation.action)) there from \(j.words(moment.origin))."
      draft.explanation.expected = "the planes and tenants of the \(span) days before"
      draft.explanation.seen = words.joined(separator: " → ")
      draft.explanation.threshold =
        "\(stops) stops in \(planes) planes, the last one new to the root, and a mint or an exec there"
      draft.explanation.state = [("root", j.text(root)), ("peers_there", "\(alike)")]
    }
  }
}

extension Judgement {
  /// What the event's log is a log of; empty where the content does not say.
  func plane(_ moment: Moment) -> String {
    let source = Int(moment.operation.source)
    return source < planes.count ? planes[source] : ""
  }
}

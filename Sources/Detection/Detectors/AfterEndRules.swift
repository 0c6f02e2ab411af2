import EventModel
import EventWindow

/// The parameters of ``AfterEnd``, read once.
struct AfterEndRules: Sendable {
  /// What ends: a workload, with all that attests to it; or a credential or identity itself.
  enum Ends: String { case workload, credential }

  let ends: Ends
  let ending, identities, reviving, dead: FactSet
  /// Facts that are worth a look at what they name.
  let noted: FactSet
  /// Names of the details that say what ended.
  let details: Set<String>
  private let standard: Int64
  /// By the word before the colon of a normal form (`POD`, `INST`).
  private let graces: [(prefix: [UInt8], grace: Int64)]
  private let returning, parents: [[UInt8]]
  let keep: Int64
  let keepDays: Int32
  let isRemembered: Bool

  init(_ parameters: Parameters, _ facts: FactVocabulary) throws(DetectionError) {
    var p = parameters
    let kind = try p.text("ends")
    guard let ends = Ends(rawValue: kind) else { throw DetectionError("parameter 'ends' knows no '\(kind)'") }
    self.ends = ends
    ending = facts.set(try p.list("ending_facts", default: []))
    identities = facts.set(try p.list("ending_identity_facts", default: []))
    reviving = facts.set(try p.list("reviving_facts", default: []))
    dead = facts.set(try p.list("dead_facts", default: []))
    var noted = ending
    noted.formUnion(identities)
    noted.formUnion(reviving)
    self.noted = noted
    details = Set(try p.list("ended_details"))
    standard = try p.minutes("grace_minutes")
    var graces: [(prefix: [UInt8], grace: Int64)] = []
    for text in try p.list("graces", default: []) {
      let parts = text.split(separator: "=")
      guard parts.count == 2, let minutes = Int64(parts[1].trimming) else {
        throw DetectionError("a grace is written 'POD = 2' (minutes): '\(text)'")
      }
      graces.append((Array(parts[0].trimming.utf8) + [0x3a], minutes * Timestamp.minute))
    }
    self.graces = graces
    returning = try p.list("returning", default: []).map { Array($0.utf8) + [0x3a] }
    parents = try p.list("ended_parents", default: []).map { Array($0.utf8) + [0x3a] }
    keep = Int64(try p.number("keep_hours")) * Timestamp.hour
    keepDays = Int32(keep / Timestamp.day)
    isRemembered = try p.text("remembered", default: "no") == "yes"
    try p.checkAllRead()
  }

  func grace(_ name: [UInt8]) -> Int64 { graces.first { name.starts(with: $0.prefix) }?.grace ?? standard }

  /// Things of this kind can be started again under the same name.
  func returns(_ name: [UInt8]) -> Bool { returning.contains { name.starts(with: $0) } }

  /// The end of what a session was made with, of this kind, is its own.
  func isParent(_ name: [UInt8]) -> Bool { parents.contains { name.starts(with: $0) } }

  func endKey(_ name: [UInt8], _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("ended".utf8), name])
  }

  func returnKey(_ name: [UInt8], _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("came back".utf8), name])
  }

  /// What a normal form stands for, in a sentence.
  func words(_ name: [UInt8]) -> String {
    switch String(decoding: name.prefix { $0 != 0x3a }, as: UTF8.self) {
    case "POD": "the credential of a pod"
    case "INST": "the session of an instance"
    case "RUN": "the credential of a workflow run"
    case "TASK": "the session of a task"
    case "VLEASE": "a leased credential"
    case "CERT", "SERIAL": "the credential of a certificate"
    case "VACC": "a Vault token"
    case "AKID", "GCPKEY", "ENTRAKEY": "a key"
    default: ends == .workload ? "the credential of a workload" : "a credential or identity"
    }
  }
}

/// Where long-lived credentials were used from while they were valid.
struct KnownPlaces: Sendable {
  private struct Known: Sendable {
    var places: Set<UInt64> = []
    var first: Row
    /// The id behind the name: what is made anew has another one.
    var actor: Symbol
  }
  private var known: [Symbol: Known] = [:]
  private var lately: [UInt32] = []  // by subject: 1 + the origin last learned from
  static let limit = 100_000

  /// Its credential where that outlives a session, else its name.
  private func holder(_ moment: Moment) -> Symbol {
    moment.subject.credentialKind.isLongLived && moment.subject.credential.isPresent
      ? moment.subject.credential : moment.subject.name
  }

  mutating func learn(_ moment: Moment, _ judgement: inout Judgement) {
    guard moment.subject.kind.isMachine else { return }
    let slot = Int(moment.event.subject)
    if slot >= lately.count { lately.append(contentsOf: repeatElement(0, count: max(256, slot + 1 - lately.count))) }
    if lately[slot] == moment.event.origin + 1 { return }
    lately[slot] = moment.event.origin + 1
    guard let place = place(moment, &judgement) else { return }
    let holder = holder(moment)
    if known[holder] == nil, known.count >= KnownPlaces.limit { return }
    if known[holder]?.places.count ?? 0 >= 8 { return }
    known[holder, default: Known(first: moment.row, actor: moment.subject.actor)].places.insert(place)
  }

  /// It was used before, and never from there.
  func isNew(_ moment: Moment, _ judgement: inout Judgement) -> Bool {
    guard let place = place(moment, &judgement), let known = known[holder(moment)] else { return false }
    return !known.places.contains(place)
  }

  /// The name is the same, and who bears it is not.
  func isNamesake(_ moment: Moment) -> Bool {
    guard let known = known[holder(moment)], known.actor.isPresent else { return false }
    return moment.subject.actor.isPresent && known.actor != moment.subject.actor
  }

  func first(_ moment: Moment) -> Row? { known[holder(moment)]?.first }

  private func place(_ moment: Moment, _ judgement: inout Judgement) -> UInt64? {
    let key = judgement.place(moment)
    switch key.kind {
    case .none, .service: return nil
    case .publicV4, .publicV6: return judgement.provider(moment)
    default: return UInt64(key.kind.rawValue) << 56 ^ key.value
    }
  }
}

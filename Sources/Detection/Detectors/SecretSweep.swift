import EventModel
import EventWindow

/// OS7: secrets are read one after another, or where their reader has no business.
///
/// Forms: `sweep` many distinct secret values in minutes; `listed` a listing and then reads; `namespaces` secrets of several
/// Kubernetes namespaces; `cluster-list` all secrets of a cluster; `user-data` start-up scripts of many instances; `ns:…` another
/// namespace's secrets by a service account. Keyed by the root of the lineage, so that a sweep over several sessions is one.
///
/// What an identity reads hour by hour is no sweep (``SecretRoutine``), nor what two of its last thirty days already had a quarter of.
/// State: about 3 KB for each reader of the last ten minutes, 40 B for each (identity, namespace) of the day.
struct SecretSweep: Detector {
  static let kind = "secret-sweep"

  struct Read: Sendable {
    var time: Int64
    var secret: UInt64
    var namespace: Symbol
    var row: Row
  }
  struct Reader: Sendable {
    var reads: [Read] = []
    var userData: [Read] = []
    var listed = Int64.min
    var listRow: Row?
    var first: Row?
    var last = Int64.min
    static let limit = 256
  }

  let number: Int
  let base: Severity
  let reads, lists, bulks, userData, passwords, concerned: FactSet
  let sweepSpan, listSpan, tokenSpan: Int64
  let sweepCount, listCount, tokenCount, bulkCount, namespaceCount, instanceCount: Int
  let duties: [String]
  var readers: [[UInt8]: Reader] = [:]
  var sweep: Int64 = Int64.min
  /// Habits are remembered at these counts of distinct secrets in five minutes.
  static let levels = [3, 10, 30, 100, 300]

  init(_ definition: DetectionDefinition, number: Int, facts: FactVocabulary) throws(DetectionError) {
    self.number = number
    base = definition.severity
    var p = definition.parameters
    reads = facts.set(try p.list("read_facts", default: ["secret-read"]))
    lists = facts.set(try p.list("list_facts", default: ["secret-listed"]))
    bulks = facts.set(try p.list("bulk_facts", default: ["secret-bulk"]))
    userData = facts.set(try p.list("user_data_facts", default: ["user-data"]))
    passwords = facts.set(try p.list("password_facts", default: ["password-data"]))
    concerned = reads.union(lists).union(userData).union(passwords)
    sweepSpan = try p.minutes("sweep_minutes", default: 5)
    sweepCount = try p.number("sweep_secrets", default: 10)
    listSpan = try p.minutes("listed_minutes", default: 2)
    listCount = try p.number("listed_secrets", default: 5)
    tokenSpan = try p.minutes("token_minutes", default: 10)
    tokenCount = try p.number("token_secrets", default: 20)
    bulkCount = try p.number("bulk_counts", default: 20)
    namespaceCount = try p.number("namespaces", default: 3)
    instanceCount = try p.number("user_data_instances", default: 5)
    duties = try p.list("excused_duties", default: ["secret-manager", "backup", "rotator"])
    try p.checkAllRead()
  }

  mutating func judge(_ moment: Moment, _ judgement: inout Judgement) {
    let facts = moment.event.facts
    guard facts.intersects(concerned) else { return }
    if moment.isServiceMade || moment.event.flags.contains(.echo) || moment.event.flags.contains(.sharedCopy)
      || moment.event.flags.contains(.systemActor) || moment.subject.kind == .service
      || moment.subject.kind == .anonymous
    {
      return
    }
    // A secret that is not there, a call that was throttled: nothing left the store, and nobody was refused.
    guard moment.tookPlace || moment.event.outcome == .denied else { return }
    let profile = judgement.profile(moment)
    if duties.contains(where: { judgement.hasDuty($0, profile) }) { return }
    if facts.intersects(userData), judgement.hasDuty("scanner", profile) { return }
    let inCluster =
      moment.operation.resourceKind.isPresent && judgement.text(moment.operation.resourceKind) == "secrets"
    if inCluster { judgeCluster(moment, profile, &judgement) }
    if moment.time == Timestamp.none { return }
    evict(moment.time)
    let key = reader(moment, profile, judgement)
    var reader = readers.removeValue(forKey: key) ?? Reader()
    if reader.first == nil { reader.first = moment.row }
    reader.last = moment.time
    let span = max(sweepSpan, tokenSpan)
    reader.reads.removeAll { moment.time - $0.time > span }
    reader.userData.removeAll { moment.time - $0.time > sweepSpan }
    if facts.intersects(lists) {
      reader.listed = moment.time
      reader.listRow = moment.row
    }
    if facts.intersects(userData) {
      add(moment, moment.event.resource, to: &reader.userData)
      if reader.userData.count >= instanceCount { judgeUserData(moment, key, reader, profile, &judgement) }
    }
    if facts.intersects(reads) || facts.intersects(passwords) {
      if note(moment, &reader, judgement) { judgeReads(moment, key, inCluster, reader, profile, &judgement) }
    }
    readers[key] = reader
  }

  /// The root's holder, so that direct use of a key and of the sessions made with it are one.
  private func reader(_ moment: Moment, _ profile: Judgement.Profile, _ judgement: borrowing Judgement) -> [UInt8] {
    if moment.subject.credentialKind == .vaultToken { return judgement.bytes(moment.subject.credential) }
    if profile.root >= 0, profile.root != profile.node {
      let root = judgement.lineage[profile.root]
      return judgement.bytes(root.holder.isPresent ? root.holder : root.credential)
    }
    return judgement.bytes(moment.subject.name)
  }

  private func add(_ moment: Moment, _ secret: Symbol, to reads: inout [Read]) {
    add(moment, secret.isPresent ? UInt64(secret.raw) : moment.event.idLow | 1 << 63, to: &reads)
  }

  private func add(_ moment: Moment, _ secret: UInt64, to reads: inout [Read]) {
    if reads.contains(where: { $0.secret == secret }) { return }
    if reads.count >= Reader.limit { reads.removeFirst(Reader.limit / 4) }
    reads.append(Read(time: moment.time, secret: secret, namespace: moment.operation.namespace, row: moment.row))
  }

  /// Whether anything was read that is not read hour by hour.
  private func note(_ moment: Moment, _ reader: inout Reader, _ judgement: borrowing Judgement) -> Bool {
    let before = reader.reads.count
    var members = 0
    var whole = false
    SecretRoutine.members(
      moment, judgement.window.details(moment.event, at: moment.row), judgement.dictionaries
    ) { secret in
      members += 1
      if judgement.survey.secrets.isRoutine(moment.subject.name, secret) { return }
      if judgement.text(secret) == "/" { whole = true }
      add(moment, secret, to: &reader.reads)
    }
    // By filter, or from the top: the log does not say how many.
    if members == 0 || whole, moment.event.facts.intersects(bulks) {
      for n in 0..<bulkCount { add(moment, (moment.event.idHigh &+ UInt64(n)) | 1 << 63, to: &reader.reads) }
    }
    return reader.reads.count != before
  }

  func report(
    _ form: String, _ moment: Moment, _ key: [UInt8], _ reads: [Read], _ reader: Reader, _ severity: Severity,
    _ profile: Judgement.Profile, seen: String, threshold: String, _ judgement: inout Judgement
  ) {
    let usual = usual(key, moment, reads.count, judgement)
    if usual * 4 >= reads.count { return }
    var severity = severity
    if judgement.survey.runs.contains(moment) { severity = severity.raised(by: -1) }
    if profile.isHuman { severity = min(severity, .medium) }
    let rows = reads.prefix(6).map(\.row) + (form == "listed" ? reader.listRow.map { [$0] } ?? [] : [])
    judgement.report(
      number, moment, key: key, cause: Array((form == "listed" ? "sweep" : form).utf8), severity: severity,
      baseline: usual > 0 ? reader.first.map { [$0] } ?? [] : [], cite: rows.map { (.trigger, $0) }
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let refused = moment.tookPlace ? "" : "; the last call was refused"
      draft.title = "\(who) \(seen)"
      draft.summary =
        "\(who) with \(j.credentialWords(moment.subject)) \(seen), from \(j.words(reads.first?.time ?? moment.time)) to "
        + "\(j.words(moment.time)), from \(j.words(moment.origin))\(refused)."
      draft.explanation.expected =
        usual > 0
        ? "at most some \(usual) at a time, as on earlier days" : "a few secrets of its own, hour by hour the same"
      draft.explanation.seen = seen
      draft.explanation.threshold = threshold
      draft.explanation.state = [
        ("form", form), ("usual distinct reads at a time", usual == 0 ? "none on record" : "\(usual)"),
      ]
      if let first = reads.first { draft.firstSeen = min(draft.firstSeen, first.time) }
    }
  }

  private mutating func evict(_ now: Int64) {
    guard sweep == Int64.min || now - sweep > Timestamp.hour else { return }
    sweep = now
    let span = max(sweepSpan, tokenSpan)
    readers = readers.filter { now - $0.value.last <= span }
  }
}

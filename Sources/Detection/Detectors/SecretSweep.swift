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

  private struct Read: Sendable {
    var time: Int64
    var secret: UInt64
    var namespace: Symbol
    var row: Row
  }
  private struct Reader: Sendable {
    var reads: [Read] = []
    var userData: [Read] = []
    var listed = Int64.min
    var listRow: Row?
    var first: Row?
    var last = Int64.min
    static let limit = 256
  }

  private let number: Int
  private let base: Severity
  private let reads, lists, bulks, userData, passwords, concerned: FactSet
  private let sweepSpan, listSpan, tokenSpan: Int64
  private let sweepCount, listCount, tokenCount, bulkCount, namespaceCount, instanceCount: Int
  private let duties: [String]
  private var readers: [[UInt8]: Reader] = [:]
  private var sweep: Int64 = Int64.min
  /// Habits are remembered at these counts of distinct secrets in five minutes.
  private static let levels = [3, 10, 30, 100, 300]

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

  private mutating func judgeReads(
    _ moment: Moment, _ key: [UInt8], _ inCluster: Bool, _ reader: Reader, _ profile: Judgement.Profile,
    _ judgement: inout Judgement
  ) {
    let isToken = moment.subject.credentialKind == .vaultToken
    let span = isToken ? tokenSpan : sweepSpan
    let recent = reader.reads.filter { moment.time - $0.time <= span }
    let count = recent.count
    remember(count, key, moment, &judgement)
    if count >= (isToken ? tokenCount : sweepCount) {
      report(
        "sweep", moment, key, recent, reader, base, profile,
        seen: "asked for \(count) distinct secrets within \(span / Timestamp.minute) minutes",
        threshold: "\(isToken ? tokenCount : sweepCount) distinct secrets within \(span / Timestamp.minute) minutes",
        &judgement)
      return
    }
    if inCluster {
      let namespaces = Set(recent.map(\.namespace))
      if namespaces.count >= namespaceCount {
        judgeNamespaces(moment, key, recent, namespaces.count, reader, profile, &judgement)
      }
    }
    let afterList = recent.filter { $0.time >= reader.listed }
    if reader.listed != Int64.min, moment.time - reader.listed <= listSpan, afterList.count >= listCount {
      report(
        "listed", moment, key, afterList, reader, base, profile,
        seen:
          "listed the secrets and asked for \(afterList.count) of them within \(listSpan / Timestamp.minute) minutes",
        threshold: "a listing and \(listCount) distinct reads within \(listSpan / Timestamp.minute) minutes", &judgement
      )
    }
  }

  private func judgeNamespaces(
    _ moment: Moment, _ key: [UInt8], _ recent: [Read], _ count: Int, _ reader: Reader, _ profile: Judgement.Profile,
    _ judgement: inout Judgement
  ) {
    report(
      "namespaces", moment, key, recent, reader, history(moment, judgement) ? base : .medium, profile,
      seen: "asked for secrets of \(count) namespaces within \(sweepSpan / Timestamp.minute) minutes",
      threshold: "secrets of \(namespaceCount) namespaces by an identity that did not do so on earlier days", &judgement
    )
  }

  private func judgeUserData(
    _ moment: Moment, _ key: [UInt8], _ reader: Reader, _ profile: Judgement.Profile, _ judgement: inout Judgement
  ) {
    report(
      "user-data", moment, key, reader.userData, reader, base, profile,
      seen:
        "asked for the start-up data of \(reader.userData.count) instances within \(sweepSpan / Timestamp.minute) minutes",
      threshold: "\(instanceCount) instances within \(sweepSpan / Timestamp.minute) minutes", &judgement)
  }

  // MARK: Kubernetes

  private mutating func judgeCluster(_ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement) {
    if moment.event.facts.intersects(lists), !moment.operation.namespace.isPresent {
      clusterList(moment, profile, &judgement)
    } else if moment.subject.kind == .serviceAccount, moment.subject.namespace.isPresent,
      moment.operation.namespace.isPresent,
      moment.subject.namespace != moment.operation.namespace
    {
      foreign(moment, profile, &judgement)
    }
  }

  /// All secrets of all namespaces. A controller does it as routine, on its first day too: medium until there is history.
  private func clusterList(_ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement) {
    let habit = judgement.memory.key([Array("secret-list".utf8), judgement.bytes(moment.subject.name)])
    let known = judgement.memory.recall(habit, on: moment.day)
    if moment.time != Timestamp.none { judgement.memory.remember(habit, on: moment.day) }
    if let first = known.firstDay, first < moment.day { return }
    var severity: Severity = history(moment, judgement) ? base : .medium
    if profile.isHuman { severity = .low }
    if !moment.tookPlace { severity = severity.raised(by: -1) }
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name), cause: Array("cluster-list".utf8), severity: severity
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let tried = moment.tookPlace ? "lists" : "tries to list"
      draft.title = "\(who) \(tried) the secrets of the whole cluster"
      draft.summary =
        "\(who) with \(j.credentialWords(moment.subject)) called \(j.text(moment.operation.action)) over all namespaces at "
        + "\(j.words(moment.time)) from \(j.words(moment.origin))\(moment.tookPlace ? ", which returns their values." : "; the call was refused.")"
      draft.explanation.expected = "secrets of its own namespace; no earlier day has such a listing"
      draft.explanation.seen = "\(j.text(moment.operation.action)) without a namespace"
      draft.explanation.threshold =
        "the first on record\(self.history(moment, j) ? "" : ", first seen, less than a day of coverage")"
    }
  }

  /// Another namespace's secret, by a service account: first seen for the pair.
  private mutating func foreign(_ moment: Moment, _ profile: Judgement.Profile, _ judgement: inout Judgement) {
    let visit = (name: moment.subject.name, namespace: moment.operation.namespace)
    let habit = judgement.memory.key([
      Array("secret-namespace".utf8), judgement.bytes(visit.name), judgement.bytes(visit.namespace),
    ])
    let known = judgement.memory.recall(habit, on: moment.day)
    if moment.time != Timestamp.none { judgement.memory.remember(habit, on: moment.day) }
    if let first = known.firstDay, first < moment.day { return }
    var routine = false
    SecretRoutine.members(moment, judgement.window.details(moment.event, at: moment.row), judgement.dictionaries) {
      secret in
      if judgement.survey.secrets.isRoutine(moment.subject.name, secret) { routine = true }
    }
    if routine { return }
    judgement.report(
      number, moment, key: judgement.bytes(moment.subject.name),
      cause: Array("ns:".utf8) + judgement.bytes(visit.namespace),
      severity: moment.tookPlace ? .medium : .low
    ) { draft, j in
      let who = j.shortName(moment.subject.name)
      let there = j.text(visit.namespace)
      let own = j.text(moment.subject.namespace)
      draft.title = "\(who) \(moment.tookPlace ? "reads" : "tries to read") secrets of namespace \(there)"
      draft.summary =
        "\(who) of namespace \(own) with \(j.credentialWords(moment.subject)) called \(j.text(moment.operation.action)) in \(there) "
        + "at \(j.words(moment.time)) from \(j.words(moment.origin))\(moment.tookPlace ? "." : "; the call was refused.")"
      draft.explanation.expected = "secrets of its own namespace \(own)"
      draft.explanation.seen = "\(j.text(moment.operation.action)) in \(there)"
      draft.explanation.threshold = "the first time on record for this identity and namespace"
    }
  }

  /// The log reaches at least a day back.
  private func history(_ moment: Moment, _ judgement: borrowing Judgement) -> Bool {
    guard moment.time != Timestamp.none, let start = judgement.survey.coverage[Survey.log(moment)] else { return false }
    return moment.time - start >= Timestamp.day
  }

  // MARK: Habit

  private func habit(_ level: Int, _ key: [UInt8], _ judgement: borrowing Judgement) -> UInt64 {
    judgement.memory.key([Array("secrets".utf8), Array("\(level)".utf8), key])
  }

  private func remember(_ count: Int, _ key: [UInt8], _ moment: Moment, _ judgement: inout Judgement) {
    for level in SecretSweep.levels where count >= level {
      judgement.memory.remember(habit(level, key, judgement), on: moment.day)
    }
  }

  /// The most distinct secrets in five minutes that at least two of the last thirty days had; 0 none.
  private func usual(_ key: [UInt8], _ moment: Moment, _ count: Int, _ judgement: borrowing Judgement) -> Int {
    var usual = 0
    for level in SecretSweep.levels {
      let known = judgement.memory.recall(habit(level, key, judgement), on: moment.day)
      guard known.days >= (level <= count ? 3 : 2) else { break }
      usual = level
    }
    return usual
  }

  private func report(
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

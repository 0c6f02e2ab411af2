import EventModel

/// Recognises infrastructure-as-code runs by what they do (detections.md 4.4): one credential with one client family, within
/// 30 minutes, at least 10 distinct write targets in at least 4 services, in each of which it also reads.
///
/// State: about 600 bytes for each (credential, client) that acted within the last 30 minutes; a run is an interval of time.
struct IaCRuns: Sendable {
  struct Key: Hashable, Sendable {
    var credential: Symbol
    var family: Symbol
    var pair: UInt64 { UInt64(credential.raw) << 32 | UInt64(family.raw) }
  }
  fileprivate struct Activity: Sendable {
    var key: UInt64
    var start: Int64
    var last: Int64
    var read: [Symbol] = []
    var written: [Symbol] = []
    /// Distinct pairs of action and target, at most 64.
    var targets: [UInt64] = []
    var recognised = false
  }
  private var index = KeyTable()
  private var active: [Activity] = []
  /// Activities at which those that ended are let go.
  private var crowd = 4096
  private(set) var runs: [Key: [Range<Int64>]] = [:]
  /// A run was recognised after some of its acts: rows judged before must be judged again.
  private(set) var recognisedLate = 0

  static let span = 30 * Timestamp.minute
  static let targets = 10
  static let services = 4

  static func key(_ moment: Moment) -> Key {
    let credential = moment.subject.credential.isPresent ? moment.subject.credential : moment.subject.session
    return Key(credential: credential, family: moment.origin.family)
  }

  mutating func survey(_ moment: Moment) {
    guard moment.time != Timestamp.none, moment.subject.kind != .service, moment.operation.service.isPresent else {
      return
    }
    let key = IaCRuns.key(moment)
    guard key.credential.isPresent, key.family.isPresent else { return }
    let verb = moment.operation.verb
    let writes = verb == .write || verb == .config || verb == .grant || verb == .launch || verb == .delete
    let reads = verb == .read || verb == .list
    let known = index.find(key.pair)
    if !writes, !reads {
      if let known { extend(active[Int(known)], key, moment.time) }
      return
    }
    let at = known.map { Int($0) } ?? begin(key, moment.time)
    if moment.time - active[at].last > IaCRuns.span
      || moment.time - active[at].start > IaCRuns.span && !active[at].recognised
    {
      active[at] = Activity(key: key.pair, start: moment.time, last: moment.time)
    }
    active[at].note(moment, reads: reads)
    recognise(at, key)
  }

  /// What else the same client does belongs to its run.
  private mutating func extend(_ activity: Activity, _ key: Key, _ time: Int64) {
    guard activity.recognised, time - activity.last <= IaCRuns.span else { return }
    let n = (runs[key]?.count ?? 1) - 1
    if let run = runs[key]?[n], run.upperBound <= time { runs[key]?[n] = run.lowerBound..<(time + 1) }
  }

  private mutating func recognise(_ at: Int, _ key: Key) {
    let span = active[at].start..<(active[at].last + 1)
    if active[at].recognised {
      let last = (runs[key]?.count ?? 1) - 1
      runs[key]?[last] = span
    } else if active[at].isRun {
      active[at].recognised = true
      recognisedLate += 1
      runs[key, default: []].append(span)
    }
  }

  private mutating func begin(_ key: Key, _ time: Int64) -> Int {
    if active.count >= crowd { sweep(time) }
    active.append(Activity(key: key.pair, start: time, last: time))
    index.insert(key.pair, UInt32(active.count - 1))
    return active.count - 1
  }

  /// An activity that ended begins anew at its next act anyway.
  private mutating func sweep(_ now: Int64) {
    active.removeAll { now - $0.last > IaCRuns.span }
    index.removeAll()
    for n in active.indices { index.insert(active[n].key, UInt32(n)) }
    crowd = max(4096, active.count * 2)
  }

  func contains(_ moment: Moment) -> Bool {
    if runs.isEmpty { return false }
    return runs[IaCRuns.key(moment)]?.contains { $0.contains(moment.time) } ?? false
  }

  /// The credential drove a run at any time, with any client.
  func contains(credential: Symbol) -> Bool {
    credential.isPresent && runs.keys.contains { $0.credential == credential }
  }
}

extension IaCRuns.Activity {
  fileprivate var isRun: Bool {
    targets.count >= IaCRuns.targets && written.count(where: { read.contains($0) }) >= IaCRuns.services
  }

  fileprivate mutating func note(_ moment: Moment, reads: Bool) {
    last = max(last, moment.time)
    let service = moment.operation.service
    if reads {
      if !read.contains(service) { read.append(service) }
    } else if targets.count < 64 {
      let target = moment.event.resource.isPresent ? moment.event.resource : moment.event.target
      let what = target.isPresent ? UInt64(target.raw) : moment.event.idLow | 1 << 63
      let act = UInt64(moment.operation.action.raw) << 32 ^ what
      if !targets.contains(act) { targets.append(act) }
      if !written.contains(service) { written.append(service) }
    }
  }
}

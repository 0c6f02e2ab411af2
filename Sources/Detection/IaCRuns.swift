import EventModel

/// Recognises infrastructure-as-code runs by what they do (detections.md 4.4): one credential with one client family, within
/// 30 minutes, at least 10 distinct write targets in at least 4 services, in each of which it also reads.
///
/// State: about 600 bytes for each active (credential, client); a run is an interval of time.
struct IaCRuns: Sendable {
  struct Key: Hashable, Sendable {
    var credential: Symbol
    var family: Symbol
  }
  private struct Activity: Sendable {
    var start: Int64
    var last: Int64
    var targets: Set<UInt64> = []
    var written: Set<Symbol> = []
    var read: Set<Symbol> = []
    var recognised = false
  }
  private var active: [Key: Activity] = [:]
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
    let verb = moment.operation.verb
    let writes = verb == .write || verb == .config || verb == .grant || verb == .launch || verb == .delete
    let reads = verb == .read || verb == .list
    let key = IaCRuns.key(moment)
    if !writes, !reads {
      // What else the same client does belongs to its run.
      if let last = active[key]?.last, active[key]?.recognised == true, moment.time - last <= IaCRuns.span {
        let n = (runs[key]?.count ?? 1) - 1
        if let run = runs[key]?[n], run.upperBound <= moment.time { runs[key]?[n] = run.lowerBound..<(moment.time + 1) }
      }
      return
    }
    guard key.credential.isPresent, key.family.isPresent else { return }
    var activity = active[key] ?? Activity(start: moment.time, last: moment.time)
    if moment.time - activity.last > IaCRuns.span || moment.time - activity.start > IaCRuns.span && !activity.recognised
    {
      activity = Activity(start: moment.time, last: moment.time)
    }
    activity.last = max(activity.last, moment.time)
    if reads {
      activity.read.insert(moment.operation.service)
    } else if activity.targets.count < 64 {
      let target = moment.event.resource.isPresent ? moment.event.resource : moment.event.target
      let what = target.isPresent ? UInt64(target.raw) : moment.event.idLow | 1 << 63
      activity.targets.insert(UInt64(moment.operation.action.raw) << 32 ^ what)
      activity.written.insert(moment.operation.service)
    }
    let both = activity.written.intersection(activity.read).count
    if activity.recognised {
      let last = (runs[key]?.count ?? 1) - 1
      runs[key]?[last] = activity.start..<(activity.last + 1)
    } else if activity.targets.count >= IaCRuns.targets, both >= IaCRuns.services {
      activity.recognised = true
      recognisedLate += 1
      runs[key, default: []].append(activity.start..<(activity.last + 1))
    }
    active[key] = activity
  }

  func contains(_ moment: Moment) -> Bool {
    runs[IaCRuns.key(moment)]?.contains { $0.contains(moment.time) } ?? false
  }

  /// The credential drove a run at any time, with any client.
  func contains(credential: Symbol) -> Bool {
    credential.isPresent && runs.keys.contains { $0.credential == credential }
  }
}

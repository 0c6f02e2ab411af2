import EventModel
import EventWindow

/// Secrets that an identity reads again and again (a refresh, an operator's loop): reading them once more is no sweep.
///
/// A pair of identity and secret is routine once it was read in three different hours. 24 B and slot overhead for each pair,
/// at most ``limit`` pairs.
struct SecretRoutine: Sendable {
  private struct Reads: Sendable {
    var hour: Int64
    var hours: UInt8
  }
  /// How many secrets an identity read in one hour.
  private struct Pace: Sendable {
    var hour: Int64
    var count: Int
    var wasFast: Bool
  }
  private var reads: [UInt64: Reads] = [:]
  private var paces: [Symbol: Pace] = [:]
  /// Pairs of somebody who reads several secrets at a time that became routine: rows judged before must be judged again.
  private(set) var learned = 0
  static let hours: UInt8 = 3
  static let limit = 500_000
  static let several = 3

  mutating func survey(_ moment: Moment, _ details: ArraySlice<Detail>, _ dictionaries: EventDictionaries) {
    guard moment.time != Timestamp.none else { return }
    let hour = moment.time / Timestamp.hour
    SecretRoutine.members(moment, details, dictionaries) { note(moment.subject.name, $0, hour) }
  }

  private mutating func note(_ name: Symbol, _ secret: Symbol, _ hour: Int64) {
    let key = SecretRoutine.key(name, secret)
    guard var known = reads[key] else {
      quicken(name, hour)
      if reads.count < SecretRoutine.limit { reads[key] = Reads(hour: hour, hours: 1) }
      return
    }
    if known.hour == hour || known.hours >= SecretRoutine.hours { return }
    quicken(name, hour)
    known.hour = hour
    known.hours += 1
    if known.hours == SecretRoutine.hours, paces[name]?.wasFast == true { learned += 1 }
    reads[key] = known
  }

  private mutating func quicken(_ name: Symbol, _ hour: Int64) {
    var pace = paces[name] ?? Pace(hour: hour, count: 0, wasFast: false)
    if pace.hour != hour {
      pace.hour = hour
      pace.count = 0
    }
    pace.count += 1
    if pace.count >= SecretRoutine.several { pace.wasFast = true }
    if paces[name] != nil || paces.count < SecretRoutine.limit { paces[name] = pace }
  }

  func isRoutine(_ name: Symbol, _ secret: Symbol) -> Bool {
    reads[SecretRoutine.key(name, secret)].map { $0.hours >= SecretRoutine.hours } ?? false
  }

  private static func key(_ name: Symbol, _ secret: Symbol) -> UInt64 { UInt64(name.raw) << 32 | UInt64(secret.raw) }

  /// The secrets that one call reads: the members of a batch, else its resource.
  static func members(
    _ moment: Moment, _ details: ArraySlice<Detail>, _ dictionaries: EventDictionaries, _ body: (Symbol) -> Void
  ) {
    var named = false
    if let word = dictionaries.symbols.find(Array("secret".utf8)) {
      for detail in details where detail.name == word {
        named = true
        body(detail.value)
      }
    }
    if !named, moment.event.resource.isPresent { body(moment.event.resource) }
  }
}

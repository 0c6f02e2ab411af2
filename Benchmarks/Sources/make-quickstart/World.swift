import Synthesis

/// Everything that happened on the day, gathered per log, to be sorted and written at the end.
final class World {
  struct Delivery {
    let time: Double
    let account, region: String
    let record: JSON
  }

  let day = Day(year: 2026, month: 3, day: 17)
  let seed: UInt64
  var cloudTrail: [Delivery] = []
  var kubernetes: [(time: Double, record: JSON)] = []
  var vault: [(time: Double, record: JSON)] = []
  var agents: [(time: Double, record: JSON)] = []
  var acts: [JSON] = []
  /// Ids of records: a stream of its own, drawn in the order the story is told.
  var ids: SeededRandom

  init(seed: UInt64) {
    self.seed = seed
    ids = SeededRandom(seed: seed, stream: "ids")
  }

  /// Numbers for one actor.
  func random(_ stream: String) -> SeededRandom { SeededRandom(seed: seed, stream: stream) }

  /// Regular times with some jitter.
  func every(
    _ period: Double, from start: Double = 0, to end: Double = 86_400, stream: String, jitter: Double = 0.2
  ) -> [Double] {
    var random = random("every/" + stream)
    var times: [Double] = []
    var time = start + random.unit() * period
    while time < end - 1 {
      times.append(time)
      time += period * random.between(1 - jitter, 1 + jitter)
    }
    return times
  }

  /// Writes a planted act down for truth.json.
  func plant(_ detection: String, _ family: String, identity: String, events: [String], what: String) {
    acts.append([
      "detection": .string(detection), "family": .string(family), "identity": .string(identity),
      "event_ids": .strings(events), "what": .string(what),
    ])
  }
}

/// The three accounts of the organization and the region it works in.
enum Account {
  static let shop = "111122223333"
  static let data = "444455556666"
  static let platform = "777788889999"
  static let all = [shop, data, platform]
}

let home = "eu-west-1"

/// Where calls come from; documentation ranges only. The attacker's lies outside every declared zone.
enum Place {
  static let eksEgress = "203.0.113.18"
  static let platformEgress = "203.0.113.50"
  static let dataEgress = "203.0.113.66"
  static let lambdaEgress = "203.0.113.98"
  static func runner(_ number: Int) -> String { "203.0.113.\(128 + number % 100)" }
  static func office(_ number: Int) -> String { "198.51.100.\(10 + number)" }
  static let datacenter = "198.51.100.140"
  static let attacker = "192.0.2.66"
}

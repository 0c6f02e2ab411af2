import Synthesis

/// A growing run of bytes with the few number forms that records need; nothing here allocates once it has grown.
struct Bytes {
  private(set) var storage: [UInt8] = []
  private static let hexDigits = Array("0123456789abcdef".utf8)
  private static let keyLetters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

  init(capacity: Int) { storage.reserveCapacity(capacity) }

  var count: Int { storage.count }
  mutating func clear() { storage.removeAll(keepingCapacity: true) }
  mutating func append(_ bytes: [UInt8]) { storage.append(contentsOf: bytes) }
  mutating func append(_ byte: UInt8) { storage.append(byte) }

  /// The `count` lowest hexadecimal digits.
  mutating func appendHex(_ value: UInt64, _ count: Int) {
    var shift = count * 4
    while shift > 0 {
      shift -= 4
      storage.append(Self.hexDigits[Int(value >> UInt64(shift) & 15)])
    }
  }

  mutating func appendUUID(_ high: UInt64, _ low: UInt64) {
    appendHex(high >> 32, 8)
    storage.append(0x2d)
    appendHex(high >> 16, 4)
    storage.append(0x2d)
    storage.append(0x34)
    appendHex(high, 3)
    storage.append(0x2d)
    appendHex(0x8000 | low >> 48 & 0x3fff, 4)
    storage.append(0x2d)
    appendHex(low, 12)
  }

  /// Decimal, at least `width` digits.
  mutating func appendNumber(_ value: Int, width: Int = 1) {
    var divisor = 1
    for _ in 1..<width { divisor *= 10 }
    while value / divisor >= 10 { divisor *= 10 }
    while divisor > 0 {
      storage.append(UInt8(0x30 + value / divisor % 10))
      divisor /= 10
    }
  }

  /// Sixteen characters of a key id.
  mutating func appendKey(_ value: UInt64) {
    var rest = value
    for _ in 0..<9 {
      storage.append(Self.keyLetters[Int(rest & 31)])
      rest >>= 5
    }
    storage.append(contentsOf: Self.example)
  }
  private static let example = Array("EXAMPLE".utf8)
}

/// The day's date is the same for every event but its last digits: the text of a second, without a calendar per event.
struct Calendar {
  private let day: Day
  private var dates: [[UInt8]] = []
  private var spoken: [[UInt8]] = []

  /// For the given number of days, and two before (sessions that began earlier).
  init(_ day: Day, days: Int) {
    self.day = day
    for number in -2...days {
      dates.append(Array(day.iso(Double(number) * 86_400).utf8.prefix(11)))
      spoken.append(Array(day.spoken(Double(number) * 86_400).utf8.prefix { $0 != 0x3a }.dropLast(2)))
    }
  }

  /// `2026-03-17T09:12:04Z`.
  func append(_ time: Int, to out: inout Bytes) {
    let shifted = time + 2 * 86_400
    let clock = shifted % 86_400
    out.append(dates[shifted / 86_400])
    out.appendNumber(clock / 3600, width: 2)
    out.append(0x3a)
    out.appendNumber(clock / 60 % 60, width: 2)
    out.append(0x3a)
    out.appendNumber(clock % 60, width: 2)
    out.append(0x5a)
  }

  /// `Mar 17, 2026, 9:12:04 AM`.
  func appendSpoken(_ time: Int, to out: inout Bytes) {
    let shifted = time + 2 * 86_400
    let clock = shifted % 86_400
    out.append(spoken[shifted / 86_400])
    let hour = clock / 3600
    out.appendNumber(hour % 12 == 0 ? 12 : hour % 12)
    out.append(0x3a)
    out.appendNumber(clock / 60 % 60, width: 2)
    out.append(0x3a)
    out.appendNumber(clock % 60, width: 2)
    out.append(0x20)
    out.append(hour < 12 ? 0x41 : 0x50)
    out.append(0x4d)
  }
}

/// Event times: nanoseconds since 1970 in UTC, and how precise the log was.
public enum Timestamp {
  /// "No readable time": sorts before every time.
  public static let none = Int64.min
  public static let day: Int64 = 86_400_000_000_000
  public static let second: Int64 = 1_000_000_000
  public static let minute: Int64 = 60 * second
  public static let hour: Int64 = 3600 * second

  /// Days since 1970-01-01, floored.
  @inlinable public static func utcDay(_ time: Int64) -> Int32 {
    Int32(truncatingIfNeeded: time >= 0 ? time / day : (time - day + 1) / day)
  }

  /// Days since 1970-01-01 of a proleptic Gregorian date.
  @inlinable static func days(_ year: Int, _ month: Int, _ dayOfMonth: Int) -> Int {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dayOfMonth - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func date(ofDay z0: Int) -> (year: Int, month: Int, day: Int) {
    let z = z0 + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let doe = z - era * 146_097
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100)
    let mp = (5 * doy + 2) / 153
    let month = mp + (mp < 10 ? 3 : -9)
    return (yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1)
  }

  /// RFC 3339 with as many fraction digits as the value has (none, 3, 6 or 9).
  public static func text(_ time: Int64) -> String {
    if time == none { return "" }
    let dayNumber = Int(utcDay(time))
    let (year, month, dayOfMonth) = date(ofDay: dayNumber)
    let inDay = time - Int64(dayNumber) * day
    let seconds = Int(inDay / second)
    let nanos = Int(inDay % second)
    func pad(_ n: Int, _ width: Int) -> String {
      let s = String(n)
      return String(repeating: "0", count: max(0, width - s.count)) + s
    }
    var out = "\(pad(year, 4))-\(pad(month, 2))-\(pad(dayOfMonth, 2))T"
    out += "\(pad(seconds / 3600, 2)):\(pad(seconds / 60 % 60, 2)):\(pad(seconds % 60, 2))"
    if nanos != 0 {
      if nanos % 1_000_000 == 0 {
        out += "." + pad(nanos / 1_000_000, 3)
      } else if nanos % 1000 == 0 {
        out += "." + pad(nanos / 1000, 6)
      } else {
        out += "." + pad(nanos, 9)
      }
    }
    return out + "Z"
  }

  /// A parsed time and the precision its text had.
  public struct Parsed: Equatable, Sendable {
    public var time: Int64
    public var precision: TimePrecision
  }

  /// Reads RFC 3339 and its relatives: a space for `T`, up to 9 fraction digits (more are cut), `Z`, an offset or
  /// nothing (UTC), second 60, `20131102T010628Z`, `Jul 10, 2023, 6:30:22 PM` (also without the second comma, with
  /// U+202F), and numbers: epoch seconds, milliseconds, microseconds or nanoseconds by size, with a fraction.
  /// nil where nothing fits or the time lies outside 1970-2262. Never traps.
  public static func parse(_ text: Span<UInt8>) -> Parsed? {
    let n = text.count
    guard n >= 8, n <= 40 else { return nil }
    if n >= 19, text[4] == 0x2d, text[7] == 0x2d { return iso(text) }
    if n >= 15, text[8] == 0x54 { return compact(text) }
    let first = text[0]
    if first >= 0x30 && first <= 0x39 { return epoch(text) }
    return worded(text)
  }

  @inline(__always)
  static func number(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> Int? {
    guard start + count <= text.count else { return nil }
    var value = 0
    for i in start..<(start + count) {
      let c = text[i]
      guard c >= 0x30 && c <= 0x39 else { return nil }
      value = value * 10 + Int(c - 0x30)
    }
    return value
  }

  private static func iso(_ text: Span<UInt8>) -> Parsed? {
    guard let year = number(text, 0, 4), let month = number(text, 5, 2), let dayOfMonth = number(text, 8, 2),
      text[10] == 0x54 || text[10] == 0x20 || text[10] == 0x74,
      let hour = number(text, 11, 2), text[13] == 0x3a, let minute = number(text, 14, 2), text[16] == 0x3a,
      let seconds = number(text, 17, 2)
    else { return nil }
    var i = 19
    var nanos = 0
    var digits = 0
    if i < text.count, text[i] == 0x2e || text[i] == 0x2c {
      i += 1
      while i < text.count, text[i] >= 0x30, text[i] <= 0x39 {
        if digits < 9 {
          nanos = nanos * 10 + Int(text[i] - 0x30)
          digits += 1
        }
        i += 1
      }
      if digits == 0 { return nil }
      for _ in digits..<9 { nanos *= 10 }
    }
    guard let offset = zone(text, i) else { return nil }
    let precision: TimePrecision =
      digits == 0 ? .seconds : digits <= 3 ? .milliseconds : digits <= 6 ? .microseconds : .nanoseconds
    return assemble(year, month, dayOfMonth, hour, minute, seconds, nanos, offset, precision)
  }

  /// Offset in seconds of `Z`, `+hh:mm`, `+hhmm` or nothing; nil if something else stands there.
  private static func zone(_ text: Span<UInt8>, _ at: Int) -> Int? {
    var i = at
    while i < text.count, text[i] == 0x20 { i += 1 }
    if i == text.count { return 0 }
    let c = text[i]
    if c == 0x5a || c == 0x7a { return i + 1 == text.count ? 0 : nil }
    if c == 0x55, i + 3 == text.count { return 0 }  // "UTC"
    guard c == 0x2b || c == 0x2d, let hours = number(text, i + 1, 2) else { return nil }
    var minutes = 0
    var j = i + 3
    if j < text.count {
      if text[j] == 0x3a { j += 1 }
      guard let m = number(text, j, 2), j + 2 == text.count else { return nil }
      minutes = m
    }
    guard hours <= 18, minutes < 60 else { return nil }
    return (c == 0x2d ? -1 : 1) * (hours * 3600 + minutes * 60)
  }

  private static func compact(_ text: Span<UInt8>) -> Parsed? {
    guard let year = number(text, 0, 4), let month = number(text, 4, 2), let dayOfMonth = number(text, 6, 2),
      let hour = number(text, 9, 2), let minute = number(text, 11, 2), let seconds = number(text, 13, 2),
      let offset = zone(text, 15)
    else { return nil }
    return assemble(year, month, dayOfMonth, hour, minute, seconds, 0, offset, .seconds)
  }

  private static func epoch(_ text: Span<UInt8>) -> Parsed? {
    var whole: Int64 = 0
    var fraction: Int64 = 0
    var fractionDigits = 0
    var inFraction = false
    for i in 0..<text.count {
      let c = text[i]
      if c == 0x2e, !inFraction {
        inFraction = true
      } else if c >= 0x30 && c <= 0x39 {
        if inFraction {
          if fractionDigits < 9 {
            fraction = fraction * 10 + Int64(c - 0x30)
            fractionDigits += 1
          }
        } else {
          let (v, o1) = whole.multipliedReportingOverflow(by: 10)
          let (w, o2) = v.addingReportingOverflow(Int64(c - 0x30))
          if o1 || o2 { return nil }
          whole = w
        }
      } else {
        return nil
      }
    }
    for _ in fractionDigits..<9 { fraction *= 10 }
    let scale: Int64
    let precision: TimePrecision
    switch whole {
    case ..<100_000_000_000: (scale, precision) = (second, fractionDigits > 0 ? .microseconds : .seconds)
    case ..<100_000_000_000_000: (scale, precision) = (1_000_000, .milliseconds)
    case ..<100_000_000_000_000_000: (scale, precision) = (1000, .microseconds)
    default: (scale, precision) = (1, .nanoseconds)
    }
    let (time, overflow) = whole.multipliedReportingOverflow(by: scale)
    if overflow { return nil }
    let (sum, overflow2) = time.addingReportingOverflow(fraction / (second / scale))
    return overflow2 || sum < 0 ? nil : Parsed(time: sum, precision: precision)
  }

  private static let months = Array("janfebmaraprmayjunjulaugsepoctnovdec".utf8)

  /// `Jul 10, 2023, 6:30:22 PM`.
  private static func worded(_ text: Span<UInt8>) -> Parsed? {
    guard let month = (0..<12).first(where: { m in (0..<3).allSatisfy { text[$0] | 0x20 == months[m * 3 + $0] } })
    else { return nil }
    var numbers: [Int] = []
    var afternoon: Bool?
    var i = 3
    while i < text.count {
      let c = text[i]
      if c >= 0x30 && c <= 0x39 {
        var value = 0
        while i < text.count, text[i] >= 0x30, text[i] <= 0x39, value < 100_000 {
          value = value * 10 + Int(text[i] - 0x30)
          i += 1
        }
        numbers.append(value)
        continue
      }
      if c | 0x20 == 0x70 { afternoon = true }
      if c | 0x20 == 0x61 { afternoon = false }
      i += 1
    }
    guard numbers.count == 5 else { return nil }
    var hour = numbers[2]
    if let afternoon {
      guard hour >= 1 && hour <= 12 else { return nil }
      hour = hour % 12 + (afternoon ? 12 : 0)
    }
    return assemble(numbers[1], month + 1, numbers[0], hour, numbers[3], numbers[4], 0, 0, .seconds)
  }

  private static func assemble(
    _ year: Int, _ month: Int, _ dayOfMonth: Int, _ hour: Int, _ minute: Int, _ seconds: Int, _ nanos: Int,
    _ offset: Int, _ precision: TimePrecision
  ) -> Parsed? {
    guard year >= 1970, year <= 2261, month >= 1, month <= 12, dayOfMonth >= 1, dayOfMonth <= 31, hour < 24,
      minute < 60, seconds <= 60
    else { return nil }
    let total = days(year, month, dayOfMonth) * 86_400 + hour * 3600 + minute * 60 + seconds - offset
    guard total >= 0 else { return nil }
    return Parsed(time: Int64(total) * second + Int64(nanos), precision: precision)
  }
}

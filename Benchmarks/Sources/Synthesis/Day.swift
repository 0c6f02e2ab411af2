/// One UTC day. Times inside it are seconds after midnight; negative ones lie in the day before.
public struct Day: Sendable {
  /// Seconds since 1970 at midnight.
  public let epoch: Int

  /// From a civil date (Gregorian, March-based year arithmetic).
  public init(year: Int, month: Int, day: Int) {
    let y = month <= 2 ? year - 1 : year
    let era = y / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    epoch = (era * 146_097 + dayOfEra - 719_468) * 86_400
  }

  public struct Parts { public var year, month, day, hour, minute, second: Int }

  public func parts(_ time: Int) -> Parts {
    let total = epoch + time
    let days = total / 86_400 + 719_468
    let clock = total % 86_400
    let era = days / 146_097
    let dayOfEra = days - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let m = (5 * dayOfYear + 2) / 153
    let month = m < 10 ? m + 3 : m - 9
    return Parts(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month, day: dayOfYear - (153 * m + 2) / 5 + 1,
      hour: clock / 3600, minute: clock / 60 % 60, second: clock % 60)
  }

  private func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private func dateAndClock(_ p: Parts) -> String {
    "\(p.year)-\(padded(p.month))-\(padded(p.day))T\(padded(p.hour)):\(padded(p.minute)):\(padded(p.second))"
  }

  /// `2026-03-17T09:12:04Z`.
  public func iso(_ time: Double) -> String { dateAndClock(parts(Int(time.rounded(.down)))) + "Z" }

  /// `2026-03-17T09:12:04.123456Z`, with 3 (ms), 6 (µs) or 9 (ns) digits.
  public func iso(_ time: Double, digits: Int) -> String {
    let whole = time.rounded(.down)
    let micro = Int((time - whole) * 1_000_000)
    let fraction =
      digits == 3 ? padded(micro / 1000, 3) : padded(micro, 6) + (digits == 9 ? padded(micro * 7 % 1000, 3) : "")
    return dateAndClock(parts(Int(whole))) + ".\(fraction)Z"
  }

  /// `20260317T0915Z`, as in delivery file names.
  public func compact(_ time: Double) -> String {
    let p = parts(Int(time.rounded(.down)))
    return "\(p.year)\(padded(p.month))\(padded(p.day))T\(padded(p.hour))\(padded(p.minute))Z"
  }

  /// `Mar 17, 2026, 3:12:04 PM`, the form of dates inside CloudTrail responses.
  public func spoken(_ time: Double) -> String {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let p = parts(Int(time.rounded(.down)))
    let hour = p.hour % 12 == 0 ? 12 : p.hour % 12
    let clock = "\(hour):\(padded(p.minute)):\(padded(p.second)) \(p.hour < 12 ? "AM" : "PM")"
    return "\(months[p.month - 1]) \(p.day), \(p.year), \(clock)"
  }
}

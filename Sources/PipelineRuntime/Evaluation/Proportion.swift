/// So many of so many, with what that says of the proportion behind it.
public struct Proportion: Sendable, Equatable {
  public var hits: Int
  public var total: Int

  public init(_ hits: Int, of total: Int) {
    self.hits = hits
    self.total = total
  }

  /// nil of nothing.
  public var value: Double? { total > 0 ? Double(hits) / Double(total) : nil }

  /// Wilson's score interval, 95 %: holds also near 0 and 1 and for small numbers.
  public var interval: (low: Double, high: Double)? {
    guard let p = value else { return nil }
    let z = 1.959963984540054
    let n = Double(total)
    let middle = p + z * z / (2 * n)
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    let scale = 1 + z * z / n
    return (max(0, (middle - spread) / scale), min(1, (middle + spread) / scale))
  }
}

/// How verdicts and labels agree.
public struct Agreement: Sendable, Equatable {
  public var found = 0
  public var missed = 0
  public var falseAlarms = 0
  public var silent = 0

  public init(found: Int = 0, missed: Int = 0, falseAlarms: Int = 0, silent: Int = 0) {
    self.found = found
    self.missed = missed
    self.falseAlarms = falseAlarms
    self.silent = silent
  }

  public var recall: Proportion { Proportion(found, of: found + missed) }
  public var precision: Proportion { Proportion(found, of: found + falseAlarms) }
  public var falseAlarmRate: Proportion { Proportion(falseAlarms, of: falseAlarms + silent) }

  /// Matthews correlation, -1 to 1; nil where one side is empty.
  public var correlation: Double? {
    let (tp, fn, fp, tn) = (Double(found), Double(missed), Double(falseAlarms), Double(silent))
    let product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return product > 0 ? (tp * tn - fp * fn) / product.squareRoot() : nil
  }

  mutating func count(malicious: Bool, fires: Bool) {
    switch (malicious, fires) {
    case (true, true): found += 1
    case (true, false): missed += 1
    case (false, true): falseAlarms += 1
    case (false, false): silent += 1
    }
  }
}

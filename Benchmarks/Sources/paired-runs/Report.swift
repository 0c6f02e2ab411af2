/// The runs of one command.
struct Series {
  let label: String
  var runs: [ShellRun] = []

  func median(_ value: (ShellRun) -> Double) -> Double { middle(runs.map(value)) }
  var least: Double { runs.map(\.wall).min() ?? 0 }
  var peakMemory: Int { runs.map(\.peakMemory).max() ?? 0 }
}

/// The median; of an even number the mean of the middle two.
func middle(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard let last = sorted.last else { return 0 }
  let half = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + (half < sorted.count ? sorted[half] : last)) / 2
}

/// Three decimals, without locale.
func fixed(_ value: Double) -> String {
  let thousandths = Int((value * 1000).rounded())
  let rest = String(thousandths % 1000)
  return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
}

/// What is printed at the end. The ratio is the median of the rounds' ratios: machines drift between minutes, so only
/// the two runs of one round are compared with each other.
func report(_ a: Series, _ b: Series) -> String {
  func row(_ cells: [String]) -> String {
    cells.enumerated().map { index, cell in
      let gap = String(repeating: " ", count: max(0, (index == 0 ? 14 : 12) - cell.count))
      return index == 0 ? cell + gap : gap + cell
    }.joined()
  }
  func line(_ series: Series) -> String {
    row([
      series.label, fixed(series.median(\.wall)), fixed(series.least), fixed(series.median(\.processor)),
      String(series.peakMemory / 1024),
    ])
  }
  let ratios = zip(a.runs, b.runs).map { $0.wall / $1.wall }
  let spread = "\(fixed(ratios.min() ?? 0))-\(fixed(ratios.max() ?? 0))"
  return [
    row(["", "wall s", "least s", "cpu s", "peak MiB"]), line(a), line(b),
    "\(a.label)/\(b.label) wall: \(fixed(middle(ratios))) (median of \(ratios.count) rounds; \(spread))",
  ].joined(separator: "\n")
}

import Foundation
import PipelineRuntime

/// One line on stderr while reading: share of the compressed bytes, events a second, time left.
final class ProgressBar {
  private let progress: ReadProgress
  private let shown: Bool
  private let start = Date()
  private var drawn = Date.distantPast

  init(progress: ReadProgress, shown: Bool) {
    self.progress = progress
    self.shown = shown
  }

  /// - Parameter total: compressed bytes to read; 0 for a pipe.
  func draw(_ total: Int) {
    guard shown, Date().timeIntervalSince(drawn) > 0.15 else { return }
    drawn = Date()
    let seconds = max(0.001, drawn.timeIntervalSince(start))
    let bytes = progress.bytes.load(ordering: .relaxed)
    let records = progress.records.load(ordering: .relaxed)
    let rate = Int(Double(records) / seconds)
    var line = "\(ScanSummary.number(records)) records, \(ScanSummary.number(rate))/s"
    if total > 0 {
      let share = min(1, Double(bytes) / Double(total))
      let filled = Int(share * 24)
      let left = share > 0.02 ? Int(seconds / share - seconds) : nil
      line =
        "[" + String(repeating: "█", count: filled) + String(repeating: "·", count: 24 - filled) + "] "
        + "\(Int(share * 100)) %  \(line)" + (left.map { "  \($0) s left" } ?? "")
    } else {
      line = "reading: \(line)"
    }
    write("\r\u{1b}[K" + String(line.prefix(Terminal.width(STDERR_FILENO) - 1)))
  }

  func clear() { if shown { write("\r\u{1b}[K") } }

  private func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}

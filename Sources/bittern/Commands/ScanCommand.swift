import ArgumentParser
import EventModel
import Foundation
import PipelineContent
import PipelineRuntime
import Reporting

struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Read finished logs once (files, directories, globs, - for stdin) and print findings.",
    discussion: """
      Log types are recognised by content; gzip by its first bytes. Scanning the same logs again adds nothing.

      Examples:
        bittern scan logs/
        zcat *.json.gz | bittern scan -
        bittern scan --min-severity medium --fail-on high logs/ > findings.ndjson
        bittern scan --again
      """)

  @Argument(help: "Files, directories, globs, or - for standard input.")
  var paths: [String] = []

  @OptionGroup var store: StoreOptions
  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var output: OutputOptions

  @Option(
    help: "Report only findings last seen at or after this time (RFC 3339, or 24h, 7d back from the newest event).")
  var since: String?
  @Option(help: "Report only findings first seen before this time.")
  var until: String?
  @Flag(help: "Read everything that was scanned into the store again, and take back findings that no longer stand.")
  var again = false
  @Option(help: "Read every record as this source.")
  var source: String?
  @Option(help: "Reading threads (default: one for each processor).")
  var threads: Int?

  mutating func validate() throws {
    if let threads, !(1...64).contains(threads) { throw ValidationError("--threads is a number from 1 to 64") }
    if again, !paths.isEmpty { throw ValidationError("--again reads what was scanned before; it takes no paths") }
  }

  func run() throws {
    let stop = StopFlag()
    stop.install()
    let settings = try configuration.load()
    let content = try configuration.content(settings)
    var options = Scan.Options()
    options.inputs = paths.isEmpty ? settings.paths : paths
    options.again = again
    if options.inputs.isEmpty, !again {
      throw RunError.usage("nothing to read: name files, directories, or - for standard input")
    }
    options.store = store.path(settings)
    options.source = source
    options.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    options.since = try since.map { try TimeOption.parse($0) }
    options.until = try until.map { try TimeOption.parse($0) }
    var scan = Scan(content: content, options: options, stop: stop)
    let bar = ProgressBar(progress: scan.progress, shown: Terminal.isErrorTerminal && !output.quiet)
    scan.onProgress = { bar.draw($0.bytes) }
    let report: ScanReport
    do {
      report = try scan.run()
      bar.clear()
    } catch {
      bar.clear()
      throw error
    }
    output.print(report.newFindings)
    if !output.quiet { ScanSummary(report: report, store: options.store, style: Terminal.style(STDERR_FILENO)).print() }
    if output.failed(report.allFindings) { throw ExitCode(1) }
    if report.isIncomplete {
      if output.quiet { for line in ScanSummary.losses(report) { Terminal.error(line) } }
      throw ExitCode(4)
    }
  }
}

/// `--since` and `--until`.
enum TimeOption {
  static func parse(_ text: String) throws -> TimeBound {
    let bytes = Array(text.utf8)
    let dated = bytes.count == 10 && bytes[4] == 0x2d ? bytes + Array("T00:00:00Z".utf8) : bytes
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    if let unit = text.last, let seconds = units[unit], let n = Int64(text.dropLast()), n >= 0, n < 1_000_000 {
      return .beforeNewest(n * seconds * Timestamp.second)
    }
    guard let parsed = Timestamp.parse(dated.span) else {
      throw RunError.usage(
        "'\(text)' is no time: write 2026-03-17, 2026-03-17T10:00:00Z, or 24h, 7d back from the newest event")
    }
    return .at(parsed.time)
  }
}

import ArgumentParser
import EventModel
import Foundation
import PipelineContent
import PipelineRuntime
import Reporting

struct WatchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follow directories, files or a live pipe until stopped; resumes where it left off.",
    discussion: """
      Every finding is printed once its commit is done. A kill at any moment loses nothing and doubles nothing.

      Examples:
        bittern watch /var/log/audit
        kubectl logs -f … | bittern watch -
      """)

  @Argument(help: "Directories, files, or - for a live pipe.")
  var paths: [String] = []
  @OptionGroup var store: StoreOptions
  @OptionGroup var configuration: ConfigurationOptions
  @OptionGroup var output: OutputOptions
  @Option(help: "Read every record as this source.")
  var source: String?
  @Option(name: .customLong("idle-exit"), help: "Stop when all is read and nothing grew for so many seconds.")
  var idleExit: Double?

  func run() throws {
    let stop = StopFlag()
    stop.install()
    let settings = try configuration.load()
    let content = try configuration.content(settings)
    var options = Watch.Options()
    options.inputs = paths.isEmpty ? settings.paths : paths
    if options.inputs.isEmpty {
      throw RunError.usage("nothing to watch: name directories, files, or - for a live pipe")
    }
    options.store = store.path(settings)
    options.source = source
    options.idleExit = idleExit
    if !output.quiet {
      Terminal.note("bittern: watching \(options.inputs.joined(separator: ", ")); store \(options.store); Ctrl-C stops")
    }
    var found: [Finding] = []
    var told = 0
    let report = try Watch(content: content, options: options, stop: stop).run { notice in
      switch notice {
      case .finding(let finding):
        output.print([finding])
        told += 1
        if output.failOn != nil { found.append(finding) }
      case .retracted(let id):
        if !output.quiet { Terminal.note("bittern: \(id.prefix(16)) is taken back: a later event explains it") }
      case .input(let text): Terminal.note("bittern: " + EscapedText.terminal(text))
      }
    }
    if !output.quiet { summary(report, told).forEach(Terminal.note) }
    if report.signal != 0 { throw RunError.stopped(signal: report.signal) }
    if output.failed(found) { throw ExitCode(1) }
  }

  /// What was read, and what was not, over all sessions of this store.
  private func summary(_ report: Watch.Report, _ told: Int) -> [String] {
    let records = report.ledgers.reduce(0) { $0 + $1.records }
    var lines = [
      "bittern: told \(told) finding(s); \(ScanSummary.number(records)) records of \(report.ledgers.count) input(s) so far."
    ]
    for ledger in report.ledgers where ledger.malformed > 0 || ledger.unrecognised > 0 {
      lines.append(
        "Not fully read: \(EscapedText.terminal(ledger.path)): \(ledger.malformed) malformed, \(ledger.unrecognised) unrecognised"
      )
    }
    return lines
  }
}

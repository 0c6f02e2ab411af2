import ArgumentParser
import EventModel
import Foundation
import PipelineContent
import PipelineRuntime
import Reporting

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Look at a directory, recognise its logs, write a commented bittern.yml and identities.yml.",
    discussion: """
      Reads everything once and keeps nothing but the two files. Zones and identities are written as comments: a person \
      decides which of them are true.

      Example:
        bittern init /var/log/audit && bittern scan
      """)

  @Argument(help: "The directory (or files) with logs.") var paths: [String]
  @Option(
    help: "Where to write bittern.yml and identities.yml; scan looks for them in the working directory.")
  var into = "."
  @Flag(help: "Replace files that are there.") var force = false
  @Flag(name: .shortAndLong, help: "Print nothing but errors and the paths written.") var quiet = false
  @Option(help: "A folder laid out like pipelines/ that replaces the built-in content.") var pipelines: String?

  func run() throws {
    let stop = StopFlag()
    stop.install()
    let outputs = ["bittern.yml", "identities.yml"].map { into == "." ? $0 : into + "/" + $0 }
    for path in outputs where !force && FileManager.default.fileExists(atPath: path) {
      throw RunError.usage("\(path) is there; --force replaces it, --into DIR writes elsewhere")
    }
    var configuration = ConfigurationOptions()
    configuration.pipelines = pipelines
    let content = try configuration.content(Configuration())
    var options = Scan.Options()
    options.inputs = paths
    options.threads = ProcessInfo.processInfo.activeProcessorCount
    var scan = Scan(content: content, options: options, stop: stop)
    let bar = ProgressBar(progress: scan.progress, shown: Terminal.isErrorTerminal && !quiet)
    scan.onProgress = { bar.draw($0.bytes) }
    let found: Reconnaissance
    do {
      found = try scan.reconnoitre()
      bar.clear()
    } catch {
      bar.clear()
      throw error
    }
    let initial = draft(found)
    if !quiet { tell(found) }
    if found.logs.isEmpty {
      throw RunError.usage("no log was recognised; nothing was written. bittern sources list says what is known")
    }
    for (path, text) in zip(outputs, [initial.bittern, initial.identities]) {
      try FileOutput.write(Array(text.utf8), to: path)
      Terminal.output(path + "\n")
    }
    do throws(ContentError) { _ = try Configuration(file: outputs[0]) } catch { throw RunError.configuration(error) }
    if !quiet {
      Terminal.note(
        "Go through \(outputs[0]) and \(outputs[1]), then: bittern scan"
          + (into == "." ? "" : " --config \(outputs[0])"))
    }
  }

  private func draft(_ found: Reconnaissance) -> InitialConfiguration {
    var initial = InitialConfiguration()
    let here = FileManager.default.currentDirectoryPath
    initial.paths = paths.map { $0.hasPrefix("/") || into == "." ? $0 : here + "/" + $0 }
    initial.logs = found.logs.map(line)
    initial.unrecognised = found.report.unrecognised.map { ledger in
      let keys = ledger.unknownKeys.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
      return ledger.path + (keys.map { " (keys: \($0))" } ?? "")
    }
    initial.shared = found.shared.map {
      InitialConfiguration.SharedAddress(networks: $0.networks, sessions: $0.sessions, identities: $0.identities)
    }
    initial.accounts = found.accounts
    initial.machines = found.machines
    return initial
  }

  private func line(_ log: Reconnaissance.Log) -> String {
    let hours = [log.first, log.last].compactMap { $0.map(Timestamp.text) }.joined(separator: " to ")
    return "\(log.name): \(ScanSummary.number(log.events)) events in \(log.inputs) input(s)"
      + (hours.isEmpty ? "" : ", \(hours)")
  }

  private func tell(_ found: Reconnaissance) {
    for log in found.logs { Terminal.note("  " + EscapedText.terminal(line(log))) }
    for text in ScanSummary.losses(found.report) { Terminal.note(EscapedText.terminal(text)) }
    for ledger in found.report.unrecognised.prefix(8) {
      Terminal.note("Not a known log: " + EscapedText.terminal(ledger.path))
    }
    if found.report.unrecognised.count > 8 {
      Terminal.note("… and \(found.report.unrecognised.count - 8) more that are no known log")
    }
    let machines = found.machines.count
    Terminal.note(
      "\(machines) machine identities, \(found.shared.count) candidate(s) of a zone, \(found.accounts.count) accounts.")
  }
}

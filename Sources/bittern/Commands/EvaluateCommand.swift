import ArgumentParser
import Detection
import EventModel
import Foundation
import PipelineRuntime

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Run labelled cases and print recall and precision, misses and false alarms by name.",
    discussion: """
      CASES.csv has a line for each case: id, input (a file of its events, relative to the table), expected_malicious (yes \
      or no), family, and if there are any log_type, label_kind, family2, nhi. Each case is judged alone in memory; no store \
      is touched. A table with the columns pipeline and user_task and without input labels runs of AI agents: one pipeline \
      is left out at a time, its runs are judged by what the others' benign runs taught. A corpus' truth.json (attacks with \
      family and event_ids) is compared with one scan of its folder; --ablate does that again without one part at a time.

      Strict: a finding of the label's family that cites an event of the case. Lenient: any finding. Intervals: Wilson, 95 %.
      """)

  @Argument(help: "The table of labels.") var table: String
  @Option(help: "The folder that inputs are relative to (default: the table's).") var data: String?
  @Option(name: .customLong("min-severity"), help: "A finding of this severity or above counts.")
  var minimum = SeverityArgument(severity: .medium)
  @Option(help: "table or ndjson (default: table on a terminal, ndjson in a pipe).") var format: ListFormat?
  @Flag(help: "For a corpus: again with sessions locked by key, without lineage, without guards.") var ablate = false
  @Option(help: "For agents: so many earlier runs of a task are enough to compare with.") var runs = 3
  @Option(help: "Threads (default: one for each processor).") var threads: Int?
  @Flag(name: .shortAndLong, help: "Do not name misses and false alarms in the table.") var quiet = false
  @OptionGroup var configuration: ConfigurationOptions

  mutating func validate() throws {
    if let threads, !(1...64).contains(threads) { throw ValidationError("--threads is a number from 1 to 64") }
    if !(1...1000).contains(runs) { throw ValidationError("--runs is a number from 1 to 1000") }
  }

  func run() throws {
    let stop = StopFlag()
    stop.install()
    if table.hasSuffix(".json") { return try runCorpus(stop) }
    guard let bytes = FileManager.default.contents(atPath: table) else {
      throw RunError.usage("\(table) cannot be read; name a table of labelled cases")
    }
    let parsed = CSVTable([UInt8](bytes))
    let content = try configuration.content(try configuration.load())
    let folder = data ?? (table.contains("/") ? String(table[..<table.lastIndex(of: "/")!]) : ".")
    let workers = threads ?? ProcessInfo.processInfo.activeProcessorCount
    var notes: [String] = []
    let outcomes: [CaseOutcome]
    if AgentRunner.isTableOfRuns(parsed) {
      var runner = AgentRunner(content: content, threads: workers, stop: stop)
      runner.runsNeeded = runs
      outcomes = try runner.run(parsed, folder: folder)
      notes.append("one pipeline left out at a time; \(runs) earlier runs of a task were enough to compare with")
    } else {
      let cases = try LabelledCase.cases(parsed, folder: folder, file: table)
      outcomes = try CaseRunner(content: content, threads: workers, stop: stop).run(cases)
    }
    if outcomes.isEmpty { throw RunError.usage("\(table) holds no labelled case") }
    var evaluation = Evaluation(outcomes, minimum: minimum.severity)
    evaluation.notes = notes
    show(evaluation)
    let counted = outcomes.count { $0.item.isMalicious != nil }
    Terminal.note(
      "\(counted) labelled cases of \(outcomes.count), findings of \(minimum.severity.name) and above count, "
        + "content \(content.hash.prefix(12))" + notes.map { "; " + $0 }.joined())
  }

  private func show(_ evaluation: Evaluation) {
    let text = EvaluationText(evaluation: evaluation, names: !quiet)
    if format.chosen == .table {
      Terminal.output(text.table())
    } else {
      for line in text.lines() { Terminal.output(line) }
    }
  }

  private static let ablations: [(name: String, without: Ablation)] = [
    ("everything on", .none), ("locked by key, not by session", .sessionLocks), ("without lineage", .lineage),
    ("without guards", .guards),
  ]

  private func runCorpus(_ stop: StopFlag) throws {
    let content = try configuration.content(try configuration.load())
    let runner = CorpusRunner(
      content: content, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, stop: stop)
    for (name, without) in EvaluateCommand.ablations.prefix(ablate ? 4 : 1) {
      let outcome = try runner.run(table, without: without)
      var evaluation = Evaluation(outcome.acts, minimum: minimum.severity)
      evaluation.unexpected = outcome.unexpected
      let loud = outcome.unexpected.count { $0.severity >= minimum.severity }
      let strict = evaluation.all.strict.recall
      let noise = Double(Int((outcome.noise(minimum.severity) * 100).rounded())) / 100
      evaluation.notes = [
        "\(name): \(strict.hits) of \(strict.total) planted acts found strictly; \(loud) findings of \(minimum.severity.name) and above "
          + "that nothing planted explains in \(outcome.days) day(s) of \(outcome.identities) machine identities, \(noise) a day and 10,000"
      ]
      if without == .none { show(evaluation) }
      Terminal.note(evaluation.notes[0])
    }
  }
}

/// The two formats of what is no list of findings.
enum ListFormat: String, ExpressibleByArgument, CaseIterable { case table, ndjson }

extension Optional<ListFormat> {
  /// A table on a terminal, JSON lines in a pipe.
  var chosen: ListFormat { self ?? (Terminal.isOutputTerminal ? .table : .ndjson) }
}

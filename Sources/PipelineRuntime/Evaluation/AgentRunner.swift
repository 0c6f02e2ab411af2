import Detection
import EventModel
import EventWindow
import Foundation
import LogReading
import Normalization
import PipelineContent

/// Judges labelled runs of AI agents, one agent (pipeline) left out at a time: the engine learns the others' benign runs and
/// judges each run of the one left out, alone.
///
/// All pipelines stand for one agent here: they did the same tasks with different models. A run that is judged teaches
/// nothing to the next one. Cost: one pass over the benign runs for each pipeline, and a copy of the engine for each run.
public struct AgentRunner: Sendable {
  public let content: Content
  public let threads: Int
  public let stop: StopFlag
  /// Earlier runs of a task that are enough to compare with; the data hold one of each task and pipeline.
  public var runsNeeded = 3

  public init(content: Content, threads: Int, stop: StopFlag) {
    self.content = content
    self.threads = threads
    self.stop = stop
  }

  /// Whether a table labels runs (a session and its pipeline) and not inputs.
  public static func isTableOfRuns(_ table: CSVTable) -> Bool {
    !table.columns.contains("input") && table.columns.contains("pipeline") && table.columns.contains("id")
  }

  /// Runs as cases; `log` is the pipeline.
  static func runs(_ table: CSVTable) -> [LabelledCase] {
    table.rows.indices.map { row in
      var item = LabelledCase()
      item.id = table.cell(row, "id")
      item.log = table.cell(row, "pipeline")
      item.isMalicious = LabelledCase.isMalicious(table.cell(row, "expected_malicious"))
      item.label = table.cell(row, "label_kind")
      item.familyLabels = [table.cell(row, "family"), table.cell(row, "family2")].filter { !$0.isEmpty }
      item.groups = [
        ("family", item.familyLabels.first ?? "none"), ("suite", table.cell(row, "suite")), ("pipeline", item.log),
        ("label", item.label),
      ].filter { !$0.value.isEmpty }
      return item
    }
  }

  /// - Parameter folder: holds `PIPELINE.ndjson` or `PIPELINE.ndjson.gz` for every pipeline of the table.
  public func run(_ table: CSVTable, folder: String) throws(RunError) -> [CaseOutcome] {
    let cases = AgentRunner.runs(table)
    let names = Set(cases.map(\.log)).sorted()
    var recordings: [AgentRecording] = []
    for name in names { recordings.append(try recording(name, folder)) }
    var engines: [String: DetectionEngine] = [:]
    let taught = try CaseRunner.parallel(Array(names.indices), threads: threads, stop: stop) { [recordings] in
      { left in Result { () throws(RunError) in try teach(recordings, without: left, cases) } }
    }
    for (name, engine) in zip(names, taught) { engines[name] = try engine.get() }
    let counted = cases.filter { $0.isMalicious != nil }
    return try CaseRunner.parallel(counted, threads: threads, stop: stop) { [engines, recordings] in
      { item in judge(item, recordings[names.firstIndex(of: item.log) ?? 0], engines[item.log]) }
    }
  }

  /// The content with the number of earlier runs that these data allow.
  private var learningContent: DetectionEngine.Content {
    var engine = content.engine
    for n in engine.definitions.indices where ["agent-scope", "agent-argument"].contains(engine.definitions[n].kind) {
      var values = engine.definitions[n].parameters.values
      values["runs"] = ["\(runsNeeded)"]
      engine.definitions[n].parameters = Parameters(values)
    }
    return engine
  }

  private func recording(_ name: String, _ folder: String) throws(RunError) -> AgentRecording {
    let candidates = [".ndjson.gz", ".ndjson"].map { "\(folder)/\(name)\($0)" }
    guard let path = candidates.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      throw .usage(
        "no runs of '\(name)': \(candidates.joined(separator: " or ")) is not there; --data names their folder")
    }
    let plan = try ScanPlan([path])
    var normalizer = Normalizer(
      sources: content.sources, worker: 0, options: Normalizer.Options(contentHash: .stable))
    let reader = InputReader(
      envelopes: EnvelopeKeys([]), sourceNames: content.engine.sourceNames, stop: stop, progress: ReadProgress(),
      spool: nil)
    var recording = AgentRecording()
    var chunk = RecordChunk()
    for input in plan.inputs {
      _ = reader.read(input, with: &normalizer, in: &chunk) { recording.add($0) }
    }
    recording.finish()
    return recording
  }

  private func teach(_ recordings: [AgentRecording], without left: Int, _ cases: [LabelledCase]) throws(RunError)
    -> DetectionEngine
  {
    var engine = try CaseRunner.engine(learningContent)
    var input: UInt32 = 0
    let benign = Set(cases.filter { $0.isMalicious == false }.map(\.id))
    for (worker, recording) in recordings.enumerated() {
      var batch = EventBatch()
      if worker != left {
        for session in recording.sessions where benign.contains(session) {
          recording.append(session, as: input, to: &batch)
          input += 1
        }
      }
      _ = engine.absorb(worker: worker, batch, recording.delta)
      // The one that is left out is known as worker -1: its rows come later, run by run.
      if worker == left { _ = engine.absorb(worker: -1, EventBatch(), recording.delta) }
    }
    // They are labelled benign: what the last of them brings is known as well as what the first brought.
    engine.trust(inputsBefore: input)
    engine.judge()
    return engine
  }

  private func judge(_ item: LabelledCase, _ recording: AgentRecording, _ taught: DetectionEngine?) -> CaseOutcome {
    var outcome = CaseOutcome(item: item)
    guard var engine = taught else { return outcome }
    let input = UInt32.max >> 8
    var batch = EventBatch()
    recording.append(item.id, as: input, to: &batch)
    outcome.records = batch.count
    outcome.accepted = batch.count
    if batch.count == 0 { return outcome }
    let nothing = EventDictionaries.Delta(bytes: [], ends: [], subjects: [], origins: [], operations: [])
    _ = engine.absorb(worker: -1, batch, nothing)
    engine.judge()
    outcome.take(engine.findings().filter { $0.evidence.contains { $0.role == .trigger && $0.input == input } })
    return outcome
  }
}

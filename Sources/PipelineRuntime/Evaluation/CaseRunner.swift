import Detection
import EventModel
import EventWindow
import Foundation
import LogReading
import Normalization
import PipelineContent
import Synchronization

/// Judges labelled cases, each alone: in a fresh engine, without memory, store or clock.
public struct CaseRunner: Sendable {
  public let content: Content
  public let threads: Int
  public let stop: StopFlag

  public init(content: Content, threads: Int, stop: StopFlag) {
    self.content = content
    self.threads = threads
    self.stop = stop
  }

  /// Outcomes in the order of the cases.
  /// - Throws: `.stopped`, or `.usage` where an input is not there.
  public func run(_ cases: [LabelledCase]) throws(RunError) -> [CaseOutcome] {
    for item in cases where !FileManager.default.fileExists(atPath: item.input) {
      throw .usage(
        "\(item.input) of case '\(item.id)' is not there; --data names the folder that inputs are relative to")
    }
    return try Self.parallel(cases, threads: threads, stop: stop) {
      // Compiling all maps takes longer than judging a case: one normalizer a thread, which forgets between cases.
      var normalizer = Normalizer(
        sources: content.sources, worker: 0, options: Normalizer.Options(contentHash: .stable))
      return { item in
        defer { _ = normalizer.takeWhole() }
        return judge(item, &normalizer)
      }
    }
  }

  /// Applies what `worker` makes for each thread to every item; results in the order of the items.
  static func parallel<Item: Sendable, Result: Sendable>(
    _ items: [Item], threads: Int, stop: StopFlag, _ worker: @escaping @Sendable () -> (Item) -> Result
  ) throws(RunError) -> [Result] {
    let results = Mutex<[Int: Result]>([:])
    let next = WorkCounter()
    let done = DispatchSemaphore(value: 0)
    let workers = max(1, min(threads, items.count))
    for _ in 0..<workers {
      let thread = Thread {
        let body = worker()
        while stop.signal == 0, let n = next.take(below: items.count) {
          let result = body(items[n])
          results.withLock { $0[n] = result }
        }
        done.signal()
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    for _ in 0..<workers { done.wait() }
    if stop.signal != 0 { throw .stopped(signal: stop.signal) }
    return results.withLock { found in items.indices.compactMap { found[$0] } }
  }

  private func judge(_ item: LabelledCase, _ normalizer: inout Normalizer) -> CaseOutcome {
    var outcome = CaseOutcome(item: item)
    do throws(RunError) {
      let plan = try ScanPlan([item.input])
      var engine = try Self.engine(content.engine)
      let reader = InputReader(
        envelopes: EnvelopeKeys(of: content.sources), sourceNames: content.engine.sourceNames, stop: stop,
        progress: ReadProgress(), spool: nil)
      var report = ScanReport(plan: plan)
      var chunk = RecordChunk()
      for input in plan.inputs {
        let ledger = reader.read(input, with: &normalizer, in: &chunk) { taken in
          report.note(engine.absorb(worker: 0, taken.batch, EventDictionaries.Delta(taken.delta)), engine.window)
        }
        report.finish(input.number, ledger)
      }
      for ledger in report.ledgers { outcome.take(ledger) }
      engine.judge()
      outcome.take(engine.findings() + InputIntegrity.findings(report.ledgers, content))
    } catch {
      outcome.failure = error.description
    }
    return outcome
  }

  static func engine(_ content: DetectionEngine.Content) throws(RunError) -> DetectionEngine {
    do throws(DetectionError) {
      return try DetectionEngine(content, memory: LongMemory(hasher: .stable))
    } catch { throw .content(ContentError(file: "pipelines/", reason: error.reason)) }
  }
}

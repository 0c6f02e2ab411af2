import EventModel
import EventWindow
import Normalization

/// All runs of one agent pipeline as rows, by conversation, under one agent's name.
struct AgentRecording: Sendable {
  private var batch = EventBatch()
  private var rows: [String: [Int]] = [:]
  /// Conversations in the order in which they were read.
  private(set) var sessions: [String] = []
  private(set) var delta = EventDictionaries.Delta(bytes: [], ends: [], subjects: [], origins: [], operations: [])
  /// By the worker's symbol; symbols 0 and 1 are its "absent" and "overflow".
  private var texts: [String] = ["", ""]

  /// The one name that all pipelines go by.
  private static let agent = Array("agent".utf8)

  /// Takes a worker's batch over. Batches come in the order in which the worker made them.
  mutating func add(_ taken: NormalizedBatch) {
    let new = EventDictionaries.Delta(taken.delta)
    var start = 0
    for end in new.ends {
      texts.append(String(decoding: new.bytes[start..<Int(end)], as: UTF8.self))
      start = Int(end)
    }
    delta.ends += new.ends.map { $0 + UInt32(delta.bytes.count) }
    delta.bytes += new.bytes
    delta.subjects += new.subjects
    delta.origins += new.origins
    delta.operations += new.operations
    let mints = UInt32(batch.mints.count)
    let details = UInt32(batch.details.count)
    batch.mints += taken.batch.mints
    batch.details += taken.batch.details
    for row in 0..<taken.batch.count {
      var event = taken.batch[row]
      if event.mint > 0 { event.mint += mints }
      if event.detailCount > 0 { event.detailStart += details }
      let session = conversation(delta.subjects[Int(event.subject)].session)
      if rows[session] == nil { sessions.append(session) }
      rows[session, default: []].append(batch.count)
      batch.append(event)
    }
  }

  /// Call after the last batch: every subject gets the one name.
  mutating func finish() {
    delta.bytes += AgentRecording.agent
    delta.ends.append(UInt32(delta.bytes.count))
    let name = Symbol(UInt32(delta.ends.count + 1))
    for n in delta.subjects.indices {
      delta.subjects[n].name = name
      delta.subjects[n].actor = name
    }
  }

  /// The rows of a conversation, as those of an input of their own. Nothing where there are none.
  func append(_ session: String, as input: UInt32, to target: inout EventBatch) {
    for row in rows[session] ?? [] {
      var event = batch[row]
      event.input = input
      if event.mint > 0 {
        target.mints.append(batch.mints[Int(event.mint) - 1])
        event.mint = UInt32(target.mints.count)
      }
      if event.detailCount > 0 {
        let details = batch.details[Int(event.detailStart)..<(Int(event.detailStart) + Int(event.detailCount))]
        event.detailStart = UInt32(target.details.count)
        target.details += details
      }
      target.append(event)
    }
  }

  /// The run's id in a session's name (`CONV:id`).
  private func conversation(_ symbol: Symbol) -> String {
    guard Int(symbol.raw) < texts.count else { return "" }
    let text = texts[Int(symbol.raw)]
    return text.hasPrefix("CONV:") ? String(text.dropFirst(5)) : text
  }
}

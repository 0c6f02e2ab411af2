import EventModel
import LogReading

let envelopeKeys = EnvelopeKeys(
  ["Records", "records", "value", "events", "logEvents"].map { [UInt8]($0.utf8) },
  inner: [EnvelopeKeys.Inner(key: Array("events".utf8), beside: Array("actor".utf8))])

/// What a framer makes of some bytes: texts and offsets of records, rejections, and the counts.
struct FramingOutcome: Equatable {
  var records: [String] = []
  var offsets: [UInt64] = []
  var indexes: [UInt32] = []
  var terminated: [Bool] = []
  var rejected: [String] = []
  var digests: [Digest] = []
  var counts = FrameCounts()
  var pending: UInt64 = 0
  var shape = FrameShape.undecided
}

extension FramingOutcome {
  /// The first thing that is not the same, in words.
  func difference(from other: FramingOutcome) -> String? {
    if records != other.records { return "records \(records) / \(other.records)" }
    if rejected != other.rejected { return "rejected \(rejected) / \(other.rejected)" }
    if counts != other.counts { return "counts \(counts) / \(other.counts)" }
    if shape != other.shape { return "shape \(shape) / \(other.shape)" }
    return self == other ? nil : "offsets, indexes, digests or pending"
  }
}

/// Frames `bytes`, giving them piece by piece; a new framer resumes at each position when `restarting`.
func frame(
  _ bytes: [UInt8], pieces: [Int] = [], endOfInput: Bool = true, restarting: Bool = false, maxRecord: Int = 1 << 20
) -> FramingOutcome {
  var outcome = FramingOutcome()
  var framer = RecordFramer(envelopeKeys: envelopeKeys, maxRecord: maxRecord)
  var buffer: [UInt8] = []
  var offset: UInt64 = 0
  var given = 0
  var sizes = pieces[...]
  while true {
    let atEnd = given == bytes.count
    switch framer.next(in: buffer.span, bufferOffset: offset, endOfInput: atEnd && endOfInput) {
    case .record(let record):
      outcome.records.append(String(decoding: buffer[record.range], as: UTF8.self))
      outcome.offsets.append(record.offset)
      outcome.indexes.append(record.index)
      outcome.terminated.append(record.terminated)
      precondition(framer.counts.accountedBytes == framer.position.offset, "the accounting identity")
    case .rejected(let rejection):
      outcome.rejected.append("\(rejection.reason.rawValue) \(rejection.offset) \(rejection.length)")
      outcome.digests.append(rejection.headDigest)
      precondition(framer.counts.accountedBytes == framer.position.offset, "the accounting identity")
    case .needMore, .end:
      precondition(framer.counts.accountedBytes == framer.position.offset, "the accounting identity")
      if atEnd {
        outcome.counts = framer.counts
        outcome.pending = UInt64(bytes.count) - framer.position.offset
        outcome.shape = framer.position.shape
        return outcome
      }
      if restarting {
        framer = RecordFramer(
          envelopeKeys: envelopeKeys, resumeAt: framer.position, counts: framer.counts, maxRecord: maxRecord)
        offset = framer.position.offset
        buffer = [UInt8](bytes[Int(offset)..<given])
      } else {
        let drop = Int(framer.retainOffset - offset)
        buffer.removeFirst(drop)
        offset += UInt64(drop)
      }
      let size = max(1, min(sizes.popFirst() ?? bytes.count, bytes.count - given))
      buffer += bytes[given..<(given + size)]
      given += size
    }
  }
}

func frame(_ text: String) -> FramingOutcome { frame([UInt8](text.utf8)) }

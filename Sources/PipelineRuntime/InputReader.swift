import EventModel
import EventWindow
import LogReading
import Normalization
import Synchronization

/// Counters of a run in progress, for the progress bar.
public final class ReadProgress: Sendable {
  /// Compressed bytes consumed, and records normalized.
  public let bytes = Atomic<Int>(0)
  public let records = Atomic<Int>(0)
  public init() {}
}

/// Reads one input from its first byte to its last: frames, scans, normalizes, counts.
struct InputReader {
  let envelopes: EnvelopeKeys
  let sourceNames: [String]
  let stop: StopFlag
  let progress: ReadProgress
  /// Where standard input is kept for evidence.
  let spool: SpoolFile?

  /// Rows in one batch: a hop to the owner costs microseconds.
  static let batchRows = 16_384

  /// - Parameters:
  ///   - chunk: a buffer, the worker's own: its memory serves one input after another.
  ///   - emit: takes a full batch; called a last time with the rest.
  func read(
    _ input: ScanInput, with normalizer: inout Normalizer, in chunk: inout RecordChunk, emit: (NormalizedBatch) -> Void
  ) -> InputLedger {
    var ledger = InputLedger(path: input.name)
    normalizer.startInput()
    let stream: ByteStream
    switch input.open() {
    case .success(let opened): stream = opened
    case .failure(let failure):
      ledger.incomplete = failure.description
      return ledger
    }
    var reader = RecordReader(stream, framer: RecordFramer(envelopeKeys: envelopes))
    var accepted = [Int](repeating: 0, count: sourceNames.count)
    var compressed: UInt64 = 0
    reading: while stop.signal == 0 {
      switch reader.next(into: &chunk) {
      case .records:
        if input.file == nil { spool?.append(chunk) }
        take(chunk, input, &reader, &normalizer, &ledger, &accepted)
        if normalizer.pending >= InputReader.batchRows { emit(normalizer.take()) }
        progress.bytes.add(Int(reader.stream.compressedOffset - compressed), ordering: .relaxed)
        compressed = reader.stream.compressedOffset
      case .end, .caughtUp: break reading
      case .wouldBlock: continue
      case .failed(let failure):
        ledger.incomplete = failure.description
        break reading
      }
    }
    if normalizer.pending > 0 { emit(normalizer.take()) }
    progress.bytes.add(Int(reader.stream.compressedOffset - compressed), ordering: .relaxed)
    close(reader, &ledger)
    if let most = accepted.indices.max(by: { accepted[$0] < accepted[$1] }), accepted[most] > 0 {
      ledger.log = sourceNames[most]
    }
    return ledger
  }

  private func take(
    _ chunk: RecordChunk, _ input: ScanInput, _ reader: inout RecordReader, _ normalizer: inout Normalizer,
    _ ledger: inout InputLedger, _ accepted: inout [Int]
  ) {
    for rejection in chunk.rejections { ledger.reject(rejection.reason.rawValue, at: rejection.offset) }
    let bytes = chunk.bytes.span
    for record in chunk.records {
      let place = Normalizer.Place(
        input: input.number, offset: record.offset, length: UInt32(record.length), index: record.index,
        terminated: record.terminated)
      switch normalizer.add(bytes.extracting(record.range), at: place, within: chunk.head(of: record)) {
      case .accepted(let source, let rows):
        accepted[Int(source)] += rows
        ledger.accepted += rows
        ledger.records += rows
      case .rejected(.malformed(let reason)):
        reader.reclassifyAsMalformed(length: record.length)
        ledger.reject(reason, at: record.offset)
      case .rejected(.unrecognised(let keys)):
        ledger.unrecognised += 1
        ledger.records += 1
        if ledger.unknownKeys.count < 16 || ledger.unknownKeys[keys] != nil {
          ledger.unknownKeys[keys, default: 0] += 1
        }
      case .rejected(.empty):
        ledger.filtered += 1
        ledger.records += 1
      }
    }
    progress.records.add(chunk.records.count, ordering: .relaxed)
  }

  private func close(_ reader: borrowing RecordReader, _ ledger: inout InputLedger) {
    let counts = reader.framer.counts
    ledger.decompressedBytes = reader.stream.decompressedOffset
    ledger.eventBytes = counts.eventBytes
    ledger.framingBytes = counts.framingBytes
    ledger.malformedBytes = counts.malformedBytes
    ledger.oversizeBytes = counts.oversizeBytes
    ledger.nulBytes = counts.nulBytes
    ledger.blankBytes = counts.blankBytes
    ledger.pendingTailBytes = reader.pendingTailBytes
    let integrity = reader.stream.integrity
    if ledger.incomplete != nil || stop.signal != 0 { return }
    switch integrity.state {
    case .truncated, .growing: ledger.incomplete = "the gzip stream ends early; what came before the cut was read"
    case .corrupt: ledger.incomplete = "the gzip data is damaged; what came before was read"
    case .bomb: ledger.incomplete = "it unpacks to more than 200 times its size; reading stopped"
    case .reading, .complete: break
    }
    if ledger.incomplete == nil, integrity.crcFailures > 0 {
      ledger.incomplete = "its checksum does not match its content (\(integrity.crcFailures) gzip members)"
      ledger.damage = "its checksum does not match its content"
    }
    if ledger.incomplete == nil, integrity.trailingGarbage > 0 {
      ledger.incomplete = "\(integrity.trailingGarbage) bytes after the gzip data are no log"
      ledger.damage = "bytes behind the gzip data are no log"
    }
  }
}

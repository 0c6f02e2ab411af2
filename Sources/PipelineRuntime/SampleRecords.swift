import LogReading

/// The first records of a file that no source knows, framed as a scan would: NDJSON, documents, arrays, gzip.
public struct SampleRecords: Sendable {
  public private(set) var records: [[UInt8]] = []
  /// The key whose array carried them in a document, where Bittern did not know it before.
  public private(set) var envelope: String?

  public static let limit = 1000
  /// Keys that documents carry records in, tried where nothing else gives more than one record.
  private static let envelopes = [
    "records", "events", "entries", "logs", "items", "data", "value", "results", "audit_events", "auditEvents",
    "activities", "messages", "log_entries", "hits", "rows", "list",
  ]

  /// - Parameter known: envelope keys of the sources that are there.
  /// - Throws: `.usage` where the file cannot be read or holds no JSON records.
  public init(file path: String, known: [[UInt8]]) throws(RunError) {
    records = try SampleRecords.read(path, known)
    if records.count <= 1 {
      for key in SampleRecords.envelopes where !known.contains(Array(key.utf8)) {
        let found = try SampleRecords.read(path, known + [Array(key.utf8)])
        // One record that names the key itself would only have been cut open.
        if found.count > records.count || (records.isEmpty && !found.isEmpty) {
          records = found
          envelope = key
          break
        }
      }
    }
    guard records.isEmpty else { return }
    throw .usage(
      "\(path) holds no JSON records; a source reads JSON, one object a line, an array, or documents one after the other"
    )
  }

  private static func read(_ path: String, _ envelopes: [[UInt8]]) throws(RunError) -> [[UInt8]] {
    let listing = InputListing([LogPath(path)])
    guard listing.files.count == 1, listing.skipped.isEmpty else {
      let why = listing.skipped.first.map { "\($0.reason)" } ?? "is a directory; name one file of samples"
      throw .usage("\(path): \(listing.files.count > 1 ? "is a directory; name one file of samples" : why)")
    }
    let stream: ByteStream
    switch listing.files[0].open() {
    case .success(let opened): stream = opened
    case .failure(let failure): throw .usage("\(path): \(failure)")
    }
    var reader = RecordReader(stream, framer: RecordFramer(envelopeKeys: EnvelopeKeys(envelopes)))
    var chunk = RecordChunk()
    var records: [[UInt8]] = []
    while records.count < limit {
      guard case .records = reader.next(into: &chunk) else { break }
      for record in chunk.records where records.count < limit { records.append(Array(chunk.bytes(of: record))) }
    }
    return records
  }
}

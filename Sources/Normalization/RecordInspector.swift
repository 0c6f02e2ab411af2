import EventModel

/// Looks at single raw records again, for evidence: their own id, and their bytes without secrets.
public struct RecordInspector {
  private var normalizer: Normalizer
  private let redactors: [RecordRedactor]
  private let sources: [CompiledSource]

  public init(sources: [CompiledSource], contentHash: ByteHash) {
    self.sources = sources
    normalizer = Normalizer(sources: sources, worker: 0, options: Normalizer.Options(contentHash: contentHash))
    normalizer.keepsIDs = true
    let redactor = SecretRedactor(hasher: contentHash)
    redactors = sources.map { RecordRedactor(paths: $0.secretPaths(), redactor: redactor) }
  }

  public struct Inspection: Sendable {
    /// The id that the log gave the record, of one that holds several events its first; nil where it has none.
    public var eventID: String?
    /// Of a record that holds several events: the id of each, by the hex dedup id that a citation begins with.
    public var partIDs: [String: String] = [:]
    public var redacted: [UInt8]

    /// The id to show for a citation whose dedup id is `id`.
    public func eventID(of id: String) -> String? {
      let shown = partIDs.isEmpty ? eventID : partIDs[id]
      return shown == "" ? nil : shown
    }
  }

  /// - Parameter source: the number of the source that the record was read as.
  public mutating func inspect(_ record: Span<UInt8>, source: Int) -> Inspection {
    let ids = normalizer.nativeIDs(of: record, source: source)
    var found = Inspection(redacted: redactors[source].redacted(record))
    found.eventID = ids.first { !$0.shown.isEmpty }.map { String(decoding: $0.shown, as: UTF8.self) }
    if ids.count > 1 {
      for id in ids.reversed() {
        found.partIDs[Finding.Citation.dedupID(id.id)] = String(decoding: id.shown, as: UTF8.self)
      }
    }
    return found
  }
}

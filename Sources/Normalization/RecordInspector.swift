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
    /// The id that the log gave the record; nil where it has none.
    public var eventID: String?
    public var redacted: [UInt8]
  }

  /// - Parameter source: the number of the source that the record was read as.
  public mutating func inspect(_ record: Span<UInt8>, source: Int) -> Inspection {
    Inspection(
      eventID: normalizer.nativeID(of: record, source: source), redacted: redactors[source].redacted(record))
  }
}

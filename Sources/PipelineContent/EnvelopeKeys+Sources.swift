import LogReading
import Normalization

extension EnvelopeKeys {
  /// What the maps of these sources say of documents that carry records, and of records that carry several events.
  public init(of sources: [CompiledSource]) {
    self.init(
      Array(Set(sources.flatMap(\.envelopes))),
      inner: sources.compactMap(\.split).map { Inner(key: $0.key, beside: $0.beside) })
  }
}

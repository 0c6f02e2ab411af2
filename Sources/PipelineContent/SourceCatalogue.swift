import EventModel
import Normalization

/// All source maps, in the order of their names: the order is each one's number.
public struct SourceCatalogue: Sendable {
  public struct Entry: Sendable {
    public var definition: SourceDefinition
    /// The folder it came from, for messages.
    public var folder: String
  }
  public private(set) var entries: [Entry] = []

  public init() {}

  /// Reads `sources/*/source.yml` of a content tree; a later tree replaces a source of the same name.
  public mutating func add(_ content: ContentFiles) throws(ContentError) {
    let read = try concurrently(content.folders(below: "sources")) { name throws(ContentError) in
      let path = "sources/\(name)/source.yml"
      guard let bytes = content[path] else {
        throw ContentError(file: content.origin + "sources/\(name)", reason: "has no source.yml")
      }
      let file = content.origin + path
      guard let yaml = try YAMLField.parse(String(decoding: bytes, as: UTF8.self), file: file) else {
        throw ContentError(file: file, reason: "is empty")
      }
      return Entry(definition: try SourceReading.source(yaml), folder: content.origin + "sources/\(name)")
    }
    for entry in read {
      entries.removeAll { $0.definition.name == entry.definition.name }
      entries.append(entry)
    }
    entries.sort { $0.definition.name < $1.definition.name }
    if entries.count > 255 { throw ContentError(file: content.origin, reason: "more than 255 sources") }
  }

  /// Every fact that a map states.
  public var factNames: Set<String> { Set(entries.flatMap { $0.definition.acts.flatMap(\.facts) }) }

  public func compile(facts: FactVocabulary) throws(ContentError) -> [CompiledSource] {
    try concurrently(Array(entries.enumerated())) { (n, entry) throws(ContentError) in
      do throws(MapError) {
        return try CompiledSource(entry.definition, index: UInt8(n), facts: facts)
      } catch {
        throw ContentError(file: entry.folder + "/source.yml", reason: "\(error.field): \(error.reason)")
      }
    }
  }
}

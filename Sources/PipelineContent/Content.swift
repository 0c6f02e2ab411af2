import Detection
import EventModel
import Normalization

/// All content of one run, compiled: sources, detections, presets.
public struct Content: Sendable {
  public let sources: [CompiledSource]
  public private(set) var engine: DetectionEngine.Content
  public let trees: [ContentFiles]
  /// The maps as they were written, in the order of `sources`.
  public let catalogue: SourceCatalogue
  /// A hash of everything that shapes findings: maps, detections, presets and configuration. Changes when a byte of them changes.
  public let hash: String

  /// - Parameter replacing: a folder laid out like `pipelines/` that replaces what ships in the binary.
  /// - Throws: the first thing that is wrong, with its file.
  public init(_ configuration: Configuration, replacing folder: String? = nil) throws(ContentError) {
    var trees: [ContentFiles] = []
    if let folder { trees.append(try ContentFiles(folder: folder)) } else { trees.append(.packed) }
    for own in configuration.pipelines { trees.append(try ContentFiles(folder: own)) }
    var catalogue = SourceCatalogue()
    var detections = DetectionCatalogue()
    var digest = DigestBuilder()
    for tree in trees {
      try catalogue.add(tree)
      try detections.add(tree)
      for file in tree.files where file.isRule {
        digest.update(Array(file.path.utf8).span)
        digest.update(file.bytes.span)
      }
    }
    digest.update(Array(String(describing: configuration.detection).utf8).span)
    hash = digest.finish().hexadecimal
    let enabled = detections.definitions.filter { !configuration.disabled.contains($0.id) }
    for id in configuration.disabled where !detections.definitions.contains(where: { $0.id == id }) {
      throw ContentError(
        file: configuration.file ?? "bittern.yml", reason: "'disable' names '\(id)', which is no detection")
    }
    let facts = FactVocabulary(names: catalogue.factNames.union(detections.factNames))
    if facts.names.count > FactVocabulary.limit {
      throw ContentError(file: "pipelines/", reason: "\(facts.names.count) facts; at most \(FactVocabulary.limit)")
    }
    let compiled = try catalogue.compile(facts: facts)
    var detectionConfiguration = configuration.detection
    detectionConfiguration.cloudRanges = try Presets.cloudRanges(trees)
    engine = DetectionEngine.Content(
      definitions: enabled, facts: facts, sourceNames: compiled.map(\.name),
      oneVPC: compiled.map(\.privateAddressesAreOne), planes: compiled.map(\.plane),
      configuration: detectionConfiguration)
    sources = compiled
    self.catalogue = catalogue
    self.trees = trees
    do throws(DetectionError) {
      try DetectionEngine.check(enabled, facts: facts)
    } catch {
      throw ContentError(file: "pipelines/", reason: error.reason)
    }
  }

  /// The same with an engine that has to do without something; for measurements.
  public func without(_ ablation: Ablation) -> Content {
    var content = self
    content.engine.configuration.ablation = ablation
    return content
  }
}

enum Presets {
  /// `presets/cloud-ranges.yml`: a mapping of provider to networks.
  static func cloudRanges(_ trees: [ContentFiles]) throws(ContentError) -> [DetectionConfiguration.CloudRange] {
    var ranges: [DetectionConfiguration.CloudRange] = []
    for tree in trees {
      guard let bytes = tree["presets/cloud-ranges.yml"] else { continue }
      let file = tree.origin + "presets/cloud-ranges.yml"
      guard let yaml = try YAMLField.parse(String(decoding: bytes, as: UTF8.self), file: file) else { continue }
      for member in try yaml.members() {
        for item in member.value.list() {
          guard let network = Network(try item.text()) else { throw item.fail("is no network") }
          ranges.append(DetectionConfiguration.CloudRange(provider: member.key, network: network))
        }
      }
    }
    return ranges
  }
}

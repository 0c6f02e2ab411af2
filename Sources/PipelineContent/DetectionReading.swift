import Detection
import EventModel

/// Reads a `detection.yml`.
enum DetectionReading {
  private static let keys = [
    "id", "name", "version", "kind", "family", "severity", "attack", "title", "description", "fresh_store", "guards",
    "blind_spots", "references", "parameters",
  ]

  static func detection(_ file: YAMLField) throws(ContentError) -> DetectionDefinition {
    let top = try file.members(allowed: keys)
    func required(_ key: String) throws(ContentError) -> YAMLField {
      guard let field = top[key] else { throw file.fail("a detection needs '\(key)'") }
      return field
    }
    var d = DetectionDefinition()
    d.id = try required("id").text()
    d.name = try required("name").text()
    d.version = try top["version"]?.integer() ?? 1
    d.kind = try required("kind").text()
    let family = try required("family")
    guard let known = Family(rawValue: try family.text()) else {
      throw family.fail("no family '\(try family.text())' (\(Family.allCases.map(\.rawValue).joined(separator: ", ")))")
    }
    d.family = known
    let severity = try required("severity")
    guard let level = Severity(name: try severity.text()) else {
      throw severity.fail("a severity is \(Severity.allCases.map(\.name).joined(separator: ", "))")
    }
    d.severity = level
    d.title = try required("title").text()
    d.description = try required("description").text()
    d.attack = try required("attack").texts()
    d.blindSpots = try required("blind_spots").texts()
    d.guards = try top["guards"]?.texts() ?? []
    d.references = try top["references"]?.texts() ?? []
    let fresh = try required("fresh_store")
    guard let word = DetectionDefinition.FreshStore(rawValue: try fresh.text()) else {
      throw fresh.fail("'fresh_store' is fires, low or silent")
    }
    d.freshStore = word
    var values: [String: [String]] = [:]
    for member in try top["parameters"]?.members() ?? [] { values[member.key] = try member.value.texts() }
    d.parameters = Parameters(values)
    return d
  }
}

/// All detections, in the order of their ids.
public struct DetectionCatalogue: Sendable {
  public private(set) var definitions: [DetectionDefinition] = []

  public init() {}

  /// Reads `detections/*/detection.yml`; a later tree replaces a detection of the same id.
  public mutating func add(_ content: ContentFiles) throws(ContentError) {
    let read = try concurrently(content.folders(below: "detections")) { name throws(ContentError) in
      let file = content.origin + "detections/\(name)/detection.yml"
      guard let bytes = content["detections/\(name)/detection.yml"],
        let yaml = try YAMLField.parse(String(decoding: bytes, as: UTF8.self), file: file)
      else { throw ContentError(file: file, reason: "is missing or empty") }
      var definition = try DetectionReading.detection(yaml)
      definition.folder = content.origin + "detections/\(name)"
      try DetectionCatalogue.requireFixtures(content, name, definition)
      return definition
    }
    for definition in read {
      definitions.removeAll { $0.id == definition.id }
      definitions.append(definition)
    }
    definitions.sort { $0.id < $1.id }
  }

  /// A detection that nothing proves is refused: at least one fixture fires, at least three look-alikes stay silent.
  private static func requireFixtures(
    _ content: ContentFiles, _ name: String, _ definition: DetectionDefinition
  ) throws(ContentError) {
    let files = content.files(below: "detections/\(name)/fixtures").map(\.name)
    let fires = files.count { $0.hasPrefix("fires-") }
    let silent = files.count { $0.hasPrefix("silent-") }
    if fires < 1 || silent < 3 {
      throw ContentError(
        file: definition.folder,
        reason:
          "has \(fires) fixtures that fire (fires-*.yml) and \(silent) look-alikes (silent-*.yml); it needs 1 and 3")
    }
  }

  /// Every fact that a detection asks for.
  public var factNames: Set<String> {
    var names: Set<String> = []
    for definition in definitions {
      for (key, values) in definition.parameters.values where key.hasSuffix("facts") || key.hasSuffix("fact") {
        names.formUnion(values)
      }
    }
    return names
  }
}

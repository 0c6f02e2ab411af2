import Detection
import EventModel
import Foundation

/// What `bittern.yml` says, with the identities it names.
public struct Configuration: Sendable {
  public var detection = DetectionConfiguration()
  /// Where the configuration came from, the file that goes before all others; nil: defaults only.
  public var file: String?
  public var paths: [String] = []
  public var store: String?
  /// Folders of own content, read after the built-in ones.
  public var pipelines: [String] = []
  public var disabled: [String] = []
  /// The keys that the file has.
  private var named: Set<String> = []
  public init() {}

  private static let keys = ["zones", "organization", "identities", "paths", "store", "pipelines", "disable"]

  /// Reads a file and what it names (identities and pipelines are relative to the file).
  /// - Throws: what is wrong, with file, line and column.
  public init(file path: String) throws(ContentError) { try self.init(layers: [path]) }

  /// Reads files of which each goes before those in front of it. What they declare (zones by name, identities by id,
  /// accounts) adds up; a setting that a later file has replaces that of the earlier ones.
  public init(layers paths: [String]) throws(ContentError) {
    var layers: [Configuration] = []
    for path in paths { layers.append(try Configuration(layer: path)) }
    for layer in layers { lay(layer) }
    for layer in layers { try layer.checkScopes(zones: detection.zones) }
  }

  private mutating func lay(_ layer: Configuration) {
    file = layer.file
    detection.zones.removeAll { old in layer.detection.zones.contains { $0.name == old.name } }
    detection.zones += layer.detection.zones
    detection.accounts.formUnion(layer.detection.accounts)
    // Of two declarations that fit an actor the first one holds.
    let earlier = detection.identities.filter { old in !layer.detection.identities.contains { $0.id == old.id } }
    detection.identities = layer.detection.identities + earlier
    if layer.named.contains("paths") { paths = layer.paths }
    if layer.named.contains("store") { store = layer.store }
    if layer.named.contains("pipelines") { pipelines = layer.pipelines }
    if layer.named.contains("disable") { disabled = layer.disabled }
  }

  private init(layer path: String) throws(ContentError) {
    file = path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ContentError(file: path, reason: "cannot be read; --config names a bittern.yml")
    }
    let folder = path.contains("/") ? String(path[..<path.lastIndex(of: "/")!]) : "."
    guard let yaml = try YAMLField.parse(String(decoding: data, as: UTF8.self), file: path) else { return }
    let top = try yaml.members(allowed: Configuration.keys)
    named = Set(top.keys)
    for item in top["zones"]?.list() ?? [] { detection.zones.append(try Configuration.zone(item)) }
    if let organization = try top["organization"]?.members(allowed: ["accounts"]) {
      detection.accounts = Set(try organization["accounts"]?.texts() ?? [])
    }
    paths = try top["paths"]?.texts() ?? []
    store = try top["store"]?.text()
    disabled = try top["disable"]?.texts() ?? []
    pipelines = try (top["pipelines"]?.texts() ?? []).map { Configuration.resolve($0, folder) }
    if let field = top["identities"] {
      if field.isList {
        detection.identities = try Configuration.identities(field)
      } else {
        detection.identities = try Configuration.identities(file: Configuration.resolve(try field.text(), folder))
      }
    }
  }

  private static func resolve(_ path: String, _ folder: String) -> String {
    path.hasPrefix("/") ? path : folder + "/" + path
  }

  static func zone(_ field: YAMLField) throws(ContentError) -> DetectionConfiguration.Zone {
    let members = try field.members(allowed: ["name", "networks"])
    guard let name = members["name"], let networks = members["networks"] else {
      throw field.fail("a zone needs 'name' and 'networks'")
    }
    var parsed: [Network] = []
    for item in networks.list() {
      let text = try item.text()
      guard let network = Network(text) else {
        throw item.fail("'\(text)' is no network (write 203.0.113.0/24 or 2001:db8::/32)")
      }
      parsed.append(network)
    }
    return DetectionConfiguration.Zone(name: try name.text(), networks: parsed)
  }

  private static func identities(file path: String) throws(ContentError) -> [IdentityDeclaration] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ContentError(file: path, reason: "cannot be read; 'identities' names a file beside bittern.yml")
    }
    guard let yaml = try YAMLField.parse(String(decoding: data, as: UTF8.self), file: path) else { return [] }
    let top = try yaml.members(allowed: ["identities"])
    return try top["identities"].map { field throws(ContentError) in try identities(field) } ?? []
  }

  /// Reads the declarations of an `identities.yml`, or those that a `bittern.yml` names.
  /// - Throws: what is wrong, with file, line and column.
  public static func declarations(file path: String) throws(ContentError) -> [IdentityDeclaration] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ContentError(file: path, reason: "cannot be read; name an identities.yml or a bittern.yml")
    }
    let text = String(decoding: data, as: UTF8.self)
    guard let yaml = try YAMLField.parse(text, file: path) else { return [] }
    if try yaml.members().contains(where: { $0.key != "identities" }) {
      return try Configuration(file: path).detection.identities
    }
    return try declarations(text: text, file: path)
  }

  /// Reads the declarations of a text that is laid out like `identities.yml`.
  public static func declarations(text: String, file: String) throws(ContentError) -> [IdentityDeclaration] {
    guard let yaml = try YAMLField.parse(text, file: file) else { return [] }
    let top = try yaml.members(allowed: ["identities"])
    return try top["identities"].map { field throws(ContentError) in try identities(field) } ?? []
  }

  /// Checks that a part of a `bittern.yml` or `identities.yml` loads.
  public static func check(snippet: String, file: String) throws(ContentError) {
    guard let yaml = try YAMLField.parse(snippet, file: file) else { return }
    let top = try yaml.members(allowed: ["zones", "organization", "identities"])
    for item in top["zones"]?.list() ?? [] { _ = try zone(item) }
    _ = try top["organization"]?.members(allowed: ["accounts"])["accounts"]?.texts()
    if let field = top["identities"] { _ = try identities(field) }
  }

  /// A declared scope that names nothing is a mistake: say so, do not guess.
  private func checkScopes(zones declared: [DetectionConfiguration.Zone]) throws(ContentError) {
    let zones = Set(declared.map(\.name))
    for identity in detection.identities {
      for glob in identity.scope?.zones ?? [] where !zones.contains(where: { glob.matches($0) }) {
        let name = glob.text
        throw ContentError(
          file: file ?? "",
          reason: "the scope of '\(identity.id)' names the zone '\(name)', which is not declared under zones")
      }
    }
  }
}

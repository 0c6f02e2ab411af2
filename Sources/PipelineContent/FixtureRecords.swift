import Detection
import Yams

/// Makes JSON records out of a fixture's YAML.
enum FixtureRecords {
  static func records(_ field: YAMLField?, defaults: YAMLField?) throws(ContentError) -> [[UInt8]] {
    var records: [[UInt8]] = []
    for item in field?.list() ?? [] {
      if case .mapping(let mapping) = item.node, mapping["repeat"] != nil {
        let members = try item.members(allowed: ["repeat", "record"])
        guard let count = try members["repeat"]?.integer(), let record = members["record"] else {
          throw item.fail("a repetition needs 'repeat' and 'record'")
        }
        for n in 0..<count { records.append(json(merged(record.node, over: defaults?.node), n)) }
      } else {
        records.append(json(merged(item.node, over: defaults?.node), nil))
      }
    }
    return records
  }

  /// `node` laid over `base`: mappings key by key (null takes a key away), everything else replaces.
  private static func merged(_ node: Node, over base: Node?) -> Node {
    guard case .mapping(let upper) = node, case .mapping(let lower)? = base else { return node }
    var pairs: [(Node, Node)] = []
    for (key, value) in lower {
      guard let new = upper[key] else {
        pairs.append((key, value))
        continue
      }
      if !isNull(new) { pairs.append((key, merged(new, over: value))) }
    }
    for (key, value) in upper where lower[key] == nil { pairs.append((key, value)) }
    return .mapping(Node.Mapping(pairs))
  }

  private static func isNull(_ node: Node) -> Bool {
    if case .scalar(let scalar) = node { return scalar.style == .plain && ["null", "~"].contains(scalar.string) }
    return false
  }

  private static func json(_ node: Node, _ n: Int?) -> [UInt8] {
    var out: [UInt8] = []
    write(node, n, &out)
    return out
  }

  private static func write(_ node: Node, _ n: Int?, _ out: inout [UInt8]) {
    switch node {
    case .mapping(let mapping):
      out.append(0x7b)
      for (index, pair) in mapping.enumerated() {
        if index > 0 { out.append(0x2c) }
        text(pair.key.string ?? "", n, &out)
        out.append(0x3a)
        write(pair.value, n, &out)
      }
      out.append(0x7d)
    case .sequence(let items):
      out.append(0x5b)
      for (index, item) in items.enumerated() {
        if index > 0 { out.append(0x2c) }
        write(item, n, &out)
      }
      out.append(0x5d)
    case .scalar(let scalar):
      let plain = scalar.style == .plain
      if plain, ["true", "false", "null", "~"].contains(scalar.string) {
        out += Array((scalar.string == "~" ? "null" : scalar.string).utf8)
      } else if plain, isNumber(scalar.string) {
        out += Array(scalar.string.utf8)
      } else {
        text(scalar.string, n, &out)
      }
    case .alias: out += Array("null".utf8)
    }
  }

  /// Whole numbers without a leading zero stay numbers; account ids and versions are written in quotes.
  private static func isNumber(_ text: String) -> Bool {
    guard let first = text.utf8.first, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return false }
    return text.utf8.count == 1 || first != 0x30
  }

  private static func text(_ text: String, _ n: Int?, _ out: inout [UInt8]) {
    var filled = text
    // Outside of a repetition a number sign is one: clients write them.
    if let n { filled = text.replacing("##", with: n < 10 ? "0\(n)" : "\(n)").replacing("#", with: "\(n)") }
    out.append(0x22)
    for c in filled.utf8 {
      switch c {
      case 0x22, 0x5c:
        out.append(0x5c)
        out.append(c)
      case 0x0a: out += Array("\\n".utf8)
      case 0x09: out += Array("\\t".utf8)
      case 0..<0x20: out += Array("\\u00".utf8) + Array((c < 16 ? "0" : "").utf8) + Array(String(c, radix: 16).utf8)
      default: out.append(c)
      }
    }
    out.append(0x22)
  }
}

extension Configuration {
  /// The configuration part of a fixture, over the shipped presets.
  init(fixture top: [String: YAMLField], presets: DetectionConfiguration) throws(ContentError) {
    self.init()
    detection.cloudRanges = presets.cloudRanges
    for item in top["zones"]?.list() ?? [] { detection.zones.append(try Configuration.zone(item)) }
    if let organization = try top["organization"]?.members(allowed: ["accounts"]) {
      detection.accounts = Set(try organization["accounts"]?.texts() ?? [])
    }
    if let field = top["identities"] { detection.identities = try Configuration.identities(field) }
  }
}

/// Where a record contradicts itself, for records whose keys nobody agreed on, in any spelling: `differs:hash` (`expected_hash` is not
/// `actual_hash`), `changed:scope` (`old_scope`, `new_scope`), `exceeds:iteration_count` (above `max_iterations`, or five times what is usual).
/// Values are compared as bytes, ASCII letters in lower case. Of the first 128 fields; at worst quadratic in them.
enum ContrastReader {
  private static let promised: Set = [
    "expected", "registered", "approved", "baseline", "original", "configured", "declared", "pinned", "trusted",
    "bound", "issued", "advertised", "claimed", "displayed", "intended",
  ]
  private static let seen = [
    "actual", "observed", "current", "received", "computed", "calculated", "presented", "presenting", "delivered",
    "used", "executed", "effective", "real", "detected", "running", "new",
  ]
  private static let successors = ["previous": "current", "old": "new", "prior": "current", "before": "after"]
  private static let bounds: Set = ["max", "maximum", "limit", "threshold", "allowed", "quota", "permitted"]
  private static let habits: Set = ["baseline", "typical", "normal", "average", "avg", "usual"]
  private static let units: Set = [
    "per", "last", "in", "second", "minute", "hour", "day", "count", "number", "of", "rate", "total", "window",
  ]

  static func words(_ text: Span<UInt8>) -> [[UInt8]] {
    var fields: [[String]: Set<[UInt8]>] = [:]
    if let tree = JSONTree.parse(text), marks(tree) { collect(tree, [], &fields) }
    let counts = fields.compactMap { key, value in number(value).map { (key, Set(key.map(singular)), $0) } }
    var found: Set<String> = []
    for (key, value) in fields {
      for (at, word) in key.enumerated() {
        let rest = Array(key[..<at] + key[(at + 1)...])
        func compare(_ other: [String], _ kind: String) {
          guard let others = fields[other], others != value, number(value) == nil || number(others) == nil else {
            return
          }
          found.insert("\(kind):\(rest.joined(separator: "_"))")
        }
        if promised.contains(word) {
          for sight in seen { compare(Array(key[..<at] + [sight] + key[(at + 1)...]), "differs") }
          if !["original", "issued"].contains(word) { compare(rest, "differs") }
        }
        if let successor = successors[word] { compare(Array(key[..<at] + [successor] + key[(at + 1)...]), "changed") }
        guard bounds.contains(word) || habits.contains(word), let bound = number(value) else { continue }
        let topic = Set(rest.map(singular)).subtracting(units)
        for (other, names, count) in counts where count > bound * (bounds.contains(word) ? 1 : 5) {
          guard names.isDisjoint(with: bounds), names.isDisjoint(with: habits),
            topic.isEmpty ? !names.isDisjoint(with: ["per", "amount", "request", "call"]) : topic.isSubset(of: names)
          else { continue }
          found.insert("exceeds:\(other.joined(separator: "_"))")
        }
      }
    }
    return found.sorted().map { Array($0.utf8) }
  }

  private static let markers = Set(
    (Array(promised) + Array(bounds) + Array(habits) + Array(successors.keys)).map { Array($0.utf8) })

  /// Whether any key says that there is something to compare with: most records have none.
  private static func marks(_ tree: JSONTree) -> Bool {
    switch tree {
    case .object(let members):
      members.contains { NameReader.words($0.key.span).contains(where: markers.contains) || marks($0.value) }
    case .array(let items): items.contains(where: marks)
    default: false
    }
  }

  private static func number(_ values: Set<[UInt8]>) -> Double? {
    values.count == 1 ? values.first.flatMap { Double(String(decoding: $0, as: UTF8.self)) } : nil
  }
  private static func singular(_ word: String) -> String { word.hasSuffix("s") ? String(word.dropLast()) : word }

  private static func collect(_ tree: JSONTree, _ path: [String], _ fields: inout [[String]: Set<[UInt8]>]) {
    switch tree {
    case .object(let members):
      for member in members where fields.count < 128 && path.count < 12 {
        let name = NameReader.words(member.key.span).prefix(12).map { String(decoding: $0, as: UTF8.self) }
        collect(member.value, path + name, &fields)
      }
    case .array(let items): for item in items { collect(item, path, &fields) }
    case .string(let bytes): fields[path, default: []].insert(bytes.lowered)
    case .number(let bytes): fields[path, default: []].insert(bytes)
    case .bool, .null: break
    }
  }
}

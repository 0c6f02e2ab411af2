/// Every value of an object as `path.of.keys=value`, in lower case: for records whose keys nobody agreed on. Elements of a list
/// stand under the list's key; text that is an object itself is gone into as well.
enum PairReader {
  /// More would be a document, not an event.
  private static let limit = 512
  private static let longest = 8192

  static func words(_ text: Span<UInt8>) -> [[UInt8]] {
    guard let tree = JSONTree.parse(text) else { return [] }
    var pairs: [[UInt8]] = []
    visit(tree, [], &pairs)
    return pairs
  }

  private static func visit(_ tree: JSONTree, _ path: [UInt8], _ pairs: inout [[UInt8]]) {
    if pairs.count >= limit { return }
    switch tree {
    case .object(let members):
      for member in members { visit(member.value, path + (path.isEmpty ? [] : [0x2e]) + member.key.lowered, &pairs) }
    case .array(let items):
      for item in items { visit(item, path, &pairs) }
    case .string(let bytes):
      if bytes.first == 0x7b, let inner = JSONTree.parse(bytes.span), case .object = inner {
        visit(inner, path, &pairs)
      }
      pairs.append(path + [0x3d] + Array(bytes.prefix(longest)).lowered)
    case .number(let bytes): pairs.append(path + [0x3d] + bytes)
    case .bool(let value): pairs.append(path + [0x3d] + Array((value ? "true" : "false").utf8))
    case .null: break
    }
  }
}

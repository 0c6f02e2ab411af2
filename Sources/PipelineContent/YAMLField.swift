import Yams

/// One value of a YAML file, with its place: reads it as what the caller needs and says where and why if it is something else.
struct YAMLField {
  let node: Node
  let file: String
  let name: String

  /// Parses a file; an empty one is nil.
  static func parse(_ text: String, file: String) throws(ContentError) -> YAMLField? {
    do {
      guard let node = try Yams.compose(yaml: text) else { return nil }
      return YAMLField(node: node, file: file, name: "")
    } catch let error as YamlError {
      throw failure(error, file)
    } catch {
      throw ContentError(file: file, reason: "is not valid YAML")
    }
  }

  private static func failure(_ error: YamlError, _ file: String) -> ContentError {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let around = context.map { " (\($0.text) in line \($0.mark.line))" } ?? ""
      return ContentError(
        file: file, line: mark.line, column: mark.column, reason: "is not valid YAML: \(problem)\(around)")
    default: return ContentError(file: file, reason: "is not valid YAML: \(error)".replacingNewlines)
    }
  }

  func fail(_ reason: String) -> ContentError {
    ContentError(file: file, line: node.mark?.line, column: node.mark?.column, reason: reason)
  }

  private var label: String { name.isEmpty ? "the file" : "'\(name)'" }

  func text() throws(ContentError) -> String {
    guard case .scalar(let scalar) = node else { throw fail("\(label) must be a text") }
    return scalar.string
  }

  func integer() throws(ContentError) -> Int {
    guard let n = Int(try text()) else { throw fail("\(label) must be a whole number") }
    return n
  }

  func number() throws(ContentError) -> Double {
    guard let n = Double(try text()) else { throw fail("\(label) must be a number") }
    return n
  }

  func boolean() throws(ContentError) -> Bool {
    switch try text() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default: throw fail("\(label) must be true or false")
    }
  }

  var isNull: Bool {
    guard case .scalar(let scalar) = node else { return false }
    return scalar.style == .plain && ["", "~", "null"].contains(scalar.string)
  }

  var isMapping: Bool { node.mapping != nil }
  var isList: Bool { node.sequence != nil }

  /// The items of a list; a single value is a list of one.
  func list() -> [YAMLField] {
    guard case .sequence(let items) = node else { return isNull ? [] : [self] }
    return items.map { YAMLField(node: $0, file: file, name: name) }
  }

  func texts() throws(ContentError) -> [String] {
    var all: [String] = []
    for item in list() { all.append(try item.text()) }
    return all
  }

  /// The members of a mapping in the order of the file.
  func members() throws(ContentError) -> [(key: String, value: YAMLField)] {
    guard case .mapping(let mapping) = node else { throw fail("\(label) must be a mapping (key: value)") }
    var all: [(key: String, value: YAMLField)] = []
    for (key, value) in mapping {
      guard let text = key.string else { throw fail("a key of \(label) must be a text") }
      if all.contains(where: { $0.key == text }) { throw fail("'\(text)' stands here twice") }
      all.append((text, YAMLField(node: value, file: file, name: text)))
    }
    return all
  }

  /// The members, after a check that every key is one of `allowed`; an unknown one is an error with a suggestion.
  func members(allowed: [String]) throws(ContentError) -> [String: YAMLField] {
    var all: [String: YAMLField] = [:]
    guard case .mapping(let mapping) = node else { throw fail("\(label) must be a mapping (key: value)") }
    for (key, value) in mapping {
      let text = key.string ?? ""
      let field = YAMLField(node: value, file: file, name: text)
      guard allowed.contains(text) else {
        let mark = key.mark ?? node.mark
        let nearest = Spelling.nearest(to: text, in: allowed).map { "; did you mean '\($0)'?" } ?? ""
        throw ContentError(
          file: file, line: mark?.line, column: mark?.column,
          reason: "unknown key '\(text)'\(nearest) (known here: \(allowed.joined(separator: ", ")))")
      }
      if all[text] != nil { throw field.fail("'\(text)' stands here twice") }
      all[text] = field
    }
    return all
  }
}

extension String {
  fileprivate var replacingNewlines: String { split(whereSeparator: \.isNewline).joined(separator: " ") }
}

/// Suggestions for misspelt words.
enum Spelling {
  static func nearest(to word: String, in known: [String]) -> String? {
    let best = known.map { (distance(word.lowercased(), $0.lowercased()), $0) }.min { $0.0 < $1.0 }
    guard let best, best.0 <= max(2, word.count / 3) else { return nil }
    return best.1
  }

  /// Levenshtein distance.
  static func distance(_ a: String, _ b: String) -> Int {
    let b = Array(b)
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var previous = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let old = row[j + 1]
        row[j + 1] = min(row[j] + 1, old + 1, previous + (x == y ? 0 : 1))
        previous = old
      }
    }
    return row[b.count]
  }
}

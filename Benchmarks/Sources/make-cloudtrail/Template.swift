/// A record with holes, taken apart once so that an event is a few copies and a few numbers.
struct Template {
  enum Hole: Character {
    case identity = "P", time = "T", address = "I", agent = "V", account = "A", region = "R"
    case uuid = "U", hex = "X", number = "N", owner = "J", key = "K", session = "S", role = "O", expiry = "E"
    case second = "C"
  }
  enum Part {
    case literal([UInt8])
    case hole(Hole)
  }

  private(set) var parts: [Part] = []

  /// A hole is written `%U`, `%X` and so on.
  init(_ text: String) {
    var literal = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == "%", let next = rest.first, let hole = Hole(rawValue: next) {
        rest.removeFirst()
        if !literal.isEmpty { parts.append(.literal(Array(literal.utf8))) }
        literal = ""
        parts.append(.hole(hole))
      } else {
        literal.append(character)
      }
    }
    if !literal.isEmpty { parts.append(.literal(Array(literal.utf8))) }
  }
}

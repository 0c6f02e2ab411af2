import Synthesis

/// What the corpus knows of itself: every planted act, and who minted what.
struct Truth {
  /// How sure the logs make a hop (E, A, S, C, N of the design).
  enum Grade: String { case exact, asserted, strong, candidate, none }

  private var attacks: [JSON] = []
  private var hops: [JSON] = []
  /// Events that a detection must tell, though who did it may.
  private var legitimate: [String] = []
  private(set) var attackCount = 0
  private(set) var hopCount = 0

  mutating func attack(
    _ detection: String, _ family: String, identity: String, events: [String], what: String
  ) {
    attackCount += 1
    attacks.append([
      "detection": .string(detection), "family": .string(family), "identity": .string(identity),
      "event_ids": .strings(events), "what": .string(what),
    ])
  }

  mutating func mayTell(_ event: String) { legitimate.append(event) }

  /// - Parameters:
  ///   - hop: its number in the matrix of hops.
  ///   - parents: one, or the candidates; none where nobody can know.
  mutating func hop(_ hop: Int, child: String, parents: [String], _ mechanism: String, _ grade: Grade) {
    hopCount += 1
    hops.append([
      "hop": .int(hop), "child": .string(child), "parents": .strings(parents), "mechanism": .string(mechanism),
      "grade": .string(grade.rawValue),
    ])
  }

  var text: String {
    func lines(_ all: [JSON]) -> String { all.map { "    " + $0.text }.joined(separator: ",\n") }
    return
      "{\n  \"attacks\": [\n\(lines(attacks))\n  ],\n  \"lineage\": [\n\(lines(hops))\n  ],\n  \"legitimate\": \(JSON.strings(legitimate).text)\n}\n"
  }
}

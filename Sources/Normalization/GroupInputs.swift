/// Slots whose raw bytes decide a group of columns: equal bytes give the same dictionary entry.
struct GroupInputs: Sendable {
  /// Hashed with their bytes.
  var values: [Int]
  /// Only asked whether they have a value: ids that differ in every record would make every key a new one.
  var presences: [Int]

  /// Up to six wanted paths below one top-level key are hashed themselves, more by the whole value of the key.
  init(_ used: UsedSlots, _ parser: inout ExpressionParser) {
    let slots = parser.slots
    var inputs: [Int] = []
    for (root, members) in Dictionary(grouping: used.values, by: { slots[$0][0] }) {
      if members.count <= 6 { inputs += members } else { inputs.append(parser.slot([root])) }
    }
    values = inputs.sorted()
    presences = used.presences.subtracting(used.values).sorted()
  }

  /// Without what another group's key says already.
  func besides(_ other: GroupInputs) -> GroupInputs {
    var rest = self
    rest.values.removeAll { other.values.contains($0) }
    rest.presences.removeAll { other.values.contains($0) }
    return rest
  }
}

import EventModel

/// Which incidents touch: the same identity, or a public address that only few incidents know, within 24 hours.
///
/// What is linked is never merged: an address may be a gateway, a name an account that many use.
enum IncidentLinks {
  private static let reach = 24 * 3600 * Timestamp.second
  /// An address in more incidents is a gateway.
  private static let sharers = 8

  static func fill(_ incidents: inout [Incident]) {
    var members: [String: [Int]] = [:]
    for n in incidents.indices {
      for key in Set(incidents[n].findings.flatMap(keys)) { members[key, default: []].append(n) }
    }
    var linked: [Set<String>] = incidents.map { _ in [] }
    for (key, list) in members where list.count > 1 && (list.count <= sharers || key.utf8.first == 0x69) {
      for (a, b) in neighbours(list, incidents) {
        linked[a].insert(incidents[b].id)
        linked[b].insert(incidents[a].id)
      }
    }
    for n in incidents.indices { incidents[n].linked = linked[n].subtracting([incidents[n].id, ""]).sorted() }
  }

  /// Pairs that lie within reach, each with the next after it in time: a chain links all.
  private static func neighbours(_ list: [Int], _ incidents: [Incident]) -> [(Int, Int)] {
    let sorted = list.filter { incidents[$0].firstSeen != Timestamp.none }
      .sorted { (incidents[$0].firstSeen, incidents[$0].id) < (incidents[$1].firstSeen, incidents[$1].id) }
    return zip(sorted, sorted.dropFirst()).filter { incidents[$1].firstSeen - incidents[$0].lastSeen <= reach }
  }

  private static func keys(_ f: Finding) -> [String] {
    var keys = f.identity.id.isEmpty ? [] : ["i" + f.identity.tenant + " " + f.identity.id]
    for citation in f.evidence where citation.role == .trigger {
      let text = Array(citation.origin.utf8)
      if let address = Address(text.span), address.kind == .public { keys.append("o\(address)") }
    }
    return keys
  }
}

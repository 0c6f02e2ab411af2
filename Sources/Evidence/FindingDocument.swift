import EventModel

/// A finding as the one JSON object that NDJSON, the store and the bundle share (product.md).
public enum FindingDocument {
  public static func value(_ f: Finding) -> JSONValue {
    .object([
      "id": .text(f.id), "detection": .text(f.detection), "name": .text(f.name), "family": .text(f.family.rawValue),
      "severity": .text(f.severity.name), "confidence": .text(f.confidence.confidence), "title": .text(f.title),
      "summary": .text(f.summary), "identity": identity(f.identity), "credential": credential(f.credential),
      "first_seen": .time(f.firstSeen), "last_seen": .time(f.lastSeen), "count": .int(Int64(f.count)),
      "attack": .texts(f.attack), "incident": .text(f.incident), "evidence": .array(f.evidence.map(citation)),
      "lineage": lineage(f.lineage), "explanation": explanation(f.explanation),
    ])
  }

  static func identity(_ identity: Finding.Identity) -> JSONValue {
    var members: [String: JSONValue] = [
      "id": .text(identity.id), "name": .text(identity.name), "kind": .text(identity.kind),
      "source": .text(identity.source), "tenant": .text(identity.tenant),
    ]
    if let owner = identity.owner { members["owner"] = .text(owner) }
    return .object(members)
  }

  static func credential(_ credential: Finding.Credential) -> JSONValue {
    var members: [String: JSONValue] = ["id": .text(credential.id), "kind": .text(credential.kind)]
    if let at = credential.issuedAt { members["issued_at"] = .time(at) }
    if let at = credential.expiresAt { members["expires_at"] = .time(at) }
    return .object(members)
  }

  /// One entry of `evidence`; `sha256` is null where the record could not be fetched, `missing` says why.
  public static func citation(_ c: Finding.Citation) -> JSONValue {
    var members: [String: JSONValue] = [
      "role": .text(c.role.rawValue), "source": .text(c.source), "event_id": .text(c.eventID), "time": .time(c.time),
      "action": .text(c.action), "outcome": .text(c.outcome), "origin": .text(c.origin), "file": .text(c.file),
      "offset": .int(Int64(truncatingIfNeeded: c.offset)), "length": .int(Int64(c.length)),
      "record_index": .int(Int64(c.index)), "sha256": c.sha256.isEmpty ? .null : .text(c.sha256),
    ]
    if let missing = c.missing { members["missing"] = .text(missing) }
    return .object(members)
  }

  static func lineage(_ edges: [Finding.Edge]) -> JSONValue {
    .array(
      edges.map {
        .object([
          "from": .text($0.from), "to": .text($0.to), "mechanism": .text($0.mechanism), "grade": .text($0.grade.name),
          "joined_on": .texts($0.joinedOn),
        ])
      })
  }

  /// `state` is a list: its order and repeated names are part of the explanation.
  static func explanation(_ e: Finding.Explanation) -> JSONValue {
    .object([
      "expected": .text(e.expected), "seen": .text(e.seen), "threshold": .text(e.threshold), "guards": .texts(e.guards),
      "state": .array(e.state.map { .object(["name": .text($0.name), "value": .text($0.value)]) }),
    ])
  }

  static func edges(_ value: JSONValue?) -> [Finding.Edge] {
    (value?.array ?? []).map { edge in
      Finding.Edge(
        from: edge["from"]?.text ?? "", to: edge["to"]?.text ?? "", mechanism: edge["mechanism"]?.text ?? "",
        grade: Grade(named: edge["grade"]?.text ?? ""), joinedOn: edge["joined_on"]?.texts ?? [])
    }
  }

  static func explanation(_ value: JSONValue?) -> Finding.Explanation {
    var e = Finding.Explanation()
    e.expected = value?["expected"]?.text ?? ""
    e.seen = value?["seen"]?.text ?? ""
    e.threshold = value?["threshold"]?.text ?? ""
    e.guards = value?["guards"]?.texts ?? []
    e.state = (value?["state"]?.array ?? []).map { ($0["name"]?.text ?? "", $0["value"]?.text ?? "") }
    return e
  }
}

extension Grade {
  /// The grade of a stored word; `none` for a word nobody knows.
  init(named name: String) { self = Grade.allCases.first { $0.name == name } ?? .none }
}

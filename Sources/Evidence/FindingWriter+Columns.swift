import EventModel
import GRDB

extension FindingWriter {
  /// In the order of `Schema.finding`.
  static func columns(_ f: Finding) -> [SQLValue.Column] {
    let (identity, credential) = (f.identity, f.credential)
    var row: [SQLValue.Column] = [
      f.id, SQLValue.text(f.detection), SQLValue.text(f.name), f.family.rawValue, f.severity.name,
      f.confidence.confidence, SQLValue.text(f.title), SQLValue.text(f.summary),
    ]
    row += [
      SQLValue.text(identity.id), SQLValue.text(identity.name), SQLValue.text(identity.kind),
      SQLValue.text(identity.source), SQLValue.text(identity.tenant), SQLValue.optionalText(identity.owner),
    ]
    row += [
      SQLValue.text(credential.id), SQLValue.text(credential.kind), SQLValue.time(credential.issuedAt),
      SQLValue.nanoseconds(credential.issuedAt), SQLValue.time(credential.expiresAt),
      SQLValue.nanoseconds(credential.expiresAt), SQLValue.text(f.tenant),
    ]
    row += [
      SQLValue.time(f.firstSeen), SQLValue.nanoseconds(f.firstSeen), SQLValue.time(f.lastSeen),
      SQLValue.nanoseconds(f.lastSeen), f.count, JSONValue.texts(f.attack).string, SQLValue.text(f.incident),
    ]
    row += [
      FindingDocument.lineage(f.lineage).string, FindingDocument.explanation(f.explanation).string,
      FindingStatus.open.rawValue,
    ]
    return row
  }

  /// In the order of `Schema.evidence`.
  static func columns(_ c: Finding.Citation, of id: String, ord: Int) -> [SQLValue.Column] {
    var row: [SQLValue.Column] = [
      id, ord, c.role.rawValue, SQLValue.text(c.source), SQLValue.text(c.eventID), SQLValue.time(c.time),
      SQLValue.nanoseconds(c.time), SQLValue.text(c.action), SQLValue.text(c.outcome), SQLValue.text(c.origin),
    ]
    row += [
      SQLValue.text(c.file), Int64(truncatingIfNeeded: c.offset), Int64(c.length), Int64(c.index),
      c.sha256.isEmpty ? nil : c.sha256, c.raw.isEmpty ? nil : SQLValue.blob(c.raw), SQLValue.optionalText(c.missing),
    ]
    return row
  }
}

/// The evidence of one finding from two judgements (semantics.md 6).
enum EvidenceMerge {
  static let perRole = 8

  /// The first eight by time of each role, each event once; of two tellings of one event the one with bytes stays.
  static func merged(_ known: [Finding.Citation], _ new: [Finding.Citation]) -> [Finding.Citation] {
    var all = known.map(comparable)
    for citation in new.map(comparable) {
      guard let at = all.firstIndex(where: { sameEvent($0, citation) }) else {
        all.append(citation)
        continue
      }
      if all[at].raw.isEmpty && !citation.raw.isEmpty { all[at] = citation }
    }
    all.sort(by: precedes)
    var taken: [Finding.Citation.Role: Int] = [:]
    return all.filter { citation in
      taken[citation.role, default: 0] += 1
      return taken[citation.role, default: 0] <= perRole
    }
  }

  private static func comparable(_ citation: Finding.Citation) -> Finding.Citation {
    var c = citation
    c.input = 0
    c.source = SQLValue.text(c.source)
    c.eventID = SQLValue.text(c.eventID)
    return c
  }

  private static func sameEvent(_ a: Finding.Citation, _ b: Finding.Citation) -> Bool {
    a.role == b.role && a.time == b.time && a.source.utf8.elementsEqual(b.source.utf8)
      && a.eventID.utf8.elementsEqual(b.eventID.utf8)
  }

  private static func precedes(_ a: Finding.Citation, _ b: Finding.Citation) -> Bool {
    if a.role != b.role { return a.role < b.role }
    if a.time != b.time { return a.time < b.time }
    if !a.source.utf8.elementsEqual(b.source.utf8) { return a.source.utf8.lexicographicallyPrecedes(b.source.utf8) }
    return a.eventID.utf8.lexicographicallyPrecedes(b.eventID.utf8)
  }
}

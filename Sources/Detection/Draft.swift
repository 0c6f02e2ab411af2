import EventModel
import EventWindow

/// What makes a finding one finding (semantics.md 6): never evidence, count or text.
struct DraftKey: Hashable, Sendable {
  var detection: Int
  var tenant: Symbol
  /// The entity it is about: identity, credential, origin.
  var key: [UInt8]
  /// The one new value: origin, action, target.
  var cause: [UInt8]
  var day: Int32
}

/// A finding while rows are still judged.
struct Draft: Sendable {
  var severity: Severity
  var confidence: Grade
  var subject: UInt32
  var operation: UInt32
  var node: Int32
  var firstSeen: Int64
  var lastSeen: Int64
  var count = 1
  var title = ""
  var summary = ""
  var explanation = Finding.Explanation()
  /// Rows cited by role: the first eight of each by time.
  var cited: [Finding.Citation.Role: [Row]] = [:]

  static let citedLimit = 8

  var citations: Int { cited.values.reduce(0) { $0 + $1.count } }

  mutating func cite(_ role: Finding.Citation.Role, _ row: Row) {
    var rows = cited[role] ?? []
    if rows.count < Draft.citedLimit, !rows.contains(row) {
      rows.append(row)
      cited[role] = rows
    }
  }
}

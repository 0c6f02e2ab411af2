import EventModel
import Foundation
import GRDB

/// Values on their way into and out of SQLite.
enum SQLValue {
  typealias Column = (any DatabaseValueConvertible)?

  /// SQLite's C strings end at NUL: U+0000 is stored as U+2400, so that nothing after it is lost.
  static func text(_ text: String) -> String {
    guard text.utf8.contains(0) else { return text }
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { out.append(scalar.value == 0 ? "\u{2400}" : scalar) }
    return String(out)
  }

  static func optionalText(_ text: String?) -> String? { text.map(SQLValue.text) }

  static func counts(_ counts: [String: Int64]) -> String {
    counts.isEmpty ? "{}" : JSONValue.object(counts.mapValues { .int($0) }).string
  }

  static func blob(_ bytes: [UInt8]) -> Data { Data(bytes) }

  /// RFC 3339; nil for no time.
  static func time(_ time: Int64?) -> String? { nanoseconds(time).map(Timestamp.text) }

  /// nil for no time; times before 1970 are none (semantics.md 4).
  static func nanoseconds(_ time: Int64?) -> Int64? {
    guard let time, time >= 0 else { return nil }
    return time
  }
}

/// Columns in order, without the traps that GRDB's own conversions have for a value of the wrong type.
struct RowReader {
  private let row: Row
  private var next = 0

  init(_ row: Row) { self.row = row }

  private mutating func value() -> DatabaseValue {
    defer { next += 1 }
    guard next < row.count else { return .null }
    return row[next]
  }

  mutating func text() -> String { optionalText() ?? "" }
  mutating func optionalText() -> String? {
    if case .string(let text) = value().storage { text } else { nil }
  }
  mutating func int() -> Int64 { optionalInt() ?? 0 }
  mutating func optionalInt() -> Int64? {
    if case .int64(let number) = value().storage { number } else { nil }
  }
  /// Nanoseconds since 1970; a negative number, which only a forged file holds, is no time.
  mutating func time() -> Int64? { SQLValue.nanoseconds(optionalInt()) }
  mutating func blob() -> [UInt8] {
    if case .blob(let data) = value().storage { [UInt8](data) } else { [] }
  }
  mutating func json() -> JSONValue? { JSONReading.value(text()) }
  /// A JSON object of name and count.
  mutating func counts() -> [String: Int64] { (json()?.object ?? [:]).compactMapValues(\.int) }
  mutating func skip() { next += 1 }
}

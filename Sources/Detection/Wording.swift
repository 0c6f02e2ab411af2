import EventModel

/// Parts of the sentences that findings are written in.
enum Wording {
  /// `40 s`, `12 min`, `5 h`, `3 days`.
  static func span(_ nanoseconds: Int64) -> String {
    let seconds = abs(nanoseconds) / Timestamp.second
    switch seconds {
    case ..<120: return "\(seconds) s"
    case ..<7200: return "\(seconds / 60) min"
    case ..<172_800: return "\(seconds / 3600) h"
    default: return "\(seconds / 86_400) days"
    }
  }

  /// `2026-03-01`.
  static func date(_ day: Int32) -> String { String(Timestamp.text(Int64(day) * Timestamp.day).prefix(10)) }

  /// `fact = words` of a detection's parameters.
  static func phrases(_ texts: [String]) throws(DetectionError) -> [String: String] {
    var phrases: [String: String] = [:]
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1).map { String($0.trimming) }
      guard parts.count == 2 else { throw DetectionError("a phrase is written 'fact = words': '\(text)'") }
      phrases[parts[0]] = parts[1]
    }
    return phrases
  }
}

extension Timestamp {
  /// How far apart two times are; endless where one of them is unknown.
  static func gap(_ a: Int64, _ b: Int64) -> Int64 {
    a == none || b == none ? Int64.max : a < b ? b - a : a - b
  }
}

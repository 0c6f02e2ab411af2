import EventModel

/// Something that was done with the evidence: who, when, what. The store chains it to the one before.
public struct CustodyAction: Sendable, Equatable {
  /// Nanoseconds since 1970, wall clock.
  public var at: Int64
  /// User and host, or the program's part that acts.
  public var actor: String
  public var action: String
  public var args: [String: String]
  public init(at: Int64, actor: String, action: String, args: [String: String] = [:]) {
    self.at = at
    self.actor = actor
    self.action = action
    self.args = args
  }
}

/// One link of the custody chain. Its line's SHA-256, with LF, is the next one's `prev`.
public struct CustodyEntry: Sendable, Equatable {
  public var n: Int64
  /// RFC 3339.
  public var at: String
  public var actor: String
  public var action: String
  /// JSON object text.
  public var args: String
  /// 64 zeros for the first.
  public var prev: String
  /// Hex SHA-256 of `line`.
  public var hash = ""

  public static let start = String(repeating: "0", count: 64)

  init(n: Int64, at: String, actor: String, action: String, args: String, prev: String) {
    self.n = n
    self.at = at
    self.actor = actor
    self.action = action
    self.args = args
    self.prev = prev
  }

  /// The line of custody.jsonl, with LF; holds everything but the hash.
  public var line: [UInt8] {
    JSONValue.object([
      "n": .int(n), "at": .text(at), "actor": .text(actor), "action": .text(action),
      "args": JSONReading.value(args) ?? .text(args), "prev": .text(prev),
    ]).line
  }
}

import EventModel

/// A detection as content: which detector kind, with which parameters, and what is said of it. One `detection.yml`.
public struct DetectionDefinition: Sendable {
  /// What it can do in a store without history (semantics.md 9).
  public enum FreshStore: String, Sendable, CaseIterable { case fires, low, silent }

  public var id = ""
  public var name = ""
  /// Major version: part of every finding's id.
  public var version = 1
  public var kind = ""
  public var family = Family.outOfScope
  public var severity = Severity.medium
  public var attack: [String] = []
  public var title = ""
  public var description = ""
  public var freshStore = FreshStore.fires
  public var guards: [String] = []
  public var blindSpots: [String] = []
  public var references: [String] = []
  public var parameters = Parameters()
  /// The folder it came from, for messages.
  public var folder = ""

  public init() {}
}

/// What is wrong with a detection's content.
public struct DetectionError: Error, Sendable {
  public var reason: String
  public init(_ reason: String) { self.reason = reason }
}

/// Named numbers and lists that a detector kind reads. Reading marks a name as known; what nobody reads is an error.
public struct Parameters: Sendable {
  public private(set) var values: [String: [String]]
  private var read: Set<String> = []

  public init(_ values: [String: [String]] = [:]) { self.values = values }

  public mutating func number(_ name: String, default value: Int? = nil) throws(DetectionError) -> Int {
    read.insert(name)
    guard let texts = values[name] else {
      guard let value else { throw DetectionError("parameter '\(name)' is missing") }
      return value
    }
    guard texts.count == 1, let n = Int(texts[0]) else {
      throw DetectionError("parameter '\(name)' must be a whole number")
    }
    return n
  }

  /// Whole numbers that rise.
  public mutating func numbers(_ name: String, default value: [Int]) throws(DetectionError) -> [Int] {
    let texts = try list(name, default: value.map { "\($0)" })
    let numbers = texts.compactMap { Int($0) }
    guard numbers.count == texts.count, !numbers.isEmpty, zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw DetectionError("parameter '\(name)' must be whole numbers that rise")
    }
    return numbers
  }

  /// Nanoseconds, written as minutes.
  public mutating func minutes(_ name: String, default value: Int? = nil) throws(DetectionError) -> Int64 {
    Int64(try number(name, default: value)) * Timestamp.minute
  }

  public mutating func list(_ name: String, default value: [String]? = nil) throws(DetectionError) -> [String] {
    read.insert(name)
    guard let texts = values[name] ?? value else { throw DetectionError("parameter '\(name)' is missing") }
    return texts
  }

  public mutating func text(_ name: String, default value: String? = nil) throws(DetectionError) -> String {
    let texts = try list(name, default: value.map { [$0] })
    guard texts.count == 1 else { throw DetectionError("parameter '\(name)' must be one text") }
    return texts[0]
  }

  /// Call after all reads: an unread name is a misspelt one.
  public func checkAllRead() throws(DetectionError) {
    if let unknown = values.keys.sorted().first(where: { !read.contains($0) }) {
      throw DetectionError("unknown parameter '\(unknown)' (this kind knows: \(read.sorted().joined(separator: ", ")))")
    }
  }
}

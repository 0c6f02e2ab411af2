/// Long memory: that a key was seen, on which days. Merges only by min, max and or, so a re-scan adds nothing.
public struct MemoryRow: Sendable, Equatable {
  public var kind: Int64
  public var key: [UInt8]
  /// Days since 1970-01-01.
  public var firstDay: Int32
  public var lastDay: Int32
  /// Bit n: seen on `lastDay - n`. The 64 days that end with the last one.
  public var days: UInt64
  /// Merged by max.
  public var count: Int64
  public init(kind: Int64, key: [UInt8], firstDay: Int32, lastDay: Int32, days: UInt64, count: Int64) {
    self.kind = kind
    self.key = key
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.days = days
    self.count = count
  }
}

/// One batch of the window's journal. Bodies are the engine's own; the store does not read them.
public struct WindowBatchRow: Sendable, Equatable {
  public var seq: Int64
  /// Nanoseconds since 1970.
  public var minTime: Int64
  public var maxTime: Int64
  public var rows: Int64
  public var body: [UInt8]
  public var raw: [UInt8]
  public init(seq: Int64, minTime: Int64, maxTime: Int64, rows: Int64, body: [UInt8], raw: [UInt8] = []) {
    self.seq = seq
    self.minTime = minTime
    self.maxTime = maxTime
    self.rows = rows
    self.body = body
    self.raw = raw
  }
}

/// One typed column of a batch. A value that never changes costs nothing a row.
public struct Column<Value: Equatable & Sendable>: Sendable {
  private var rows: [Value] = []
  private var constant: Value?
  public private(set) var count = 0

  public init() {}

  @inline(__always)
  public mutating func append(_ value: Value) {
    if count == 0 {
      constant = value
    } else if let same = constant {
      if same != value {
        rows.reserveCapacity(max(1024, count * 2))
        rows.append(contentsOf: repeatElement(same, count: count))
        rows.append(value)
        constant = nil
      }
    } else {
      rows.append(value)
    }
    count &+= 1
  }

  /// - Complexity: O(1).
  @inline(__always)
  public subscript(_ row: Int) -> Value {
    if let constant { return constant }
    return rows[row]
  }

  /// Rewrites every value; a constant column stays one.
  public func map<Other: Equatable & Sendable>(_ change: (Value) -> Other) -> Column<Other> {
    var mapped = Column<Other>()
    mapped.count = count
    if let constant { mapped.constant = change(constant) } else { mapped.rows = rows.map(change) }
    return mapped
  }

  public var byteCount: Int { rows.capacity * MemoryLayout<Value>.stride }
}

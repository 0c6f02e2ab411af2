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

  /// Changes one value. O(1), once O(count) where the column was constant.
  public mutating func set(_ row: Int, to value: Value) {
    if let same = constant {
      if same == value { return }
      rows = Array(repeating: same, count: count)
      constant = nil
    }
    rows[row] = value
  }

  /// Rewrites every value; a constant column stays one.
  public func map<Other: Equatable & Sendable>(_ change: (Value) -> Other) -> Column<Other> {
    var mapped = Column<Other>()
    mapped.count = count
    if let constant { mapped.constant = change(constant) } else { mapped.rows = rows.map(change) }
    return mapped
  }

  /// Gives back room that was reserved for more rows. O(count) where more than half of it is free.
  public mutating func trim() {
    if rows.capacity > max(16, rows.count * 2) { rows = rows.map { $0 } }
  }

  public var byteCount: Int { rows.capacity * MemoryLayout<Value>.stride }
}

extension Column where Value: FixedWidthInteger {
  /// A constant column is one value, any other one a value a row.
  public func encode(into writer: inout ByteWriter) {
    writer.put(UInt32(count))
    writer.put(UInt8(constant == nil ? 0 : 1))
    if let constant { writer.put(constant) } else { for value in rows { writer.put(value) } }
  }

  public init(from reader: inout ByteReader) {
    self.init()
    let count = Int(reader.get(UInt32.self))
    if reader.get(UInt8.self) == 1 {
      self.constant = reader.get(Value.self)
      self.count = count
    } else {
      for _ in 0..<count where reader.isSound { append(reader.get(Value.self)) }
    }
  }
}

extension Column where Value == Symbol {
  public func encode(into writer: inout ByteWriter) { map(\.raw).encode(into: &writer) }

  public init(from reader: inout ByteReader) { self = Column<UInt32>(from: &reader).map { Symbol($0) } }
}

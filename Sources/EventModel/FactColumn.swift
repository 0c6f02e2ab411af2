/// The facts of each row of a batch: few distinct sets, each kept once. Four bytes a row, none where all rows say the same.
public struct FactColumn: Sendable {
  private var codes = Column<UInt32>()
  private var sets: [FactSet] = []
  private var index: [FactSet: UInt32] = [:]

  public init() {}

  public var count: Int { codes.count }
  public var byteCount: Int { codes.byteCount + sets.count * 80 }

  @inline(__always)
  public subscript(_ row: Int) -> FactSet { sets[Int(codes[row])] }

  public mutating func append(_ facts: FactSet) {
    // Most rows state none, and that set comes first in most batches.
    if let first = sets.first, first == facts {
      codes.append(0)
    } else if let known = index[facts] {
      codes.append(known)
    } else {
      index[facts] = UInt32(sets.count)
      codes.append(UInt32(sets.count))
      sets.append(facts)
    }
  }

  public mutating func trim() { codes.trim() }

  public func encode(into writer: inout ByteWriter) {
    writer.put(UInt32(sets.count))
    for set in sets {
      writer.put(set.low)
      writer.put(set.high)
    }
    codes.encode(into: &writer)
  }

  public init(from reader: inout ByteReader) {
    var sets: [FactSet] = []
    for _ in 0..<reader.getCount(of: 32) {
      sets.append(FactSet(low: reader.get(UInt128.self), high: reader.get(UInt128.self)))
    }
    let codes = Column<UInt32>(from: &reader)
    for row in 0..<codes.count { append(Int(codes[row]) < sets.count ? sets[Int(codes[row])] : .none) }
  }
}

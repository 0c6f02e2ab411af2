import Testing

@testable import Detection
@testable import EventModel

/// Sets of facts past the first 128, their column, and the marks of a day.
@Suite struct FactTests {
  private func set(_ bits: [UInt8]) -> FactSet {
    var set = FactSet()
    for bit in bits { set.insert(Fact(bit: bit)) }
    return set
  }

  @Test func everyBitIsItsOwn() {
    for bit in UInt8.min...UInt8.max {
      let one = set([bit])
      #expect((UInt8.min...UInt8.max).filter { one.contains(Fact(bit: $0)) } == [bit])
      #expect(!one.isEmpty && one.intersects(set([bit, bit &+ 128])) && !one.intersects(set([bit &+ 128])))
      #expect(Set(one.words).count == 2)
    }
    let some = set([3, 200])
    #expect(some.isSuperset(of: set([200])) && !some.isSuperset(of: set([200, 4])))
    #expect(some.subtracting(set([3])) == set([200]) && some.intersection(set([3, 4])) == set([3]))
  }

  @Test func aColumnGivesBackWhatItTook() {
    var column = FactColumn()
    var rows: [FactSet] = []
    for n in 0..<3000 {
      let bits: [UInt8] = n % 3 == 0 ? [] : [UInt8(n % 256), UInt8(n / 12)]
      rows.append(set(bits))
    }
    for row in rows { column.append(row) }
    var writer = ByteWriter()
    column.encode(into: &writer)
    var reader = ByteReader(writer.bytes)
    let read = FactColumn(from: &reader)
    #expect(reader.isSound && read.count == rows.count)
    #expect(rows.indices.allSatisfy { column[$0] == rows[$0] && read[$0] == rows[$0] })
  }

  @Test func aPairIsFirstOnceADay() {
    var marks = DayMarks()
    let pairs = (0..<5000).map { UInt64($0) << 32 | 7 }
    #expect(pairs.allSatisfy { marks.isFirst($0, on: 20_000) })
    #expect(pairs.allSatisfy { !marks.isFirst($0, on: 20_000) })
    #expect(pairs.allSatisfy { marks.isFirst($0, on: 20_001) })
  }
}

import EventModel
import Testing

@testable import Detection

@Suite struct LongMemoryTests {
  /// Years go by: what nobody does any more makes room, what is still done keeps its first day.
  @Test func letsOldThingsGo() {
    var memory = LongMemory(hasher: .stable, earlier: [HashedKey(1): LongMemory.Entry(day: 100)])
    memory.remember(2, on: 100)
    memory.remember(3, on: 100)
    memory.remember(3, on: 500)
    memory.age(to: 100 + LongMemory.span - 1)
    for key: UInt64 in 1...3 { #expect(memory.firstDay(key, before: 1000) == 100) }
    memory.age(to: 100 + LongMemory.span)
    #expect(memory.firstDay(1, before: 1000) == nil)
    #expect(memory.firstDay(2, before: 1000) == nil)
    #expect(memory.firstDay(3, before: 1000) == 100)
  }

  /// A full memory keeps what it has, says so, and takes what it knows on further days.
  @Test func saysWhenItIsFull() {
    var memory = LongMemory(hasher: .stable, limit: 2)
    let kept = [(UInt64(1), Int32(10)), (2, 10), (3, 10), (1, 11)].map { memory.remember($0.0, on: $0.1) }
    #expect(kept == [true, true, false, true])
    #expect(memory.forgotten == 1)
    #expect(memory.recall(1, on: 12).days == 2)
    #expect(!memory.recall(3, on: 12).isKnown)
  }
}

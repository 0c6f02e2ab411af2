import Synthesis
import Testing

@Suite struct DayTests {
  let day = Day(year: 2026, month: 3, day: 17)

  @Test func writesTheFormsOfLogs() {
    #expect(day.epoch == 1_773_705_600)
    #expect(day.iso(0) == "2026-03-17T00:00:00Z")
    #expect(day.iso(-1) == "2026-03-16T23:59:59Z")
    #expect(day.iso(33_124.25, digits: 6) == "2026-03-17T09:12:04.250000Z")
    #expect(day.iso(33_124.25, digits: 3) == "2026-03-17T09:12:04.250Z")
    #expect(day.spoken(54_724) == "Mar 17, 2026, 3:12:04 PM")
    #expect(day.spoken(5) == "Mar 17, 2026, 12:00:05 AM")
    #expect(day.compact(86_400) == "20260318T0000Z")
  }

  @Test func knowsLeapYears() {
    #expect(Day(year: 2024, month: 2, day: 28).iso(86_400) == "2024-02-29T00:00:00Z")
    #expect(Day(year: 2000, month: 12, day: 31).iso(86_400) == "2001-01-01T00:00:00Z")
  }
}

@Suite struct SeededRandomTests {
  @Test func givesTheSameNumbersForTheSameSeedAndStream() {
    var one = SeededRandom(seed: 7, stream: "a")
    var same = SeededRandom(seed: 7, stream: "a")
    var other = SeededRandom(seed: 7, stream: "b")
    let first = one.uuid()
    #expect(first == same.uuid())
    #expect(first != other.uuid())
    #expect(first.count == 36 && Array(first)[14] == "4")
  }

  @Test func staysInBounds() {
    var random = SeededRandom(seed: 1)
    for _ in 0..<1000 {
      #expect((0..<3).contains(random.below(3)))
      #expect((0.0..<1.0).contains(random.unit()))
    }
  }
}

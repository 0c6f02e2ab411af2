import Testing

@testable import Detection
@testable import EventModel
@testable import EventWindow
@testable import Normalization
@testable import PipelineContent

/// What a window that never ends lets go.
@Suite struct EvictionTests {
  private static let start: Int64 = 1_772_400_000_000_000_000

  private func batch(_ times: [Int64], future: Bool = false, from id: UInt64) -> EventBatch {
    var batch = EventBatch()
    for (n, time) in times.enumerated() {
      var event = Event()
      (event.time, event.idHigh, event.content) = (time, id + UInt64(n), id)
      if future { event.flags.insert(.future) }
      batch.append(event)
    }
    return batch
  }

  private func window(_ batches: [EventBatch]) -> EventWindow {
    var window = EventWindow()
    let delta = EventDictionaries.Delta(
      bytes: [], ends: [], subjects: [Subject()], origins: [Origin()], operations: [Operation()])
    for (n, batch) in batches.enumerated() { _ = window.absorb(worker: n, batch, delta) }
    return window
  }

  @Test func rowsOfTheFutureAndWithoutTimesAgeByArrival() {
    let hour = Timestamp.hour
    let now = Self.start
    var window = window([
      batch([Timestamp.none], from: 1), batch([now], from: 2),
      batch([now + 9_000 * hour], future: true, from: 3), batch([Timestamp.none], from: 4),
      batch([now + 30 * hour], from: 5), batch([now + 9_000 * hour], future: true, from: 6),
    ])
    // One row of the future does not keep those beside it.
    let evicted = window.evict(before: now + 4 * hour)
    #expect(evicted.batches == [0, 1, 2, 3])
    #expect(evicted.until == now)
    #expect(window.rowCount == 2)
    #expect(window.batchNumbers == 4..<6)
    #expect(!window.isHeld(Row(batch: 1, row: 0)) && window.isHeld(Row(batch: 4, row: 0)))
    #expect(window[Row(batch: 4, row: 0)].time == now + 30 * hour)
    #expect(window.ordered().count == 2)
  }

  /// However the rows are dated: what is held has a bound, and what holds nothing costs nothing.
  @Test func whatIsHeldHasABound() {
    for time in [Timestamp.none, Self.start, Self.start + 9_000 * Timestamp.hour] {
      var window = window([batch([Self.start], from: 0)])
      let delta = EventDictionaries.Delta(
        bytes: [], ends: [], subjects: [Subject()], origins: [Origin()], operations: [Operation()])
      for n in 1..<400 {
        let rows = batch(Array(repeating: time, count: 100), future: time > Self.start, from: UInt64(n) << 20)
        _ = window.absorb(worker: n, rows, delta)
        window.forget(worker: n)
        _ = window.evict(downTo: 500_000)
        #expect(window.byteCount <= 500_000)
      }
      #expect(window.rowCount > 2_000)
      #expect(window.batchNumbers.count < 200 && window.batchNumbers.upperBound == 400)
    }
  }

  /// A batch of two rows must not cost the room of a thousand.
  @Test func smallBatchesAreSmall() {
    var window = EventWindow()
    let delta = EventDictionaries.Delta(
      bytes: [], ends: [], subjects: [Subject()], origins: [Origin()], operations: [Operation()])
    for n in 0..<200 {
      let time = Self.start + Int64(n)
      _ = window.absorb(worker: n, batch([time, time + 1], from: UInt64(n) << 20), delta)
    }
    #expect(window.byteCount < 200 * 3_000)
  }

  /// What rested on rows that were let go is not taken back because they are missing.
  @Test func aFindingWhoseGroundsWereLetGoStands() throws {
    let content = try Content(Configuration())
    var engine = content.engine
    engine.definitions = engine.definitions.filter { $0.id == "LC10" }
    let reader = ActsDetectionTests.reader(content)
    func record(_ name: String, _ time: String) -> [UInt8] {
      Array(
        """
        {"eventVersion":"1.08","eventTime":"2026-03-02T\(time)Z","eventSource":"iam.amazonaws.com","eventName":"\(name)",\
        "awsRegion":"us-east-1","sourceIPAddress":"198.51.100.7","userAgent":"aws-cli/2.15","eventID":"\(name)-\(time)",\
        "recipientAccountId":"111122223333","requestParameters":{"userName":"bot"},"userIdentity":{"type":"AssumedRole",\
        "principalId":"AROA1:s","accountId":"111122223333","arn":"arn:aws:sts::111122223333:assumed-role/r/s",\
        "accessKeyId":"ASIA1","sessionContext":{"sessionIssuer":{"type":"Role","arn":"arn:aws:iam::111122223333:role/r",\
        "accountId":"111122223333"}}}}
        """.utf8)
    }
    var watch = try ActsDetectionTests.judge([record("CreateUser", "08:00:00")], engine, reader, isWhole: false)
    let told = watch.takeChanges().changed
    #expect(told.count == 1)
    watch = try ActsDetectionTests.go(on: watch, [record("GetUser", "09:00:00")], reader)
    // The first batch is let go for its bytes; a late row makes all that is left be judged again.
    #expect(watch.evict(downTo: 1) == [0])
    watch = try ActsDetectionTests.go(on: watch, [record("GetUser", "08:30:00")], reader)
    #expect(watch.takeChanges().gone.isEmpty)
  }
}

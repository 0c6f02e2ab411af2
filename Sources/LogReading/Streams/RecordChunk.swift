/// A stretch of a stream and the records found in it: a plain value that may go to another thread.
///
/// Reuse it: the reader empties it first and keeps its storage.
public struct RecordChunk: Sendable {
  /// The bytes the records' ranges speak of, and some around them.
  public internal(set) var bytes: [UInt8] = []
  /// Stream offset of the first of `bytes`.
  public internal(set) var offset: UInt64 = 0
  public internal(set) var records: [FramedRecord] = []
  public internal(set) var rejections: [FramingRejection] = []

  /// See ``FramePosition/head``; few: one for each document that has any.
  public internal(set) var heads: [[UInt8]] = []

  public init() {}

  public var isEmpty: Bool { records.isEmpty && rejections.isEmpty }

  /// A record's bytes. O(1), a view.
  public func bytes(of record: FramedRecord) -> ArraySlice<UInt8> { bytes[record.range] }

  /// What stands before the records of a record's document, as an object; empty for nothing.
  public func head(of record: FramedRecord) -> [UInt8] { record.head == 0 ? [] : heads[Int(record.head) - 1] }

  mutating func append(_ record: FramedRecord, of head: [UInt8]) {
    var record = record
    if !head.isEmpty {
      if heads.last != head { heads.append(head) }
      record.head = UInt32(heads.count)
    }
    records.append(record)
  }

  mutating func reset(to offset: UInt64, carrying carry: [UInt8]) {
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: carry)
    self.offset = offset
    records.removeAll(keepingCapacity: true)
    rejections.removeAll(keepingCapacity: true)
    heads.removeAll(keepingCapacity: true)
  }

  mutating func dropBytes(before start: UInt64) {
    guard start > offset else { return }
    bytes.removeSubrange(0..<Int(start - offset))
    offset = start
  }
}

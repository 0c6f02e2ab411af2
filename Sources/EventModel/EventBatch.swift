/// At least a thousand normalized events as columns, with the dictionaries that explain their ids.
///
/// Made by a worker with its own symbols, then mapped to the owner's (``EventWindow``). About 95 bytes a row where nothing
/// is constant; columns that never change in a batch cost nothing.
public struct EventBatch: Sendable {
  // Time and identity of the record.
  public var time = Column<Int64>()
  public var precision = Column<UInt8>()
  public var idHigh = Column<UInt64>()
  public var idLow = Column<UInt64>()
  /// Keyed hash of the normalized row: same id and other content is a conflict.
  public var content = Column<UInt64>()
  // Who, where, what.
  public var subject = Column<UInt32>()
  public var origin = Column<UInt32>()
  public var operation = Column<UInt32>()
  public var outcome = Column<UInt8>()
  public var error = Column<Symbol>()
  public var resource = Column<Symbol>()
  public var target = Column<Symbol>()
  public var trace = Column<Symbol>()
  public var flags = Column<UInt32>()
  public var facts = FactColumn()
  /// 1 + index into `mints`, 0 for none.
  public var mint = Column<UInt32>()
  public var detailStart = Column<UInt32>()
  public var detailCount = Column<UInt16>()
  // Where its bytes lie.
  public var input = Column<UInt32>()
  public var offset = Column<UInt64>()
  public var length = Column<UInt32>()
  public var index = Column<UInt32>()

  public var mints: [Mint] = []
  public var details: [Detail] = []

  public var count: Int { time.count }

  public init() {}

  /// Lets go of the room that growing left over. O(rows).
  public mutating func trim() {
    time.trim()
    precision.trim()
    idHigh.trim()
    idLow.trim()
    content.trim()
    subject.trim()
    origin.trim()
    operation.trim()
    outcome.trim()
    error.trim()
    resource.trim()
    target.trim()
    trace.trim()
    flags.trim()
    facts.trim()
    mint.trim()
    detailStart.trim()
    detailCount.trim()
    input.trim()
    offset.trim()
    length.trim()
    index.trim()
  }

  /// Bytes held, dictionaries not counted.
  public var byteCount: Int {
    var total = time.byteCount + precision.byteCount + idHigh.byteCount + idLow.byteCount + content.byteCount
    total += subject.byteCount + origin.byteCount + operation.byteCount + outcome.byteCount + error.byteCount
    total += resource.byteCount + target.byteCount + trace.byteCount + flags.byteCount + facts.byteCount
    total += mint.byteCount + detailStart.byteCount + detailCount.byteCount
    total += input.byteCount + offset.byteCount + length.byteCount + index.byteCount
    return total + mints.count * MemoryLayout<Mint>.stride + details.count * MemoryLayout<Detail>.stride
  }
}

/// One row, taken out of its columns: plain values, no references. What a detector sees.
public struct Event: Sendable {
  public var time: Int64 = Timestamp.none
  public var idHigh: UInt64 = 0
  public var idLow: UInt64 = 0
  public var content: UInt64 = 0
  public var offset: UInt64 = 0
  public var facts = FactSet()
  public var subject: UInt32 = 0
  public var origin: UInt32 = 0
  public var operation: UInt32 = 0
  public var error = Symbol.none
  public var resource = Symbol.none
  public var target = Symbol.none
  public var trace = Symbol.none
  public var flags = EventFlags()
  public var mint: UInt32 = 0
  public var detailStart: UInt32 = 0
  public var input: UInt32 = 0
  public var length: UInt32 = 0
  public var index: UInt32 = 0
  public var detailCount: UInt16 = 0
  public var outcome = Outcome.unknown
  public var precision = TimePrecision.seconds

  public init() {}
}

extension Event {
  /// A row of one of many batches, read where it lies: taking the batch out of the array would touch the reference counts
  /// of all its columns. Nil where the batch does not hold it.
  public init?(_ row: Int, of batch: Int, in batches: [EventBatch]) {
    guard batches.indices.contains(batch), row >= 0, row < batches[batch].time.count else { return nil }
    self = unsafe batches.withUnsafeBufferPointer { unsafe Event(row, $0.baseAddress.unsafelyUnwrapped + batch) }
  }

  /// - Parameter row: one that the batch holds.
  private init(_ row: Int, _ batch: UnsafePointer<EventBatch>) {
    time = unsafe batch.pointee.time[row]
    precision = unsafe TimePrecision(rawValue: batch.pointee.precision[row]) ?? .seconds
    idHigh = unsafe batch.pointee.idHigh[row]
    idLow = unsafe batch.pointee.idLow[row]
    content = unsafe batch.pointee.content[row]
    subject = unsafe batch.pointee.subject[row]
    origin = unsafe batch.pointee.origin[row]
    operation = unsafe batch.pointee.operation[row]
    outcome = unsafe Outcome(rawValue: batch.pointee.outcome[row]) ?? .unknown
    error = unsafe batch.pointee.error[row]
    resource = unsafe batch.pointee.resource[row]
    target = unsafe batch.pointee.target[row]
    trace = unsafe batch.pointee.trace[row]
    flags = unsafe EventFlags(rawValue: batch.pointee.flags[row])
    facts = unsafe batch.pointee.facts[row]
    mint = unsafe batch.pointee.mint[row]
    detailStart = unsafe batch.pointee.detailStart[row]
    detailCount = unsafe batch.pointee.detailCount[row]
    input = unsafe batch.pointee.input[row]
    offset = unsafe batch.pointee.offset[row]
    length = unsafe batch.pointee.length[row]
    index = unsafe batch.pointee.index[row]
  }
}

extension EventBatch {
  public subscript(_ row: Int) -> Event {
    Event(row, of: 0, in: [self]) ?? Event()
  }

  public mutating func append(_ event: Event) {
    time.append(event.time)
    precision.append(event.precision.rawValue)
    idHigh.append(event.idHigh)
    idLow.append(event.idLow)
    content.append(event.content)
    subject.append(event.subject)
    origin.append(event.origin)
    operation.append(event.operation)
    outcome.append(event.outcome.rawValue)
    error.append(event.error)
    resource.append(event.resource)
    target.append(event.target)
    trace.append(event.trace)
    flags.append(event.flags.rawValue)
    facts.append(event.facts)
    mint.append(event.mint)
    detailStart.append(event.detailStart)
    detailCount.append(event.detailCount)
    input.append(event.input)
    offset.append(event.offset)
    length.append(event.length)
    index.append(event.index)
  }
}

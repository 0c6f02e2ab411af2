import EventModel

/// A batch that carries all its dictionaries, as bytes: what the window's journal holds.
public struct JournalBatch: Sendable {
  public var batch: EventBatch
  /// Every entry that the batch's ids mean: the ids are those of a fresh worker.
  public var delta: EventDictionaries.Delta
  /// What the numbers in the `input` column mean.
  public var inputs: [(id: UInt64, path: [UInt8])]

  public init(batch: EventBatch, delta: EventDictionaries.Delta, inputs: [(id: UInt64, path: [UInt8])]) {
    self.batch = batch
    self.delta = delta
    self.inputs = inputs
  }

  /// Raised when the bytes change; numbers in them are of one content's sources and facts.
  public static let version: UInt8 = 2

  public func encoded() -> [UInt8] {
    var w = ByteWriter()
    w.put(JournalBatch.version)
    w.put(UInt32(inputs.count))
    for input in inputs {
      w.put(input.id)
      w.put(input.path)
    }
    w.put(delta.bytes)
    w.put(UInt32(delta.ends.count))
    for end in delta.ends { w.put(end) }
    w.put(UInt32(delta.subjects.count))
    for subject in delta.subjects { subject.encode(into: &w) }
    w.put(UInt32(delta.origins.count))
    for origin in delta.origins { origin.encode(into: &w) }
    w.put(UInt32(delta.operations.count))
    for operation in delta.operations { operation.encode(into: &w) }
    w.put(UInt32(batch.mints.count))
    for mint in batch.mints { mint.encode(into: &w) }
    w.put(UInt32(batch.details.count))
    for detail in batch.details {
      w.put(detail.name.raw)
      w.put(detail.value.raw)
    }
    batch.encodeColumns(into: &w)
    return w.bytes
  }

  /// nil where the bytes are of another version or damaged.
  public init?(_ bytes: [UInt8]) {
    var r = ByteReader(bytes)
    guard r.get(UInt8.self) == JournalBatch.version else { return nil }
    inputs = []
    for _ in 0..<r.getCount(of: 12) {
      let id = r.get(UInt64.self)
      inputs.append((id, r.getBytes()))
    }
    delta = EventDictionaries.Delta(bytes: r.getBytes(), ends: [], subjects: [], origins: [], operations: [])
    for _ in 0..<r.getCount(of: 4) { delta.ends.append(r.get()) }
    for _ in 0..<r.getCount(of: 40) { delta.subjects.append(Subject(from: &r)) }
    for _ in 0..<r.getCount(of: 36) { delta.origins.append(Origin(from: &r)) }
    for _ in 0..<r.getCount(of: 26) { delta.operations.append(Operation(from: &r)) }
    batch = EventBatch()
    for _ in 0..<r.getCount(of: 30) { batch.mints.append(Mint(from: &r)) }
    for _ in 0..<r.getCount(of: 8) { batch.details.append(Detail(name: Symbol(r.get()), value: Symbol(r.get()))) }
    batch.decodeColumns(from: &r)
    guard r.isSound else { return nil }
  }
}

extension EventBatch {
  func encodeColumns(into w: inout ByteWriter) {
    time.encode(into: &w)
    precision.encode(into: &w)
    idHigh.encode(into: &w)
    idLow.encode(into: &w)
    content.encode(into: &w)
    subject.encode(into: &w)
    origin.encode(into: &w)
    operation.encode(into: &w)
    outcome.encode(into: &w)
    error.encode(into: &w)
    resource.encode(into: &w)
    target.encode(into: &w)
    trace.encode(into: &w)
    flags.encode(into: &w)
    facts.encode(into: &w)
    mint.encode(into: &w)
    detailStart.encode(into: &w)
    detailCount.encode(into: &w)
    input.encode(into: &w)
    offset.encode(into: &w)
    length.encode(into: &w)
    index.encode(into: &w)
  }

  mutating func decodeColumns(from r: inout ByteReader) {
    time = Column(from: &r)
    precision = Column(from: &r)
    idHigh = Column(from: &r)
    idLow = Column(from: &r)
    content = Column(from: &r)
    subject = Column(from: &r)
    origin = Column(from: &r)
    operation = Column(from: &r)
    outcome = Column(from: &r)
    error = Column(from: &r)
    resource = Column(from: &r)
    target = Column(from: &r)
    trace = Column(from: &r)
    flags = Column(from: &r)
    facts = FactColumn(from: &r)
    mint = Column(from: &r)
    detailStart = Column(from: &r)
    detailCount = Column(from: &r)
    input = Column(from: &r)
    offset = Column(from: &r)
    length = Column(from: &r)
    index = Column(from: &r)
  }
}

import EventModel

/// From one worker's local ids to the owner's. Filled from the deltas that come with its batches, in their order.
struct SymbolMapping {
  private var symbols: [Symbol] = [.none, SymbolTable.overflow]
  private var subjects: [UInt32] = []
  private var origins: [UInt32] = []
  private var operations: [UInt32] = []

  mutating func add(_ delta: EventDictionaries.Delta, to owner: inout EventDictionaries) {
    var start = 0
    for end in delta.ends {
      symbols.append(owner.symbols.intern(delta.bytes.span.extracting(start..<Int(end))))
      start = Int(end)
    }
    for subject in delta.subjects { subjects.append(owner.subjects.intern(subject.mapped(map))) }
    for origin in delta.origins { origins.append(owner.origins.intern(origin.mapped(map))) }
    for operation in delta.operations { operations.append(owner.operations.intern(operation.mapped(map))) }
  }

  @inline(__always) func map(_ symbol: Symbol) -> Symbol { symbols[Int(symbol.raw)] }

  /// The batch with the owner's ids.
  func map(_ batch: EventBatch) -> EventBatch {
    var mapped = batch
    mapped.subject = batch.subject.map { subjects[Int($0)] }
    mapped.origin = batch.origin.map { origins[Int($0)] }
    mapped.operation = batch.operation.map { operations[Int($0)] }
    mapped.error = batch.error.map(map)
    mapped.resource = batch.resource.map(map)
    mapped.target = batch.target.map(map)
    mapped.trace = batch.trace.map(map)
    mapped.mints = batch.mints.map { $0.mapped(map) }
    mapped.details = batch.details.map { Detail(name: map($0.name), value: map($0.value)) }
    return mapped
  }
}

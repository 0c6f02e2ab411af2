import EventModel
import JSONScanning

/// Turns records into rows: recognises the source of each, fills the columns its map names, counts what it cannot read.
///
/// One per worker; holds the worker's dictionaries and caches. A record costs about a microsecond and no allocation in the
/// steady state.
public struct Normalizer {
  public struct Options: Sendable {
    /// Only this source, whatever a record looks like.
    public var only: UInt8?
    public var contentHash: ByteHash
    public init(only: UInt8? = nil, contentHash: ByteHash) {
      self.only = only
      self.contentHash = contentHash
    }
  }

  /// Where a record lies (see ``EventBatch``).
  public struct Place {
    public var input: UInt32
    public var offset: UInt64
    public var length: UInt32
    public var index: UInt32
    public var terminated: Bool
    public init(input: UInt32, offset: UInt64, length: UInt32, index: UInt32, terminated: Bool = true) {
      self.input = input
      self.offset = offset
      self.length = length
      self.index = index
      self.terminated = terminated
    }
  }

  /// This worker's own ones, each compiled when it is first tried; see ``CompiledSource/own()``.
  private(set) var sources: [CompiledSource]
  private var isOwn: [Bool]
  let options: Options
  let worker: Int
  let redactor: SecretRedactor
  var symbols: WorkerSymbols
  var batch = EventBatch()
  private var scanner = JSONScanner()
  var evaluator = Evaluator()
  private var current = 0
  /// The last head of a document; all of its records have the same. Without a slot it is no JSON.
  private var documentHead: (bytes: [UInt8], slot: FieldSlot?) = ([], nil)
  private let order: [Int]
  var groupCache = KeyTable()
  var statusCache = KeyTable()
  var clientCache = KeyTable()
  var statuses: [Status] = []
  /// What the origins' keys lead to.
  var clients: [Client] = []
  var traces: [(key: UInt64, symbol: Symbol)] = Array(repeating: (0, .none), count: 1024)
  var actsOfOperation: [[CompiledAct]?] = []
  var actsOfAction: [HashedKey: [CompiledAct]] = [:]
  /// For the inspector: the ids of the last record's events as text, by the first half of the dedup id.
  var keepsIDs = false
  private var lastIDs: [(id: UInt64, shown: [UInt8])] = []
  /// How often each id came already among the events of the record that is split; nil where none is.
  private var partIDs: [UInt64: UInt64]?
  /// How often each record without an id was seen in the current input (semantics.md 16).
  private var ordinals: [UInt64: UInt32] = [:]

  public init(sources: [CompiledSource], worker: Int, options: Options) {
    self.sources = sources
    isOwn = Array(repeating: false, count: sources.count)
    self.worker = worker
    self.options = options
    redactor = SecretRedactor(hasher: options.contentHash)
    symbols = WorkerSymbols(content: options.contentHash, redactor: redactor)
    order = sources.indices.sorted { sources[$0].specificity > sources[$1].specificity }
    current = options.only.map(Int.init) ?? order.first ?? 0
    evaluator.slots = Array(repeating: .absent, count: sources.map(\.trie.slotCount).max() ?? 0)
  }

  /// Rows waiting to be taken.
  public var pending: Int { batch.count }

  /// Forget what belongs to one input, also which source it was: what a worker read before decides nothing. Call before
  /// the next one.
  public mutating func startInput() {
    ordinals.removeAll(keepingCapacity: true)
    current = options.only.map(Int.init) ?? order.first ?? 0
  }

  /// The rows so far with the dictionary entries they need.
  public mutating func take() -> NormalizedBatch {
    batch.trim()  // by the worker that grew it: its allocator has the room for the next one
    let taken = NormalizedBatch(worker: worker, batch: batch, delta: symbols.delta())
    batch = EventBatch()
    return taken
  }

  /// The rows so far with every dictionary entry that they need: a batch that stands alone, for a journal. The caches start
  /// anew, so that a long watch holds no text it does not use.
  public mutating func takeWhole() -> NormalizedBatch {
    let taken = take()
    symbols = WorkerSymbols(content: options.contentHash, redactor: redactor)
    groupCache.removeAll()
    statusCache.removeAll()
    statuses.removeAll()
    clients.removeAll()
    clientCache.removeAll()
    for slot in traces.indices { traces[slot] = (0, .none) }
    actsOfOperation.removeAll(keepingCapacity: true)
    actsOfAction.removeAll(keepingCapacity: true)
    return taken
  }

  /// Reads one framed record and appends its row, or says why not.
  /// - Parameter head: what stands beside the records of its document, as an object: its outermost wrapping.
  public mutating func add(_ record: Span<UInt8>, at place: Place, within head: [UInt8] = []) -> RecordOutcome {
    if !evaluator.wrappings.isEmpty { evaluator.wrappings.removeAll(keepingCapacity: true) }
    if !head.isEmpty {
      if documentHead.bytes != head { documentHead = (head, JSONReading.whole(head.span)) }
      if let slot = documentHead.slot { evaluator.wrappings.append(Evaluator.Wrapping(bytes: head, slot: slot)) }
    }
    return add(record, whole: record, at: place, depth: 0)
  }

  private mutating func add(_ record: Span<UInt8>, whole: Span<UInt8>, at place: Place, depth: Int) -> RecordOutcome {
    if let rejection = scan(record, current) { return .rejected(rejection) }
    if !recognises(record, current) {
      guard options.only == nil, let found = find(record) else { return unwrap(record, whole, place, depth) }
      current = found
    }
    if let split = sources[current].split, let outcome = add(parts: split, record, whole, place) { return outcome }
    fill(record, whole, place)
    return .accepted(source: UInt8(current), rows: 1)
  }

  /// What stands around an inner array is read again for every element: so many bytes of it a record, at most.
  private static let aroundLimit = 16 << 20

  /// Makes a row of every element of the record's inner array, read as if the array held nothing else.
  /// - Returns: nil where there are not two.
  private mutating func add(
    parts split: CompiledSource.Split, _ record: Span<UInt8>, _ whole: Span<UInt8>, _ place: Place
  ) -> RecordOutcome? {
    let array = evaluator.slots[split.slot]
    guard array.kind == .array else { return nil }
    var elements: [FieldSlot] = []
    JSONReading.forEachElement(record, array) { element in
      if element.kind == .object { elements.append(element) }
      return true
    }
    if elements.count < 2 { return nil }
    if elements.count * (record.count - array.range.count) > Normalizer.aroundLimit {
      return .rejected(.malformed("max_events"))
    }
    partIDs = [:]
    defer { partIDs = nil }
    for element in elements {
      var part = [UInt8](copying: record.extracting(..<array.range.lowerBound))
      part.append(0x5b)
      part += [UInt8](copying: record.extracting(element.range))
      part.append(0x5d)
      part += [UInt8](copying: record.extracting(array.range.upperBound...))
      // A part of what was scanned cannot fail.
      if scan(part.span, current) == nil { fill(part.span, whole, place) }
    }
    return .accepted(source: UInt8(current), rows: elements.count)
  }

  private mutating func scan(_ record: Span<UInt8>, _ source: Int) -> RecordRejection? {
    if !isOwn[source] { (sources[source], isOwn[source]) = (sources[source].own(), true) }
    let outcome = unsafe record.withUnsafeBytes {
      unsafe scanner.scan($0, from: 0, trie: sources[source].trie, slots: &evaluator.slots)
    }
    switch outcome {
    case .value: return nil
    case .incomplete: return .malformed("torn")
    case .invalid(let why, _): return .malformed(why.code)
    }
  }

  private func recognises(_ record: Span<UInt8>, _ source: Int) -> Bool {
    evaluator.holds(sources[source].recognise, record)
  }

  private mutating func find(_ record: Span<UInt8>) -> Int? {
    for source in order where source != current {
      if scan(record, source) == nil, recognises(record, source) { return source }
    }
    return nil
  }

  /// Tries the records that wrappers carry inside; the row keeps the position of the whole.
  private mutating func unwrap(
    _ record: Span<UInt8>, _ whole: Span<UInt8>, _ place: Place, _ depth: Int
  ) -> RecordOutcome {
    if depth < 3, let slot = JSONReading.whole(record) {
      evaluator.wrappings.append(Evaluator.Wrapping(bytes: [UInt8](copying: record), slot: slot))
      for source in order {
        if let only = options.only, source != Int(only) { continue }
        let wrappers = sources[source].unwrap
        if wrappers.isEmpty || scan(record, source) != nil { continue }
        for wrapper in wrappers {
          var inner: [UInt8]?
          evaluator.values(wrapper, record) { value in
            if value.isEmpty || value[0] != 0x7b { return true }
            inner = [UInt8](copying: value)
            return false
          }
          guard let inner else { continue }
          let outcome = add(inner.span, whole: whole, at: place, depth: depth + 1)
          if case .accepted = outcome { return outcome }
        }
      }
      evaluator.wrappings.removeLast()
    }
    // What nobody knows, also not inside a wrapping.
    for source in order {
      guard let otherwise = sources[source].otherwise, options.only.map({ Int($0) == source }) ?? true else { continue }
      guard scan(record, source) == nil, evaluator.holds(otherwise, record) else { continue }
      current = source
      fill(record, whole, place)
      return .accepted(source: UInt8(current), rows: 1)
    }
    return .rejected(.unrecognised(keys: topLevelKeys(record)))
  }

  private func topLevelKeys(_ record: Span<UInt8>) -> String {
    guard let slot = JSONReading.whole(record), slot.kind == .object else { return "(no object)" }
    var keys: [String] = []
    JSONReading.forEachMember(record, slot) { key, _ in
      let text = JSONReading.decoded(record, key)
      keys.append(String(decoding: text.prefix(40), as: UTF8.self))
      return keys.count < 12
    }
    return keys.sorted().joined(separator: ", ")
  }

  // MARK: Filling a row

  private mutating func fill(_ record: Span<UInt8>, _ whole: Span<UInt8>, _ place: Place) {
    let source = sources[current]
    var row = RowBuilder(place: place)
    row.event.subject = subject(source, record)
    origin(source, record, &row)
    row.event.operation = operation(source, record)
    time(source, record, &row)
    identify(source, record, whole, &row)
    details(source, record, &row)
    finish(&row)
    batch.append(row.event)
  }

  private func time(_ source: CompiledSource, _ record: Span<UInt8>, _ row: inout RowBuilder) {
    var parsed: Timestamp.Parsed?
    for clause in source.time where parsed == nil {
      evaluator.values(clause.value, record) { text in
        parsed = Timestamp.parse(text)
        return parsed == nil
      }
    }
    if let parsed {
      row.event.time = parsed.time
      row.event.precision = parsed.precision
    } else {
      row.event.flags.insert(.noTime)
    }
  }

  /// The dedup id: the map's parts, else the record's bytes and how often they came before in this input.
  private mutating func identify(
    _ source: CompiledSource, _ record: Span<UInt8>, _ whole: Span<UInt8>, _ row: inout RowBuilder
  ) {
    var high: UInt64 = 0
    var low: UInt64 = 0
    evaluator.first(source.id, record) { text in
      high = ByteHash.stable.hash(text)
      low = Normalizer.second.hash(text)
    }
    if high == 0 {
      let bytes = options.contentHash.hash(whole)
      let ordinal = ordinals[bytes, default: 0]
      ordinals[bytes] = ordinal &+ 1
      high = ByteHash.stable.hash(whole) &+ UInt64(ordinal)
      low = Normalizer.second.hash(whole)
    }
    // Two events of one record may say the same of themselves.
    if let earlier = partIDs?[low, default: 0] {
      partIDs?[low] = earlier + 1
      if earlier > 0 { low = ByteHash.stable.mix(low, earlier) }
    }
    row.event.idHigh = high
    row.event.idLow = low
    if keepsIDs {
      let shown = source.eventID
      lastIDs.append((high, []))
      evaluator.first(shown.isEmpty ? source.id : shown, record) {
        lastIDs[lastIDs.count - 1].shown = [UInt8](copying: $0)
      }
    }
  }

  static let second = ByteHash(k0: 0x8ebc_6af0_9c88_c6e3, k1: 0x5899_65cc_7537_4cc3)

  /// The ids that a record's events carry themselves, empty where they have none; wrapped records are unwrapped. One for a
  /// record that is not split.
  mutating func nativeIDs(of record: Span<UInt8>, source: Int) -> [(id: UInt64, shown: [UInt8])] {
    current = source
    lastIDs.removeAll(keepingCapacity: true)
    _ = add(record, at: Place(input: 0, offset: 0, length: 0, index: 0))
    batch = EventBatch()
    return lastIDs
  }

  /// Interned text of a column, `.none` if it is absent.
  mutating func text(_ clauses: [CompiledClause], _ record: Span<UInt8>) -> Symbol {
    clauses.isEmpty ? .none : Normalizer.text(clauses, record, evaluator, &symbols)
  }

  private static func text(
    _ clauses: [CompiledClause], _ record: Span<UInt8>, _ evaluator: Evaluator, _ symbols: inout WorkerSymbols
  ) -> Symbol {
    var symbol = Symbol.none
    evaluator.first(clauses, record) { symbol = symbols.symbol($0) }
    return symbol
  }

  func value<T>(_ clauses: [CompiledClause], _ record: Span<UInt8>, _ read: (Span<UInt8>) -> T?) -> T? {
    var found: T?
    evaluator.first(clauses, record) { found = read($0) }
    return found
  }

  /// Fields that are never the same twice must not fill the memory.
  static func remember(_ key: UInt64, _ value: UInt32, in cache: inout KeyTable) {
    if cache.count >= 1 << 17 { cache.removeAll() }
    cache.insert(key, value)
  }

  /// A hash of the raw bytes of some slots: equal means the same dictionary entry.
  func groupKey(_ tag: UInt64, _ inputs: GroupInputs, _ record: Span<UInt8>) -> UInt64 {
    let hasher = options.contentHash
    var h = hasher.mix(tag, UInt64(current))
    for n in inputs.values.indices {
      let slot = evaluator.slots[inputs.values[n]]
      if slot.kind == .absent {
        h = hasher.mix(h, 0x9e)
      } else {
        h = hasher.quick(record.extracting(slot.range), h ^ UInt64(slot.kind.rawValue))
      }
    }
    var present: UInt64 = 0
    for n in inputs.presences.indices {
      present = present << 1 | (evaluator.hasValue(inputs.presences[n]) ? 1 : 0)
      if n & 63 == 63 { h = hasher.mix(h, present) }
    }
    h = hasher.mix(h, present)
    return evaluator.wrappings.isEmpty || inputs.wrapped.isEmpty ? h : wrappingKey(h, inputs, record)
  }

  private func wrappingKey(_ key: UInt64, _ inputs: GroupInputs, _ record: Span<UInt8>) -> UInt64 {
    let hasher = options.contentHash
    var h = key
    for expression in inputs.wrapped {
      h = hasher.mix(h, 0x9f)
      evaluator.values(expression, record) { value in
        h = hasher.quick(value, h)
        return true
      }
    }
    return h
  }
}

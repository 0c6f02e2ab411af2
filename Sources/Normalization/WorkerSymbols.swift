import EventModel

/// A worker's own dictionaries. What is new since the last hand-over goes along with the batch; nothing is shared.
struct WorkerSymbols {
  private(set) var symbols = SymbolTable()
  private(set) var subjects = InternTable<Subject>()
  private(set) var origins = InternTable<Origin>()
  private(set) var operations = InternTable<Operation>()
  /// Content hashes of the entries, over their texts (ids differ between workers).
  private(set) var subjectContent: [UInt64] = []
  private(set) var originContent: [UInt64] = []
  private(set) var operationContent: [UInt64] = []
  private var textContent: [UInt64] = []  // by symbol
  private let redactor: SecretRedactor
  private let content: ByteHash
  private var sentSymbols = 1
  private var sentSubjects = 0
  private var sentOrigins = 0
  private var sentOperations = 0

  init(content: ByteHash, redactor: SecretRedactor) {
    self.content = content
    self.redactor = redactor
  }

  /// Interns a text of the log, without the secrets in it.
  mutating func symbol(_ text: Span<UInt8>) -> Symbol {
    symbols.intern(text) { redactor.redacted($0) }
  }

  mutating func intern(_ subject: Subject) -> UInt32 {
    let id = subjects.intern(subject)
    if Int(id) == subjectContent.count {
      var h: UInt64 = 1
      _ = subject.mapped { symbol in
        h = content.mix(h, textHash(symbol))
        return symbol
      }
      h = content.mix(h, UInt64(subject.issuedAt) << 32 | UInt64(subject.expiresAt))
      subjectContent.append(content.mix(h, UInt64(subject.flags.rawValue) << 8 | UInt64(subject.kind.rawValue)))
    }
    return id
  }

  mutating func intern(_ origin: Origin) -> UInt32 {
    let id = origins.intern(origin)
    if Int(id) == originContent.count {
      var h = content.mix(content.mix(2, origin.address.high), origin.address.low)
      _ = origin.mapped { symbol in
        h = content.mix(h, textHash(symbol))
        return symbol
      }
      originContent.append(h)
    }
    return id
  }

  mutating func intern(_ operation: Operation) -> UInt32 {
    let id = operations.intern(operation)
    if Int(id) == operationContent.count {
      var h = content.mix(3, UInt64(operation.verb.rawValue))
      _ = operation.mapped { symbol in
        h = content.mix(h, textHash(symbol))
        return symbol
      }
      operationContent.append(h)
    }
    return id
  }

  /// Hash of a symbol's text; made once for each symbol.
  mutating func textHash(_ symbol: Symbol) -> UInt64 {
    let at = Int(symbol.raw)
    if at == 0 { return 0 }
    if at < textContent.count, textContent[at] != 0 { return textContent[at] }
    if at >= textContent.count {
      textContent.append(contentsOf: repeatElement(0, count: max(1024, at + 1 - textContent.count)))
    }
    textContent[at] = symbols.withBytes(symbol) { content.hash($0) }
    return textContent[at]
  }

  /// What the owner does not have yet.
  mutating func delta() -> SymbolDelta {
    var delta = SymbolDelta()
    for n in (sentSymbols + 1)..<(symbols.count + 1) where n <= symbols.count {
      delta.bytes += symbols.bytes(Symbol(UInt32(n)))
      delta.ends.append(UInt32(delta.bytes.count))
    }
    delta.subjects = Array(subjects.values[sentSubjects...])
    delta.origins = Array(origins.values[sentOrigins...])
    delta.operations = Array(operations.values[sentOperations...])
    sentSymbols = symbols.count
    sentSubjects = subjects.count
    sentOrigins = origins.count
    sentOperations = operations.count
    return delta
  }
}

/// A worker's new dictionary entries, in the order of their local ids.
public struct SymbolDelta: Sendable {
  /// Texts of the new symbols, one after another, and where each ends.
  public var bytes: [UInt8] = []
  public var ends: [UInt32] = []
  public var subjects: [Subject] = []
  public var origins: [Origin] = []
  public var operations: [Operation] = []
  public init() {}
}

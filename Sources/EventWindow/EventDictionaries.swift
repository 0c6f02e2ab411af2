import EventModel

/// The owner's dictionaries: all that the ids of its rows mean.
public struct EventDictionaries: Sendable {
  public var symbols: SymbolTable
  public var subjects = InternTable<Subject>()
  public var origins = InternTable<Origin>()
  public var operations = InternTable<Operation>()

  /// - Parameter symbolBudget: bytes of text past which newcomers share one overflow symbol.
  public init(symbolBudget: Int = 512 << 20) { symbols = SymbolTable(budget: symbolBudget) }

  /// New entries of one worker, in the order of its local ids.
  public struct Delta: Sendable {
    public var bytes: [UInt8]
    public var ends: [UInt32]
    public var subjects: [Subject]
    public var origins: [Origin]
    public var operations: [Operation]
    public init(bytes: [UInt8], ends: [UInt32], subjects: [Subject], origins: [Origin], operations: [Operation]) {
      self.bytes = bytes
      self.ends = ends
      self.subjects = subjects
      self.origins = origins
      self.operations = operations
    }
  }

  public func text(_ symbol: Symbol) -> String { symbols.text(symbol) }
  @inlinable public func subject(_ e: Event) -> Subject { subjects[e.subject] }
  @inlinable public func origin(_ e: Event) -> Origin { origins[e.origin] }
  @inlinable public func operation(_ e: Event) -> Operation { operations[e.operation] }
}

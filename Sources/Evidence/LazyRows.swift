/// Rows that are made one after another while they are written: a hundred thousand of them at once would take as much
/// memory as the window itself.
public struct LazyRows<Row: Sendable>: Sendable, ExpressibleByArrayLiteral {
  public let count: Int
  private let make: @Sendable (Int) -> Row

  /// - Parameter make: the n-th row, `0 ..< count`; asked for each once, in order.
  public init(count: Int, _ make: @escaping @Sendable (Int) -> Row) {
    self.count = count
    self.make = make
  }

  public init(_ rows: [Row]) { self.init(count: rows.count) { rows[$0] } }
  public init(arrayLiteral elements: Row...) { self.init(elements) }

  subscript(_ n: Int) -> Row { make(n) }

  /// Every row, made now.
  public var all: [Row] { (0..<count).map(make) }
}

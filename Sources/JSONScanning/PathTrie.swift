/// Paths compiled for scanning: which keys lead from the root of a record to the fields somebody wants.
///
/// A path is a list of object keys. Array steps are not in the trie: a wanted array is captured whole (kind `.array`)
/// and read with `JSONArrayView`. Compile once a source, share freely: immutable, and copying is a few retains.
public struct PathTrie: Sendable {
  /// One step of the trie. Twelve bytes.
  struct Node: Sendable {
    /// First entry of the node's key table.
    var table: UInt32 = 0
    /// Size of the table less one, a power of two less one; 0: nothing inside this value is wanted.
    var mask: UInt32 = 0
    /// The slot that the value is recorded in, or -1.
    var slot: Int32 = -1
  }

  /// One key of a node's table. Two to an x86 cache line.
  struct Entry: Sendable {
    var print: KeyPrint
    /// Where the key's bytes begin in `keyBytes`; read only for keys longer than sixteen bytes.
    var keyStart: UInt32
    /// The node the key leads to; 0 in an empty entry.
    var child: UInt32
    /// The next entry that fell into the same bucket, or 0.
    var next: UInt32

    static let empty = Entry(print: .none, keyStart: 0, child: 0, next: 0)
  }

  /// Node 0 is where nothing is wanted, node 1 the root.
  static let deadNode: UInt32 = 0
  static let rootNode: UInt32 = 1

  let nodes: [Node]
  /// Entry 0 is empty and ends every chain; then each node's table; then what overflowed.
  let entries: [Entry]
  let keyBytes: [UInt8]
  /// Bytes of the longest wanted key.
  let longestKey: Int
  /// Paths given more than once: the slot that the scan fills, and the slot that gets a copy.
  let aliases: [(from: Int, to: Int)]

  /// How many slots a scan fills: one per path, in the order of the paths.
  public let slotCount: Int

  /// Compiles `paths`. Allocates; linear in the bytes of the paths, times the keys of the widest object.
  ///
  /// - Parameters:
  ///   - paths: One slot each, in order. An empty path is the whole value. `descend: false` records the value whole and
  ///     does not look inside for other wanted paths, whose slots then stay absent; it is still fully validated. With
  ///     `descend: true` both a container and fields inside it are recorded. A path may be given twice.
  ///   - foldCase: A key also matches its ASCII-lower-case spelling. Where another path spells that very key, the exact
  ///     spelling wins. Both spellings in one object are a duplicate key.
  public init(paths: [(keys: [[UInt8]], descend: Bool)], foldCase: Bool = false) {
    var builder = PathTrieBuilder()
    for path in paths { builder.add(path.keys, descend: path.descend) }
    if foldCase { builder.addLowercaseSpellings() }
    let tables = builder.compile()
    nodes = tables.nodes
    entries = tables.entries
    keyBytes = tables.keyBytes
    longestKey = tables.longestKey
    aliases = builder.aliases
    slotCount = paths.count
  }
}

/// Collects paths and lays them out as the flat tables of a `PathTrie`.
struct PathTrieBuilder {
  private struct Branch {
    var children: [(key: [UInt8], child: Int)] = []
    var slot = -1
    var isOpaque = false
  }

  private var branches = [Branch(), Branch()]
  private var pathCount = 0
  private(set) var aliases: [(from: Int, to: Int)] = []

  /// Adds a path; its slot is its place in the order of the calls.
  mutating func add(_ keys: [[UInt8]], descend: Bool) {
    var node = Int(PathTrie.rootNode)
    for key in keys {
      if let known = branches[node].children.first(where: { $0.key == key }) {
        node = known.child
      } else {
        branches[node].children.append((key, branches.count))
        node = branches.count
        branches.append(Branch())
      }
    }
    if branches[node].slot < 0 {
      branches[node].slot = pathCount
    } else {
      aliases.append((branches[node].slot, pathCount))
    }
    if !descend { branches[node].isOpaque = true }
    pathCount += 1
  }

  /// Lets every key match its ASCII-lower-case spelling too, unless a path spells that one itself.
  mutating func addLowercaseSpellings() {
    for node in branches.indices {
      for edge in branches[node].children {
        let lower = edge.key.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        if !branches[node].children.contains(where: { $0.key == lower }) {
          branches[node].children.append((lower, edge.child))
        }
      }
    }
  }

  struct Tables {
    var nodes: [PathTrie.Node] = []
    var entries: [PathTrie.Entry] = [.empty]
    var keyBytes: [UInt8] = []
    var longestKey = 0
  }

  func compile() -> Tables {
    var tables = Tables()
    var overflow: [(bucket: Int, entry: PathTrie.Entry)] = []
    for branch in branches {
      var node = PathTrie.Node(slot: Int32(branch.slot))
      if !branch.isOpaque && !branch.children.isEmpty {
        node.table = UInt32(tables.entries.count)
        node.mask = UInt32(Self.tableSize(for: branch.children.count) - 1)
        tables.entries.append(contentsOf: repeatElement(.empty, count: Int(node.mask) + 1))
        for (key, child) in branch.children {
          let print = KeyPrint(key)
          let entry = PathTrie.Entry(
            print: print, keyStart: UInt32(tables.keyBytes.count), child: UInt32(child), next: 0)
          tables.keyBytes.append(contentsOf: key)
          tables.longestKey = max(tables.longestKey, key.count)
          let bucket = Int(node.table) + (print.hash & Int(node.mask))
          if tables.entries[bucket].child == 0 {
            tables.entries[bucket] = entry
          } else {
            overflow.append((bucket, entry))
          }
        }
      }
      tables.nodes.append(node)
    }
    for (bucket, var entry) in overflow {
      entry.next = tables.entries[bucket].next
      tables.entries[bucket].next = UInt32(tables.entries.count)
      tables.entries.append(entry)
    }
    return tables
  }

  /// A quarter full at most: an unwanted key then mostly meets an empty bucket.
  private static func tableSize(for keys: Int) -> Int {
    var size = 2
    while size < keys * 4 { size *= 2 }
    return size
  }
}

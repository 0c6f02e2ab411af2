/// Which trie nodes a scan has met. A node belongs to one object of a record, since a path is unique unless a wanted key
/// is doubled; so meeting a node twice is meeting a doubled key.
struct SeenNodes: Sendable {
  /// The scan that met the node last; no scan has number 0.
  private var metIn: [UInt32] = []
  private var scan: UInt32 = 0

  /// Forgets all nodes. Constant time, but for the first scan with a bigger trie and one in four billion.
  mutating func startScan(nodeCount: Int) {
    if scan == .max {
      for node in metIn.indices { metIn[node] = 0 }
      scan = 0
    }
    scan &+= 1
    if metIn.count < nodeCount { metIn.append(contentsOf: repeatElement(0, count: nodeCount - metIn.count)) }
  }

  /// Returns whether the node is new to this scan, and remembers it.
  @inline(__always)
  mutating func insert(_ node: UInt32) -> Bool {
    if metIn[Int(node)] == scan { return false }
    metIn[Int(node)] = scan
    return true
  }
}

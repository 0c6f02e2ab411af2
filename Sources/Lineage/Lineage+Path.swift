import EventModel

extension Lineage {
  /// From a credential up to its root: the credential, its parent, …; the attestor last, where a path ends in one.
  /// At most ``maxDepth`` nodes, each once (a cycle ends the walk).
  public func path(from start: Int32) -> [Int32] {
    var path = [start]
    var at = start
    while path.count < Lineage.maxDepth {
      let node = nodes[Int(at)]
      let next = node.parent >= 0 ? node.parent : node.attestor
      if next < 0 || path.contains(next) { break }
      path.append(next)
      at = next
    }
    return path
  }

  /// The last node of the path. O(depth).
  public func root(of start: Int32) -> Int32 {
    var at = start
    for _ in 0..<Lineage.maxDepth {
      let node = nodes[Int(at)]
      let next = node.parent >= 0 ? node.parent : node.attestor
      if next < 0 || next == start { break }
      at = next
    }
    return at
  }

  /// How many mints lie between a credential and its root.
  public func depth(of start: Int32) -> Int { max(0, path(from: start).count - 1) }

  /// The weakest grade on the path.
  public func grade(of start: Int32) -> Grade {
    var weakest = Grade.exact
    for at in path(from: start) where nodes[Int(at)].parent >= 0 {
      weakest = min(weakest, nodes[Int(at)].grade)
    }
    return weakest
  }

  /// A person stands somewhere on the path (guard G2).
  public func isHuman(_ start: Int32) -> Bool { path(from: start).contains { nodes[Int($0)].isHuman } }

  /// The attestor of a credential or of the nearest ancestor that has one.
  public func attestor(of start: Int32) -> Int32? {
    for at in path(from: start) where nodes[Int(at)].attestor >= 0 { return nodes[Int(at)].attestor }
    return nil
  }

  /// Children of every node, for trees. O(nodes).
  public func children() -> [Int32: [Int32]] {
    var children: [Int32: [Int32]] = [:]
    for (n, node) in nodes.enumerated() {
      let parent = node.parent >= 0 ? node.parent : node.attestor
      if parent >= 0, parent != n { children[parent, default: []].append(Int32(n)) }
    }
    return children
  }
}

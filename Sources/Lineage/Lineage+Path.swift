import EventModel

extension Lineage {
  /// From a credential up to its root: the credential, its parent, …; the attestor last, where a path ends in one.
  /// At most ``maxDepth`` nodes, each once (a cycle ends the walk).
  public func path(from start: Int32) -> [Int32] {
    var path = [start]
    var at = start
    while path.count < Lineage.maxDepth {
      let up = next(at)
      if up < 0 || path.contains(up) { break }
      path.append(up)
      at = up
    }
    return path
  }

  /// Where a path ends and how many steps lead there: the last of ``path(from:)``, without the list.
  public func top(of start: Int32) -> (root: Int32, depth: Int) {
    var visited = InlineArray<32, Int32>(repeating: -1)
    var (at, depth) = (start, 0)
    visited[0] = start
    while depth + 1 < Lineage.maxDepth {
      let up = next(at)
      if up < 0 { break }
      var isCycle = false
      for n in 0...depth where visited[n] == up { isCycle = true }
      if isCycle { break }
      depth += 1
      visited[depth] = up
      at = up
    }
    return (at, depth)
  }

  /// The last node of the path. O(depth).
  public func root(of start: Int32) -> Int32 {
    var at = start
    for _ in 0..<Lineage.maxDepth {
      let up = next(at)
      if up < 0 || up == start { break }
      at = up
    }
    return at
  }

  /// How many mints lie between a credential and its root.
  public func depth(of start: Int32) -> Int { max(0, path(from: start).count - 1) }

  /// The weakest grade on the path.
  public func grade(of start: Int32) -> Grade {
    var weakest = Grade.exact
    for at in path(from: start) {
      let node = nodes[Int(at)]
      if node.parent >= 0 {
        weakest = min(weakest, node.grade)
      } else if node.joined >= 0 {
        weakest = min(weakest, node.joinGrade)
      }
    }
    return weakest
  }

  /// How sure the step up from a node is; none where nothing lies above it, candidate where several do.
  public func grade(above at: Int32) -> Grade {
    if candidates[at] != nil, nodes[Int(at)].parent < 0 { return .candidate }
    let up = next(at)
    return up < 0 ? .none : step(from: at, to: up).grade
  }

  /// A person stands somewhere on the path (guard G2).
  public func isHuman(_ start: Int32) -> Bool {
    // Most paths are one or two nodes long and need no list of them.
    let up = next(start)
    if up < 0 || up == start || next(up) < 0 { return nodes[Int(start)].isHuman || up >= 0 && nodes[Int(up)].isHuman }
    return path(from: start).contains { nodes[Int($0)].isHuman }
  }

  /// One step up; -1 at the root.
  private func next(_ at: Int32) -> Int32 {
    let node = nodes[Int(at)]
    return node.parent >= 0 ? node.parent : node.joined >= 0 ? node.joined : node.attestor
  }

  /// What the step up from a credential rests on.
  public func step(from at: Int32, to up: Int32) -> (grade: Grade, isMint: Bool) {
    let node = nodes[Int(at)]
    if up == node.parent { return (node.grade, true) }
    if up == node.joined { return (node.joinGrade, true) }
    return (node.attestorGrade == .none ? .exact : node.attestorGrade, false)
  }

  /// The attestor of a credential or of the nearest ancestor that has one.
  public func attestor(of start: Int32) -> Int32? {
    for at in path(from: start) where nodes[Int(at)].attestor >= 0 { return nodes[Int(at)].attestor }
    return nil
  }

  /// Children of every node, for trees. O(nodes).
  public func children() -> [Int32: [Int32]] {
    var children: [Int32: [Int32]] = [:]
    for (n, node) in nodes.enumerated() {
      let parent = node.parent >= 0 ? node.parent : node.joined >= 0 ? node.joined : node.attestor
      if parent >= 0, parent != n { children[parent, default: []].append(Int32(n)) }
    }
    return children
  }
}

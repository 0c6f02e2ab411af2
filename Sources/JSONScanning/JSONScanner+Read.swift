extension JSONScanner {
  /// The pass itself: a loop whose every turn reads one value, what closes after it, and the key of the next.
  ///
  /// The way back out of containers is a bit a container (object or array) in one word, which is why the depth limit is
  /// 64, and the trie node of each.
  mutating func read(
    _ bytes: ScannedBytes, from start: Int, trie: PathTrie, slots: inout MutableSpan<FieldSlot>
  ) -> ScanOutcome {
    let nodes = trie.nodes.span
    let entries = trie.entries.span
    let keyBytes = trie.keyBytes.span

    var index = start
    /// The trie node of the value that is read next.
    var node = PathTrie.rootNode
    /// The key table of the innermost object; mask 0: nothing in it is wanted.
    var table = 0
    var mask = 0
    var depth = 0
    /// Bit 0 is the innermost container: 1 an object, 0 an array.
    var shapes: UInt64 = 0
    var open = InlineArray<64, UInt32>(repeating: 0)
    var nodesLeft = Self.maxNodes

    while true {
      // One value.
      let first = bytes.token(at: &index)
      nodesLeft &-= 1
      if nodesLeft < 0 { return index < bytes.count ? .invalid(.nodes, at: index) : .incomplete }
      var wantsKey = false

      if first == UInt8(ascii: "\"") {
        let begin = index &+ 1
        var kind = FieldSlot.Kind.string
        var (end, isClosed) = bytes.skipPlain(from: begin)
        if !isClosed {
          let rest = JSONStrings.finish(bytes, from: end)
          guard case .value(let quote) = rest.outcome else { return rest.outcome }
          if rest.isEscaped { kind = .escapedString }
          end = quote
        }
        if node != PathTrie.deadNode {
          let slot = Int(nodes[Int(node)].slot)
          if slot >= 0 { slots[slot] = FieldSlot(from: begin, to: end, kind) }
        }
        index = end &+ 1
      } else if first | 0x20 == UInt8(ascii: "{") {
        // `[` and `{` differ in one bit, and each stands two before its closing bracket.
        if depth == Self.maxDepth { return .invalid(.depth, at: index) }
        let isObject = first == UInt8(ascii: "{")
        let record = nodes[Int(node)]
        if record.slot >= 0 {
          slots[Int(record.slot)] = FieldSlot(from: index, to: index, isObject ? .object : .array)
        }
        table = Int(record.table)
        mask = Int(record.mask)
        open[depth] = node
        depth &+= 1
        shapes = shapes &<< 1 | (isObject ? 1 : 0)
        index &+= 1
        // An empty container goes straight to where containers close.
        if bytes.token(at: &index) != first &+ 2 {
          if !isObject {
            node = PathTrie.deadNode
            continue
          }
          wantsKey = true
        }
      } else {
        let begin = index
        var kind = FieldSlot.Kind.number
        var outcome: ScanOutcome
        if first &- 0x30 < 10 || first == UInt8(ascii: "-") {
          outcome = JSONScalars.number(bytes, from: begin)
        } else if begin >= bytes.count {
          return .incomplete
        } else {
          (outcome, kind) = JSONScalars.word(bytes, from: begin)
        }
        guard case .value(let end) = outcome else { return outcome }
        if node != PathTrie.deadNode {
          let slot = Int(nodes[Int(node)].slot)
          if slot >= 0 { slots[slot] = FieldSlot(from: begin, to: end, kind) }
        }
        index = end
      }

      // What closes after it.
      while !wantsKey {
        if depth == 0 { return .value(end: index) }
        let byte = bytes.token(at: &index)
        let isObject = shapes & 1 != 0
        if byte == UInt8(ascii: ",") {
          index &+= 1
          if !isObject { break }
          wantsKey = true
        } else if byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          index &+= 1
          depth &-= 1
          shapes &>>= 1
          let slot = Int(nodes[Int(open[depth])].slot)
          if slot >= 0 { slots[slot].length = UInt32(truncatingIfNeeded: index) &- slots[slot].offset }
          if depth > 0 {
            let record = nodes[Int(open[depth &- 1])]
            table = Int(record.table)
            mask = Int(record.mask)
          }
        } else {
          return bytes.unexpected(at: index)
        }
      }
      if !wantsKey {
        node = PathTrie.deadNode
        continue
      }

      // The key of the next value.
      if bytes.token(at: &index) != UInt8(ascii: "\"") { return bytes.unexpected(at: index) }
      let begin = index &+ 1
      var (end, isClosed) = bytes.skipPlain(from: begin)
      node = PathTrie.deadNode
      if isClosed {
        if mask != 0 {
          node = PathTrie.child(
            entries, keyBytes, table: table, mask: mask, bytes: bytes, from: begin, to: end)
        }
      } else {
        let rest = JSONStrings.finish(bytes, from: end)
        guard case .value(let quote) = rest.outcome else { return rest.outcome }
        end = quote
        if mask != 0 { node = uncommonChild(trie, table: table, mask: mask, bytes: bytes, from: begin, to: end) }
      }
      if node != PathTrie.deadNode && !seen.insert(node) { return .invalid(.duplicateKey, at: begin) }
      index = end &+ 1
      if bytes.token(at: &index) != UInt8(ascii: ":") { return bytes.unexpected(at: index) }
      index &+= 1
    }
  }

  /// Looks up a key that has escapes, bytes beyond ASCII, or lies at the end of the buffer.
  @inline(never)
  private mutating func uncommonChild(
    _ trie: PathTrie, table: Int, mask: Int, bytes: ScannedBytes, from start: Int, to end: Int
  ) -> UInt32 {
    // A byte of a key is spelled with six at most: what is longer cannot be wanted, and must not grow the scratch.
    if end - start > trie.longestKey * 6 { return PathTrie.deadNode }
    decodedKey.removeAll(keepingCapacity: true)
    StringDecoding.decode(bytes, start..<end, into: &decodedKey)
    return trie.child(table: table, mask: mask, key: decodedKey)
  }
}

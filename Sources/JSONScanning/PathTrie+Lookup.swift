extension PathTrie {
  /// The child that the key `bytes[start..<end]` leads to, or the dead node. Constant time, no allocation: one bucket,
  /// and the key's bytes only if it is longer than sixteen.
  ///
  /// The key holds no escapes, and at least eight bytes are readable at `start`.
  @inline(__always)
  static func child(
    _ entries: Span<Entry>, _ keyBytes: Span<UInt8>, table: Int, mask: Int, bytes: ScannedBytes, from start: Int,
    to end: Int
  ) -> UInt32 {
    let print = KeyPrint(bytes, from: start, to: end)
    var index = table &+ (print.hash & mask)
    while true {
      let entry = entries[index]
      if entry.print == print {
        if print.length <= 16 || isSame(keyBytes, entry.keyStart, bytes, from: start, to: end) { return entry.child }
      }
      if entry.next == 0 { return deadNode }
      index = Int(entry.next)
    }
  }

  @inline(never)
  private static func isSame(
    _ keyBytes: Span<UInt8>, _ keyStart: UInt32, _ bytes: ScannedBytes, from start: Int, to end: Int
  ) -> Bool {
    // The prints cover eight bytes at either end.
    var index = start + 8
    var place = Int(keyStart) + 8
    while index < end - 8 {
      if bytes[index] != keyBytes[place] { return false }
      index += 1
      place += 1
    }
    return true
  }

  /// The child that a decoded key leads to, or the dead node. For keys with escapes, with bytes beyond ASCII, or too
  /// near the end of the buffer for the fast look-up.
  func child(table: Int, mask: Int, key: [UInt8]) -> UInt32 {
    let print = KeyPrint(key)
    var index = table + (print.hash & mask)
    while true {
      let entry = entries[index]
      if entry.print == print {
        let start = Int(entry.keyStart)
        if keyBytes[start..<start + key.count].elementsEqual(key) { return entry.child }
      }
      if entry.next == 0 { return Self.deadNode }
      index = Int(entry.next)
    }
  }
}

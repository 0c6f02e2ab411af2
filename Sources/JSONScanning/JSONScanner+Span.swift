extension JSONScanner {
  /// Scans bytes that the compiler knows to be alive; otherwise as `scan` on a raw buffer, and as fast.
  public mutating func scan(
    _ bytes: RawSpan, from start: Int, trie: PathTrie, slots: inout [FieldSlot]
  ) -> ScanOutcome {
    unsafe bytes.withUnsafeBytes { unsafe scan($0, from: start, trie: trie, slots: &slots) }
  }
}

/// Decodes a slot of bytes that the compiler knows to be alive; otherwise as `decodeString` on a raw buffer.
public func decodeString(_ bytes: RawSpan, _ slot: FieldSlot, into out: inout [UInt8]) {
  unsafe bytes.withUnsafeBytes { unsafe decodeString($0, slot, into: &out) }
}

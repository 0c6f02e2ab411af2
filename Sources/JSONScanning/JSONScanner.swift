/// Reads JSON values in one pass: validates all of RFC 8259 and records where the wanted fields lie. Builds no tree,
/// converts no number, copies no string, and uses constant stack.
///
/// A scanner keeps scratch memory between scans, so that a scan allocates nothing once it has seen its trie. One scanner
/// serves one worker, any number of tries, and buffers in any order.
public struct JSONScanner: Sendable {
  /// How many arrays and objects may be open at once.
  public static let maxDepth = 64
  /// How many values (scalars, arrays and objects; keys do not count) one scanned value may hold, itself included.
  public static let maxNodes = 100_000

  /// The wanted keys met in this scan.
  var seen = SeenNodes()
  /// A key with its escapes decoded; never longer than the bytes of the longest wanted key allow.
  var decodedKey: [UInt8] = []

  public init() {}

  /// Scans the JSON value that starts at `start`, after any white space, and stops just past it: what follows is the
  /// caller's. Linear in the bytes of the value, no allocation per call.
  ///
  /// Accepted is what RFC 8259 accepts, within `maxDepth` and `maxNodes`; a bare scalar too. Strings are UTF-8 without
  /// surrogates; escaped lone surrogates and `\u0000` are let through. A wanted key, or one on the way to a wanted field,
  /// that stands twice in one object, compared after decoding escapes, is rejected; keys nobody wants are not compared.
  /// A number that reaches the end of the buffer is whole only if it is itself the scanned value.
  ///
  /// - Parameters:
  ///   - bytes: At most 4 GiB, of which nothing outside is read.
  ///   - start: An index in `0...bytes.count`.
  ///   - slots: At least `trie.slotCount` entries; all are reset first. After any outcome but `.value` their content is
  ///     unspecified.
  public mutating func scan(
    _ bytes: UnsafeRawBufferPointer, from start: Int, trie: PathTrie, slots: inout [FieldSlot]
  ) -> ScanOutcome {
    precondition(bytes.count <= Int(UInt32.max), "a scanned buffer is at most 4 GiB")
    precondition(start >= 0 && start <= bytes.count, "start lies outside the buffer")
    precondition(slots.count >= trie.slotCount, "too few slots for the trie")
    var fields = slots.mutableSpan
    fields.update(repeating: .absent)
    seen.startScan(nodeCount: trie.nodes.count)
    let outcome = read(unsafe ScannedBytes(bytes), from: start, trie: trie, slots: &fields)
    for alias in trie.aliases { fields[alias.to] = fields[alias.from] }
    return outcome
  }
}

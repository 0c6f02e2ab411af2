import JSONScanning

/// Calls `body` with a copy of `bytes` in memory of exactly that size, so that a sanitizer sees a read past the end.
func withExactCopy<R>(of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  defer { memory.deallocate() }
  memory.copyBytes(from: bytes)
  return try body(UnsafeRawBufferPointer(memory))
}

/// `"a.b"` as a path. Keys that hold dots need `[[UInt8]]` spelled out.
func path(_ dotted: String) -> [[UInt8]] {
  dotted.isEmpty ? [] : dotted.split(separator: ".", omittingEmptySubsequences: false).map { Array($0.utf8) }
}

func trie(_ paths: String..., whole: [String] = [], foldCase: Bool = false) -> PathTrie {
  PathTrie(paths: paths.map { (path($0), true) } + whole.map { (path($0), false) }, foldCase: foldCase)
}

let nothingWanted = PathTrie(paths: [])

struct Scan {
  let bytes: [UInt8]
  let outcome: ScanOutcome
  let slots: [FieldSlot]

  init(_ bytes: [UInt8], _ trie: PathTrie = nothingWanted, from start: Int = 0) {
    var scanner = JSONScanner()
    self.init(bytes, trie, from: start, with: &scanner)
  }

  init(_ text: String, _ trie: PathTrie = nothingWanted) { self.init(Array(text.utf8), trie) }

  init(_ bytes: [UInt8], _ trie: PathTrie, from start: Int = 0, with scanner: inout JSONScanner) {
    // Rubbish that a scan must clear.
    var slots = [FieldSlot](repeating: FieldSlot(offset: 7, length: 7, kind: .null), count: trie.slotCount)
    self.bytes = bytes
    outcome = withExactCopy(of: bytes) { scanner.scan($0, from: start, trie: trie, slots: &slots) }
    self.slots = slots
  }

  /// Whether the text is one value and nothing but white space behind it.
  var isWholeText: Bool {
    guard case .value(let end) = outcome else { return false }
    return bytes[end...].allSatisfy { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
  }

  /// A slot's source text.
  func text(_ slot: Int) -> String { String(decoding: bytes[slots[slot].range], as: UTF8.self) }
}

/// SplitMix64: the same numbers on every machine.
struct SeededNumbers: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}

/// A record with everything in it: nesting, escapes, text beyond ASCII, numbers, long keys, keys with slashes.
let richRecord = #"""
  {"eventVersion":"1.08","userIdentity":{"type":"AssumedRole","principalId":"AROAEXAMPLE:session",
   "arn":"arn:aws:sts::123456789012:assumed-role/Admin/session","sessionContext":{"sessionIssuer":{"type":"Role",
   "arn":"arn:aws:iam::123456789012:role/Admin"},"attributes":{"mfaAuthenticated":"false"}},"tags":[]},
   "eventTime":"2024-08-02T09:08:27Z","eventName":"CreateUser","readOnly":false,"managementEvent":true,"x":null,
   "requestParameters":{"userName":"Zoë – \u00e9\uD83D\ude00\uD800 \"quoted\"\n","limits":[0,-0,1.5e+10,-12E-3,[{}],[[]]],
   "policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\"}]}","names":["ä","日本語","😀","plain"]},
   "responseElements":null,"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}\n",
   "\u0061uthorization.k8s.io/decision":"allow"}, "aVeryLongKeyThatIsLongerThanThirtyTwoBytesForSure":1e999,
   "emptyObject":{ } , "emptyArray":[ ],"":"empty key","eventID":"96ffc739-8381-4f59-8d21-c2d2419ee43d"}
  """#

let richPaths: [(keys: [[UInt8]], descend: Bool)] = [
  (path("eventTime"), true), (path("eventName"), true), (path("userIdentity.arn"), true),
  (path("userIdentity"), true), (path("userIdentity.sessionContext.sessionIssuer.arn"), true),
  (path("requestParameters"), false), (path("responseElements"), true), (path("emptyObject"), true),
  ([Array("annotations".utf8), Array("kubectl.kubernetes.io/last-applied-configuration".utf8)], true),
  ([Array("annotations".utf8), Array("authorization.k8s.io/decision".utf8)], true),
  (path("aVeryLongKeyThatIsLongerThanThirtyTwoBytesForSure"), true), (path("missing.entirely"), true),
  (path("readOnly"), true), (path(""), true), ([[]], true), (path("requestParameters.names"), true),
]

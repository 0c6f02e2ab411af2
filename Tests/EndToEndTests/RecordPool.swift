import Foundation

/// The records of the quickstart, cut out of their files byte by byte: what is delivered in other forms.
struct RecordPool {
  /// Elements of CloudTrail documents, and lines of everything else.
  var cloudTrail: [[UInt8]] = []
  var lines: [[UInt8]] = []
  var count: Int { cloudTrail.count + lines.count }

  /// The story and the minutes around it: small enough to be read many times in a debug build.
  static let story: RecordPool = {
    let minutes = ["T09:1", "T13:4", "T13:5", "T14:0", "T15:2"].map { "2026-03-17" + $0 }
    return whole.filtered { record in minutes.contains { record.contains($0) } }
  }()

  /// Every record of the day.
  static let whole: RecordPool = {
    var pool = RecordPool()
    let walker = FileManager.default.enumerator(atPath: Program.quickstart)
    var files: [String] = []
    while let file = walker?.nextObject() as? String {
      if file.contains("/") && (file.hasSuffix(".gz") || file.hasSuffix(".ndjson")) { files.append(file) }
    }
    files.sort()
    for name in files where !FileManager.default.fileExists(atPath: Program.quickstart + "/" + name + "/") {
      let path = Program.quickstart + "/" + name
      let bytes = name.hasSuffix(".gz") ? (try? run(["gzip", "-dc", path]).output) ?? [] : contents(path)
      if name.hasPrefix("cloudtrail/") {
        pool.cloudTrail += RecordPool.elements(bytes)
      } else {
        pool.lines += bytes.split(separator: 0x0a).map(Array.init)
      }
    }
    return pool
  }()

  func filtered(_ keep: ([UInt8]) -> Bool) -> RecordPool {
    RecordPool(cloudTrail: cloudTrail.filter(keep), lines: lines.filter(keep))
  }

  /// The objects in the array of `{"Records":[…]}`, by a scan of their own that knows strings.
  static func elements(_ bytes: [UInt8]) -> [[UInt8]] {
    var found: [[UInt8]] = []
    var depth = 0
    var start = 0
    var inString = false
    var escaped = false
    bytes.withUnsafeBufferPointer { bytes in
      for i in bytes.indices {
        let c = bytes[i]
        if inString {
          if escaped { escaped = false } else if c == 0x5c { escaped = true } else if c == 0x22 { inString = false }
          continue
        }
        switch c {
        case 0x22: inString = true
        case 0x7b, 0x5b:
          depth += 1
          if depth == 3 && c == 0x7b { start = i }
        case 0x7d, 0x5d:
          if depth == 3 && c == 0x7d { found.append(Array(bytes[start...i])) }
          depth -= 1
        default: break
        }
      }
    }
    return found
  }

  static func document(_ elements: [[UInt8]]) -> [UInt8] {
    Array(#"{"Records":["#.utf8) + Array(elements.joined(separator: [0x2c])) + Array("]}".utf8)
  }

  static func ndjson(_ records: [[UInt8]]) -> [UInt8] { Array(records.map { $0 + [0x0a] }.joined()) }
}

/// SplitMix64: the same seed, the same delivery.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}

/// One way to deliver a pool of records: into how many files, in which order, plain or gzip, some twice.
struct Delivery {
  var seed: Int

  /// Writes the files into a directory.
  /// - Returns: how many records were written twice.
  func write(_ pool: RecordPool, into scratch: Scratch) throws -> Int {
    var random = SeededRandom(seed)
    let files = [1, 2, 5, 40].randomElement(using: &random) ?? 1
    var twice = 0
    for (kind, records) in [pool.cloudTrail, pool.lines].enumerated() {
      var piles = [[[UInt8]]](repeating: [], count: files)
      for record in records.shuffled(using: &random) { piles[Int.random(in: 0..<files, using: &random)].append(record) }
      for pile in piles where !pile.isEmpty {
        let isDocument = kind == 0 && Bool.random(using: &random)
        let bytes = isDocument ? RecordPool.document(pile) : RecordPool.ndjson(pile)
        let copies = Int.random(in: 0..<6, using: &random) == 0 ? 2 : 1
        twice += (copies - 1) * pile.count
        for _ in 0..<copies {
          let name = "\(String(random.next(), radix: 36)).log"
          try scratch.write("logs/" + name, bytes)
          if Bool.random(using: &random) { _ = try run(["gzip", "-1", scratch.path + "/logs/" + name]) }
        }
      }
    }
    return twice
  }
}

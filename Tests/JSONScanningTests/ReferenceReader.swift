import JSONScanning

/// The scanner once more, slow and recursive, to compare against: it copies, decodes and backtracks as it likes.
///
/// A wanted path is carried down as the keys still to go, with the slot it fills.
struct ReferenceReader {
  enum Stop: Error, Equatable { case incomplete, invalid }
  typealias Want = (keys: ArraySlice<[UInt8]>, descend: Bool, slot: Int)

  let bytes: [UInt8]
  var index = 0
  var nodes = 0
  var slots: [FieldSlot]

  enum Verdict: Equatable { case value(Int), incomplete, invalid }

  static func read(_ bytes: [UInt8], _ paths: [(keys: [[UInt8]], descend: Bool)]) -> (Verdict, [FieldSlot]) {
    var reader = ReferenceReader(bytes: bytes, slots: paths.map { _ in .absent })
    do {
      try reader.value(paths.enumerated().map { ($1.keys[...], $1.descend, $0) }, depth: 0)
      return (.value(reader.index), reader.slots)
    } catch Stop.incomplete {
      return (.incomplete, [])
    } catch {
      return (.invalid, [])
    }
  }

  private init(bytes: [UInt8], slots: [FieldSlot]) {
    self.bytes = bytes
    self.slots = slots
  }

  private func peek() throws -> UInt8 {
    if index == bytes.count { throw Stop.incomplete }
    return bytes[index]
  }

  private mutating func take() throws -> UInt8 {
    let byte = try peek()
    index += 1
    return byte
  }

  private mutating func expect(_ text: String) throws {
    for byte in text.utf8 where try take() != byte { throw Stop.invalid }
  }

  private mutating func space() {
    while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
  }

  private mutating func value(_ wants: [Want], depth: Int) throws {
    space()
    let first = try peek()
    nodes += 1
    if nodes > JSONScanner.maxNodes { throw Stop.invalid }
    var start = index
    var end: Int
    let kind: FieldSlot.Kind
    let isOpaque = wants.contains { $0.keys.isEmpty && !$0.descend }
    let inner = isOpaque ? [] : wants.filter { !$0.keys.isEmpty }
    switch Character(UnicodeScalar(first)) {
    case "{":
      kind = .object
      try object(inner, depth: depth + 1)
      end = index
    case "[":
      kind = .array
      try array(depth: depth + 1)
      end = index
    case "\"":
      let (_, escaped) = try string()
      kind = escaped ? .escapedString : .string
      start += 1
      end = index - 1
    case "t", "f", "n":
      kind = first == UInt8(ascii: "t") ? .true : first == UInt8(ascii: "f") ? .false : .null
      try expect(kind == .true ? "true" : kind == .false ? "false" : "null")
      try delimiter()
      end = index
    case "-", "0"..."9":
      kind = .number
      try number()
      end = index
    default: throw Stop.invalid
    }
    for want in wants where want.keys.isEmpty {
      slots[want.slot] = FieldSlot(offset: UInt32(start), length: UInt32(end - start), kind: kind)
    }
  }

  private mutating func object(_ wants: [Want], depth: Int) throws {
    if depth > JSONScanner.maxDepth { throw Stop.invalid }
    try expect("{")
    space()
    if try peek() == UInt8(ascii: "}") {
      index += 1
      return
    }
    var keys: [[UInt8]] = []
    while true {
      space()
      let key = try string().decoded
      let wanted = wants.filter { $0.keys.first == key }
      if !wanted.isEmpty && keys.contains(key) { throw Stop.invalid }
      keys.append(key)
      space()
      try expect(":")
      try value(wanted.map { ($0.keys.dropFirst(), $0.descend, $0.slot) }, depth: depth)
      space()
      switch try take() {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "}"): return
      default: throw Stop.invalid
      }
    }
  }

  private mutating func array(depth: Int) throws {
    if depth > JSONScanner.maxDepth { throw Stop.invalid }
    try expect("[")
    space()
    if try peek() == UInt8(ascii: "]") {
      index += 1
      return
    }
    while true {
      try value([], depth: depth)
      space()
      switch try take() {
      case UInt8(ascii: ","): continue
      case UInt8(ascii: "]"): return
      default: throw Stop.invalid
      }
    }
  }

  private func delimiter() throws {
    if index < bytes.count, !Array(" \t\r\n,]}".utf8).contains(bytes[index]) { throw Stop.invalid }
  }

  private mutating func digits() throws {
    if !(0x30...0x39).contains(try take()) { throw Stop.invalid }
    while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
  }

  private mutating func number() throws {
    if try peek() == UInt8(ascii: "-") { index += 1 }
    if try peek() == UInt8(ascii: "0") { index += 1 } else { try digits() }
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      index += 1
      try digits()
    }
    if index < bytes.count, bytes[index] == UInt8(ascii: "e") || bytes[index] == UInt8(ascii: "E") {
      index += 1
      if [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(try peek()) { index += 1 }
      try digits()
    }
    try delimiter()
  }

  /// Reads a string to a list of UTF-16 units and code points, and joins pairs only at the end.
  private mutating func string() throws -> (decoded: [UInt8], escaped: Bool) {
    try expect("\"")
    var points: [(point: UInt32, isUnit: Bool)] = []
    var escaped = false
    while true {
      let byte = try take()
      if byte == UInt8(ascii: "\"") { break }
      if byte < 0x20 { throw Stop.invalid }
      if byte >= 0x80 {
        index -= 1
        points.append((try sequence(), false))
      } else if byte == UInt8(ascii: "\\") {
        escaped = true
        switch Character(UnicodeScalar(try take())) {
        case "\"": points.append((0x22, false))
        case "\\": points.append((0x5C, false))
        case "/": points.append((0x2F, false))
        case "b": points.append((8, false))
        case "t": points.append((9, false))
        case "n": points.append((10, false))
        case "f": points.append((12, false))
        case "r": points.append((13, false))
        case "u":
          var unit: UInt32 = 0
          for _ in 0..<4 {
            let digit = Character(UnicodeScalar(try take()))
            guard digit.isASCII, let number = digit.hexDigitValue else { throw Stop.invalid }
            unit = unit * 16 + UInt32(number)
          }
          points.append((unit, true))
        default: throw Stop.invalid
        }
      } else {
        points.append((UInt32(byte), false))
      }
    }
    var decoded: [UInt8] = []
    var place = 0
    while place < points.count {
      var (point, isUnit) = points[place]
      place += 1
      if isUnit, (0xD800..<0xDC00).contains(point), place < points.count, points[place].isUnit,
        (0xDC00..<0xE000).contains(points[place].point)
      {
        point = 0x10000 + (point - 0xD800) * 0x400 + (points[place].point - 0xDC00)
        place += 1
      }
      decoded += Self.encode(point)
    }
    return (decoded, escaped)
  }

  static func encode(_ point: UInt32) -> [UInt8] {
    if point < 0x80 { return [UInt8(point)] }
    if point < 0x800 { return [UInt8(0xC0 + point / 0x40), UInt8(0x80 + point % 0x40)] }
    if point < 0x10000 {
      return [UInt8(0xE0 + point / 0x1000), UInt8(0x80 + point / 0x40 % 0x40), UInt8(0x80 + point % 0x40)]
    }
    return [
      UInt8(0xF0 + point / 0x40000), UInt8(0x80 + point / 0x1000 % 0x40), UInt8(0x80 + point / 0x40 % 0x40),
      UInt8(0x80 + point % 0x40),
    ]
  }

  /// A sequence is right if encoding some scalar gives it, and a start of one if that encoding begins with it.
  private mutating func sequence() throws -> UInt32 {
    let rest = Array(bytes[index..<min(index + 4, bytes.count)])
    for length in 2...4 where rest.count >= length {
      if let scalar = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first {
        index += length
        return scalar.value
      }
    }
    if rest.count < 4 {
      for second in rest.count > 1 ? [rest[1]] : [0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF] {
        var trial = [rest[0], second] + rest.dropFirst(2)
        while trial.count < 4 {
          if String(validating: trial, as: UTF8.self) != nil { throw Stop.incomplete }
          trial.append(0x80)
        }
        if String(validating: trial, as: UTF8.self) != nil, (0xF0...).contains(rest[0]) { throw Stop.incomplete }
      }
    }
    throw Stop.invalid
  }
}

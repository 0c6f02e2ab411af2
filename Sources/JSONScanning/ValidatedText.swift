/// Steps through text that a scan has found valid. It checks bounds and nothing else: given other text it stops early or
/// gives nonsense, but reads nothing outside.
struct ValidatedText {
  let bytes: ScannedBytes
  var index: Int
  /// Just past the last byte that may be looked at.
  let end: Int

  /// The inside of a captured container, without its brackets; empty for slots of any other kind.
  init(_ bytes: ScannedBytes, inside slot: FieldSlot, _ kind: FieldSlot.Kind) {
    self.bytes = bytes
    let last = min(Int(slot.offset) + Int(slot.length), bytes.count) - 1
    index = Int(slot.offset) + 1
    end = slot.kind == kind ? max(index, last) : index
  }

  /// Moves past white space and the separators `,` and `:`; returns whether anything is left.
  mutating func skipSeparators() -> Bool {
    while index < end {
      switch bytes[index] {
      case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: ":"): index &+= 1
      default: return true
      }
    }
    return false
  }

  /// Reads the value at `index` and moves past it; nil at the end. Linear in the bytes of the value.
  mutating func next() -> FieldSlot? {
    guard skipSeparators() else { return nil }
    let start = index
    switch bytes[start] {
    case UInt8(ascii: "\""):
      return string()
    case UInt8(ascii: "{"):
      skipContainer()
      return FieldSlot(from: start, to: index, .object)
    case UInt8(ascii: "["):
      skipContainer()
      return FieldSlot(from: start, to: index, .array)
    case let first:
      while index < end && !Self.endsScalar(bytes[index]) { index &+= 1 }
      // Only text that no scan has passed has a delimiter here.
      if index == start { return nil }
      let kind: FieldSlot.Kind =
        switch first {
        case UInt8(ascii: "t"): .true
        case UInt8(ascii: "f"): .false
        case UInt8(ascii: "n"): .null
        default: .number
        }
      return FieldSlot(from: start, to: index, kind)
    }
  }

  /// Reads the string whose quote is at `index` and moves past its closing quote.
  private mutating func string() -> FieldSlot {
    let start = index &+ 1
    var kind = FieldSlot.Kind.string
    var place = start
    while true {
      place = bytes.skipPlain(from: place).index
      if place >= end || bytes[place] == UInt8(ascii: "\"") { break }
      if bytes[place] == UInt8(ascii: "\\") {
        kind = .escapedString
        place &+= 1
      }
      place &+= 1
    }
    place = min(place, end)
    index = min(place &+ 1, end)
    return FieldSlot(from: min(start, place), to: place, kind)
  }

  private mutating func skipContainer() {
    var depth = 0
    while index < end {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        _ = string()
        continue
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth &+= 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth &-= 1
      default: break
      }
      index &+= 1
      if depth == 0 { return }
    }
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), 0x20, 0x0A, 0x0D, 0x09: true
    default: false
    }
  }
}

/// What a key is looked up by: its first and last eight bytes and its length. Up to sixteen bytes this is the whole
/// key; longer keys are compared in full after the prints agree.
struct KeyPrint: Equatable, Sendable {
  /// The first eight bytes, little-endian, missing ones zero.
  let first: UInt64
  /// The last eight bytes; of a key shorter than eight the same as `first`.
  let last: UInt64
  let length: UInt32

  /// The print of no key: four-gibibyte keys do not occur.
  static let none = KeyPrint(first: 0, last: 0, length: .max)

  private init(first: UInt64, last: UInt64, length: UInt32) {
    self.first = first
    self.last = last
    self.length = length
  }

  /// The print of a key inside the window. At least eight bytes must be readable at `start`, however short the key is.
  @inline(__always)
  init(_ bytes: ScannedBytes, from start: Int, to end: Int) {
    let length = end &- start
    let head = bytes.word64(at: start)
    let isShort = length < 8
    let kept: UInt64 = isShort ? (1 &<< UInt64(truncatingIfNeeded: length &* 8)) &- 1 : .max
    first = head & kept
    last = bytes.word64(at: isShort ? start : end &- 8) & kept
    self.length = UInt32(truncatingIfNeeded: length)
  }

  /// The print of a key in an array of its own.
  init(_ key: [UInt8]) {
    var first: UInt64 = 0
    for (place, byte) in key.prefix(8).enumerated() { first |= UInt64(byte) << UInt64(place * 8) }
    var last: UInt64 = 0
    for (place, byte) in key.suffix(8).enumerated() { last |= UInt64(byte) << UInt64(place * 8) }
    self.init(first: first, last: last, length: UInt32(truncatingIfNeeded: key.count))
  }

  /// Spreads keys over a table; fixed, since the keys of the table are Bittern's own and no attacker's.
  @inline(__always)
  var hash: Int {
    let mixed = (first ^ (last &* 0x9E37_79B9_7F4A_7C15) ^ UInt64(length)) &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: mixed &>> 40)
  }
}

import CSystem

/// The scanner's window on foreign memory, and the only file of this target that touches it.
///
/// Every access checks its bounds in release builds too, so a mistake in the scanner is a trap and never an over-read;
/// the compiler drops most checks, and the branch predictor the rest.
@safe
struct ScannedBytes {
  private let base: UnsafeRawPointer
  let count: Int

  /// The caller keeps `bytes` alive and unchanged while the window is in use.
  @unsafe
  init(_ bytes: UnsafeRawBufferPointer) {
    count = bytes.count
    // An empty buffer may have no address; count 0 keeps the stand-in from being read.
    unsafe base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
  }

  @inline(__always)
  subscript(index: Int) -> UInt8 {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count))
    return unsafe base.load(fromByteOffset: index, as: UInt8.self)
  }

  /// Whether `length` bytes can be read at `index`, which lies in `0...count`.
  @inline(__always)
  func holds(_ length: Int, at index: Int) -> Bool { count &- index >= length }

  /// Four bytes as a little-endian number.
  @inline(__always)
  func word32(at index: Int) -> UInt32 {
    precondition(index >= 0 && holds(4, at: index))
    return UInt32(littleEndian: unsafe base.loadUnaligned(fromByteOffset: index, as: UInt32.self))
  }

  /// Eight bytes as a little-endian number.
  @inline(__always)
  func word64(at index: Int) -> UInt64 {
    precondition(index >= 0 && holds(8, at: index))
    return UInt64(littleEndian: unsafe base.loadUnaligned(fromByteOffset: index, as: UInt64.self))
  }

  /// Which of the 32 bytes at `index` end or disturb a plain string.
  @inline(__always)
  func stringMasks(at index: Int) -> StringMasks {
    precondition(index >= 0 && holds(32, at: index))
    let block = unsafe base + index
    return StringMasks(quotes: unsafe csystem_quotes32(block), others: unsafe csystem_not_plain32(block))
  }

  /// Appends a range of the window to `out`. One copy.
  func append(_ range: Range<Int>, to out: inout [UInt8]) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    unsafe out.append(contentsOf: UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }
}

/// Bit `i` speaks of byte `i` of a block of 32.
struct StringMasks {
  /// The byte is `"`.
  let quotes: UInt32
  /// The byte is `\`, a control character, or not ASCII.
  let others: UInt32

  /// A quote comes before anything that needs a closer look. (Below the lowest bit of `others`, `others - 1` is all
  /// ones; above it the two masks share no bit.)
  @inline(__always)
  var endsPlainly: Bool { (others &- 1) & quotes != 0 }
}

extension ScannedBytes {
  /// Skips the plain ASCII part of a string whose first byte is at `start`. `closed`: the closing quote is at `index`.
  /// Otherwise everything before `index` is plain and `JSONStrings.finish` has to go on from there.
  @inline(__always)
  func skipPlain(from start: Int) -> (index: Int, closed: Bool) {
    var index = start
    while holds(32, at: index) {
      let masks = stringMasks(at: index)
      if masks.endsPlainly { return (index &+ masks.quotes.trailingZeroBitCount, true) }
      if masks.others != 0 { return (index &+ masks.others.trailingZeroBitCount, false) }
      index &+= 32
    }
    return (index, false)
  }

  /// Moves `index` past white space and returns the byte there, or 0 at the end of the buffer: no token begins with a
  /// zero byte, so whoever finds no use for what it gets ends up in `unexpected`.
  @inline(__always)
  func token(at index: inout Int) -> UInt8 {
    let byte = index < count ? self[index] : 0
    if byte > 0x20 { return byte }
    index = skipWhitespace(from: index)
    return index < count ? self[index] : 0
  }

  /// What it means that the byte at `index` fits nothing.
  func unexpected(at index: Int) -> ScanOutcome { index < count ? .invalid(.syntax, at: index) : .incomplete }

  /// The index of the first byte at or after `start` that is not JSON white space; `count` if there is none.
  @inline(never)
  func skipWhitespace(from start: Int) -> Int {
    var index = start
    while index < count {
      switch self[index] {
      case 0x20, 0x0A, 0x0D, 0x09: index &+= 1
      default: return index
      }
    }
    return index
  }
}

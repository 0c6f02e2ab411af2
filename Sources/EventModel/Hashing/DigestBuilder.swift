/// SHA-256 (FIPS 180-4) over bytes that come in pieces. A value: a copy goes on independently.
public struct DigestBuilder: Sendable {
  private var state: SIMD8<UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  /// Bytes of an unfinished block, 0...63 of them.
  private var pending = [64 of UInt8](repeating: 0)
  private var pendingCount = 0
  private var length: UInt64 = 0

  public init() {}

  /// Takes in `bytes`. No allocation.
  public mutating func update(_ bytes: Span<UInt8>) {
    length += UInt64(bytes.count)
    var index = 0
    if pendingCount > 0 {
      while pendingCount < 64, index < bytes.count {
        pending[pendingCount] = bytes[index]
        pendingCount += 1
        index += 1
      }
      guard pendingCount == 64 else { return }
      SHA256Rounds.compress(pending.span, at: 0, into: &state)
      pendingCount = 0
    }
    while bytes.count - index >= 64 {
      SHA256Rounds.compress(bytes, at: index, into: &state)
      index += 64
    }
    while index < bytes.count {
      pending[pendingCount] = bytes[index]
      pendingCount += 1
      index += 1
    }
  }

  /// The digest of everything taken in so far; the builder itself is unchanged and may go on.
  public func finish() -> Digest {
    var copy = self
    copy.pad()
    let s = copy.state
    func word(_ i: Int) -> UInt64 { UInt64(s[i]) << 32 | UInt64(s[i + 1]) }
    return Digest(words: (word(0), word(2), word(4), word(6)))
  }

  private mutating func pad() {
    let bits = length &* 8
    pending[pendingCount] = 0x80
    for i in (pendingCount + 1)..<64 { pending[i] = 0 }
    if pendingCount >= 56 {
      SHA256Rounds.compress(pending.span, at: 0, into: &state)
      for i in 0..<56 { pending[i] = 0 }
    }
    for i in 0..<8 { pending[56 + i] = UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64(i))) }
    SHA256Rounds.compress(pending.span, at: 0, into: &state)
  }
}

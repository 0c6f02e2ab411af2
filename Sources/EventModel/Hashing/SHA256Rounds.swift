/// The compression function of SHA-256: one block of 64 bytes into the state.
enum SHA256Rounds {
  private static let constants: [64 of UInt32] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
  ]

  @inline(__always)
  private static func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { x &>> n | x &<< (32 &- n) }

  /// `bytes` holds 64 at `offset`; a shorter span is a programming error and stops.
  ///
  /// Unchecked accesses: the indices are 0...63 into arrays of 64, and `offset..<offset + 64`, which is checked once.
  static func compress(_ bytes: Span<UInt8>, at offset: Int, into state: inout SIMD8<UInt32>) {
    precondition(offset >= 0 && bytes.count &- offset >= 64)
    var schedule = [64 of UInt32](repeating: 0)
    unsafe bytes.withUnsafeBytes { raw in
      for i in 0..<16 {
        let word = unsafe raw.baseAddress!.loadUnaligned(fromByteOffset: offset &+ 4 &* i, as: UInt32.self)
        unsafe schedule[unchecked: i] = UInt32(bigEndian: word)
      }
    }
    for i in 16..<64 {
      let w15 = unsafe schedule[unchecked: i &- 15]
      let w2 = unsafe schedule[unchecked: i &- 2]
      let s0 = rotate(w15, 7) ^ rotate(w15, 18) ^ (w15 &>> 3)
      let s1 = rotate(w2, 17) ^ rotate(w2, 19) ^ (w2 &>> 10)
      unsafe schedule[unchecked: i] = schedule[unchecked: i &- 16] &+ s0 &+ schedule[unchecked: i &- 7] &+ s1
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    @inline(__always)
    func round(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ i: Int) {
      let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      let t1 = unsafe h &+ s1 &+ (g ^ (e & (f ^ g))) &+ constants[unchecked: i] &+ schedule[unchecked: i]
      let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      d = d &+ t1
      h = t1 &+ s0 &+ ((a & b) | (c & (a | b)))
    }
    var i = 0
    // Eight rounds at a time: the variables change roles instead of places.
    while i < 64 {
      round(a, b, c, &d, e, f, g, &h, i)
      round(h, a, b, &c, d, e, f, &g, i &+ 1)
      round(g, h, a, &b, c, d, e, &f, i &+ 2)
      round(f, g, h, &a, b, c, d, &e, i &+ 3)
      round(e, f, g, &h, a, b, c, &d, i &+ 4)
      round(d, e, f, &g, h, a, b, &c, i &+ 5)
      round(c, d, e, &f, g, h, a, &b, i &+ 6)
      round(b, c, d, &e, f, g, h, &a, i &+ 7)
      i &+= 8
    }
    state = state &+ SIMD8(a, b, c, d, e, f, g, h)
  }
}

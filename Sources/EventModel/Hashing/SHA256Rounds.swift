/// The compression function of SHA-256: one block of 64 bytes into the state.
enum SHA256Rounds {
  private static let constants: [64 of UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
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
    func round(
      _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
      _ h: inout UInt32, _ i: Int
    ) {
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

/// A SHA-256 value: 32 bytes, compared and hashed as four words.
public struct Digest: Hashable, Sendable {
  /// Big-endian, as the standard writes them out.
  var words: (UInt64, UInt64, UInt64, UInt64)

  /// The digest of `bytes`. One pass; a megabyte takes about a millisecond.
  public static func of(_ bytes: Span<UInt8>) -> Digest {
    var builder = DigestBuilder()
    builder.update(bytes)
    return builder.finish()
  }

  public static func of(_ bytes: [UInt8]) -> Digest { of(bytes.span) }

  /// From 32 bytes; nil for any other count.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.init(bytes)
  }

  init(_ bytes: some Sequence<UInt8>) {
    var parts: [UInt64] = [0, 0, 0, 0]
    for (index, byte) in bytes.enumerated() { parts[index / 8] = parts[index / 8] << 8 | UInt64(byte) }
    words = (parts[0], parts[1], parts[2], parts[3])
  }

  public var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
    }
  }

  /// 64 lower-case hexadecimal digits, as sha256sum prints them.
  public var hexadecimal: String {
    let digits = [UInt8]("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  public static func == (a: Digest, b: Digest) -> Bool { a.words == b.words }
  public func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}

import Crypto

/// SHA-256 over bytes that come in pieces. A value: a copy goes on independently.
public struct DigestBuilder: Sendable {
  private var hash = SHA256()

  public init() {}

  /// Takes in `bytes`. No allocation.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// The digest of everything taken in so far; the builder itself is unchanged and may go on.
  public func finish() -> Digest { Digest(hash.finalize()) }
}

/// Bounds on what a compressed stream may become.
public struct StreamLimits: Hashable, Sendable {
  /// Decompressed bytes per compressed byte, of a member and of the whole. Looked at once `ratioFreeBytes` came out.
  public var maxRatio: UInt64 = 200
  public var ratioFreeBytes: UInt64 = 16 << 20
  /// Decompressed bytes in all. None by default: logs of many gigabytes are legitimate.
  public var maxDecompressed = UInt64.max

  public init() {}

  func isBomb(produced: UInt64, consumed: UInt64) -> Bool {
    produced > maxDecompressed || (produced > ratioFreeBytes && produced / maxRatio > consumed)
  }
}

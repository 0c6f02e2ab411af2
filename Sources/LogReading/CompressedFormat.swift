/// Containers that are recognised by their first bytes in order to be named, not read.
public enum CompressedFormat: String, Hashable, Sendable, CaseIterable {
  case zstd = "zstd-compressed"
  case bzip2 = "bzip2-compressed"
  case xz = "xz-compressed"
  case zip = "a zip archive"
  case parquet = "a Parquet file"

  /// Bytes that `recognize` wants to see.
  static let magicLength = 6

  /// By magic bytes; nil for everything else, gzip included.
  public static func recognize(_ head: some Collection<UInt8>) -> CompressedFormat? {
    for format in allCases where head.starts(with: format.magic) {
      // "BZh" is followed by a digit and the block magic; without it a text could begin so.
      if format == .bzip2, head.dropFirst(4).first != 0x31, head.dropFirst(4).first != 0x17 { continue }
      return format
    }
    return nil
  }

  private var magic: [UInt8] {
    switch self {
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    case .bzip2: [0x42, 0x5A, 0x68]
    case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    case .zip: [0x50, 0x4B, 0x03, 0x04]
    case .parquet: [0x50, 0x41, 0x52, 0x31]
    }
  }

  /// A command that gives Bittern what it can read.
  public var remedy: String {
    switch self {
    case .zstd: "`zstd -dc FILE | bittern scan -`"
    case .bzip2: "`bzip2 -dc FILE | bittern scan -`"
    case .xz: "`xz -dc FILE | bittern scan -`"
    case .zip: "`unzip -p FILE | bittern scan -`"
    case .parquet:
      "export it as JSON lines, for example with DuckDB: `COPY (FROM 'FILE') TO 'out.ndjson' (FORMAT json)`"
    }
  }
}

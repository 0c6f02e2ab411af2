import CZlib

/// Whole buffers through zlib, for journals beside a store. Logs themselves go through ``Inflater``.
public enum Compression {
  /// Level 1: about 100 MB/s.
  public static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    var size = compressBound(UInt(bytes.count))
    var out = [UInt8](repeating: 0, count: Int(size))
    let status = unsafe compress2(&out, &size, bytes, UInt(bytes.count), 1)
    return status == Z_OK ? Array(out[..<Int(size)]) : []
  }

  /// - Parameter count: bytes of the original. nil where the data is damaged or of another length.
  public static func inflate(_ bytes: [UInt8], count: Int) -> [UInt8]? {
    guard count >= 0, count <= 1 << 30 else { return nil }
    var size = UInt(count)
    var out = [UInt8](repeating: 0, count: max(1, count))
    guard unsafe uncompress(&out, &size, bytes, UInt(bytes.count)) == Z_OK, Int(size) == count else { return nil }
    return Array(out[..<count])
  }
}

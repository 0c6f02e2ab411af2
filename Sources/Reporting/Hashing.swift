import Crypto
import Evidence

/// SHA-256 as lower-case hex, by swift-crypto.
enum Hashing {
  static func sha256(_ bytes: some Sequence<UInt8>) -> String {
    hex(Array(SHA256.hash(data: Array(bytes))))
  }

  /// Streams the file; also its size.
  static func sha256(file path: String) throws(FileError) -> (hex: String, size: Int64) {
    let file = try OpenFile.reading(path)
    var hash = SHA256()
    var size: Int64 = 0
    while true {
      let chunk = try file.read(upTo: 1 << 20)
      if chunk.isEmpty { return (hex(Array(hash.finalize())), size) }
      hash.update(data: chunk)
      size += Int64(chunk.count)
    }
  }

  private static func hex(_ digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

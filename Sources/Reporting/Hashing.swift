import EventModel
import Evidence

/// SHA-256 as lower-case hex.
enum Hashing {
  static func sha256(_ bytes: some Sequence<UInt8>) -> String { Digest.of(Array(bytes)).hexadecimal }

  /// Streams the file; also its size.
  static func sha256(file path: String) throws(FileError) -> (hex: String, size: Int64) {
    let file = try OpenFile.reading(path)
    var digest = DigestBuilder()
    var size: Int64 = 0
    while true {
      let chunk = try file.read(upTo: 1 << 20)
      if chunk.isEmpty { return (digest.finish().hexadecimal, size) }
      digest.update(chunk.span)
      size += Int64(chunk.count)
    }
  }
}

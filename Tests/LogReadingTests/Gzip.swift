import CZlib
import LogReading

/// A gzip writer for tests: members, flushes, header extras.
final class GzipWriter {
  private var stream = z_stream()
  private(set) var bytes: [UInt8] = []

  init(level: Int32 = 6) {
    deflateInit2_(
      &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit { deflateEnd(&stream) }

  /// Adds `input`; returns the compressed bytes that came out.
  @discardableResult
  func write(_ input: [UInt8], flush: Int32 = Z_NO_FLUSH) -> [UInt8] {
    var input = input
    let before = bytes.count
    var room = [UInt8](repeating: 0, count: 64 << 10)
    input.withUnsafeMutableBufferPointer { source in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      var left: UInt32 = 0
      repeat {
        let count = room.count
        room.withUnsafeMutableBufferPointer { output in
          stream.next_out = output.baseAddress
          stream.avail_out = UInt32(count)
          deflate(&stream, flush)
        }
        left = stream.avail_out
        bytes += room[..<(count - Int(left))]
      } while left == 0
    }
    return [UInt8](bytes[before...])
  }

  func sync(_ text: String) -> [UInt8] { write([UInt8](text.utf8), flush: Z_SYNC_FLUSH) }
  func finish(_ text: String = "") -> [UInt8] { write([UInt8](text.utf8), flush: Z_FINISH) }
}

/// One member.
func gzip(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
  let writer = GzipWriter(level: level)
  writer.write(bytes, flush: Z_FINISH)
  return writer.bytes
}

func gzip(_ text: String) -> [UInt8] { gzip([UInt8](text.utf8)) }

/// A member with all header extras: FTEXT, FHCRC, FEXTRA, FNAME, FCOMMENT; or with other flags.
func gzipWithExtras(_ text: String, nameLength: Int = 20, flags: UInt8 = 0x1F, crcDelta: UInt16 = 0) -> [UInt8] {
  let plain = gzip(text)
  var header: [UInt8] = [0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 3]
  if flags & 4 != 0 { header += [5, 0] + [UInt8]("extra".utf8) }
  if flags & 8 != 0 { header += [UInt8](repeating: 0x6E, count: nameLength) + [0] }
  if flags & 16 != 0 { header += [UInt8]("comment".utf8) + [0] }
  if flags & 2 != 0 {
    let crc =
      UInt16(truncatingIfNeeded: header.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) })
      &+ crcDelta
    header += [UInt8(truncatingIfNeeded: crc), UInt8(crc >> 8)]
  }
  return header + plain[10...]
}

/// Reads a file to its end.
func readAll(
  _ path: LogPath, limit: Int = 1 << 16, expecting: ByteStream.Expectation = .finished,
  limits: StreamLimits = StreamLimits()
) -> (bytes: [UInt8], integrity: StreamIntegrity, failure: ReadFailure?) {
  switch ByteStream.open(path, expecting: expecting, limits: limits) {
  case .failure(let failure): return ([], StreamIntegrity(), failure)
  case .success(var stream):
    var bytes: [UInt8] = []
    while true {
      switch stream.read(into: &bytes, limit: limit) {
      case .bytes: continue
      case .failed(let failure): return (bytes, stream.integrity, failure)
      case .endOfInput, .wouldBlock: return (bytes, stream.integrity, nil)
      }
    }
  }
}

import CZlib
import Glibc

/// One gzip member at a time through zlib, straight into the caller's buffer. The only file that touches zlib.
///
/// zlib keeps 7 KiB of state and a window of 32 KiB per inflater. Header extras (FEXTRA, FNAME, FCOMMENT, FHCRC) are
/// skipped in constant memory; the member's CRC-32 and length are checked.
@safe
final class Inflater {
  enum Outcome {
    /// Wants more input, or more room.
    case going
    case memberEnd
    /// CRC-32 or length is wrong; `trailerLeft` bytes of the trailer are still to be skipped.
    case checksumFailed(trailerLeft: Int)
    case damaged
  }

  /// zlib's state points back at it, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  init() {
    unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15: the largest window; 16: gzip framing. Fails only without memory, and then `inflate` says damaged.
    _ = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  }

  deinit {
    _ = unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Forgets the member, for the next one.
  func reset() { _ = unsafe inflateReset(stream) }

  /// Eats from `input`, appends up to `limit` bytes to `buffer`.
  func inflate(_ input: inout CompressedInput, into buffer: inout [UInt8], limit: Int) -> Outcome {
    var code = Z_OK
    var consumed = 0
    let start = input.start
    let available = input.count
    buffer.append(addingCapacity: limit) { (output: inout OutputSpan<UInt8>) in
      unsafe output.withUnsafeMutableBufferPointer { spare, count in
        unsafe input.bytes.withUnsafeBufferPointer { source in
          unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress! + start)
          unsafe stream.pointee.avail_in = UInt32(clamping: available)
          unsafe stream.pointee.next_out = spare.baseAddress! + count
          unsafe stream.pointee.avail_out = UInt32(clamping: limit)
          code = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
          consumed = unsafe available - Int(stream.pointee.avail_in)
          count += unsafe limit - Int(stream.pointee.avail_out)
          unsafe stream.pointee.next_in = nil
          unsafe stream.pointee.next_out = nil
        }
      }
    }
    input.consume(consumed)
    switch code {
    case Z_OK, Z_BUF_ERROR: return .going
    case Z_STREAM_END: return .memberEnd
    default:
      guard let message = unsafe stream.pointee.msg else { return .damaged }
      if unsafe strcmp(message, "incorrect data check") == 0 { return .checksumFailed(trailerLeft: 4) }
      if unsafe strcmp(message, "incorrect length check") == 0 { return .checksumFailed(trailerLeft: 0) }
      return .damaged
    }
  }
}

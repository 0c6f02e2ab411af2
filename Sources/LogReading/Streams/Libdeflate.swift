import Glibc

/// libdeflate, found at run time or not at all. With `Inflater` the only place that inflates.
///
/// Without it everything works the same, only slower: it is asked for whole members whose size is known to be small, and
/// zlib decides about everything that it refuses.
@safe
final class Libdeflate {
  private typealias Allocate = @convention(c) () -> OpaquePointer?
  private typealias Free = @convention(c) (OpaquePointer?) -> Void
  private typealias Decompress =
    @convention(c) (
      OpaquePointer?, UnsafeRawPointer?, Int, UnsafeMutableRawPointer?, Int, UnsafeMutablePointer<Int>?,
      UnsafeMutablePointer<Int>?
    ) -> Int32

  @safe
  private struct Functions: @unchecked Sendable {
    let allocate: Allocate
    let free: Free
    let decompress: Decompress
  }

  /// The library stays loaded; its functions may be called from any thread, each with its own decompressor.
  private static let functions: Functions? = {
    guard let library = unsafe dlopen("libdeflate.so.0", RTLD_NOW | RTLD_LOCAL),
      let allocate = unsafe dlsym(library, "libdeflate_alloc_decompressor"),
      let free = unsafe dlsym(library, "libdeflate_free_decompressor"),
      let decompress = unsafe dlsym(library, "libdeflate_gzip_decompress_ex")
    else { return nil }
    return unsafe Functions(
      allocate: unsafeBitCast(allocate, to: Allocate.self), free: unsafeBitCast(free, to: Free.self),
      decompress: unsafeBitCast(decompress, to: Decompress.self))
  }()

  /// Whether members of small files are inflated by libdeflate.
  static var isAvailable: Bool { functions != nil }

  private let functions: Functions
  private let decompressor: OpaquePointer

  /// Nil when the library is not installed.
  init?() {
    guard let functions = Self.functions, let decompressor = unsafe functions.allocate() else { return nil }
    self.functions = functions
    unsafe self.decompressor = decompressor
  }

  deinit { unsafe functions.free(decompressor) }

  /// Inflates the member that `input` begins with and appends it. Nil, and nothing changed, when it does not fit into
  /// `limit` bytes or is not wholly right: header, data, CRC-32, length.
  func inflateMember(_ input: inout CompressedInput, into buffer: inout [UInt8], limit: Int) -> Int? {
    var consumed = 0
    var produced = 0
    var result: Int32 = -1
    let (start, available) = (input.start, input.count)
    buffer.append(addingCapacity: limit) { (output: inout OutputSpan<UInt8>) in
      unsafe output.withUnsafeMutableBufferPointer { spare, count in
        unsafe input.bytes.withUnsafeBufferPointer { source in
          result = unsafe functions.decompress(
            decompressor, source.baseAddress! + start, available, spare.baseAddress! + count, limit, &consumed,
            &produced)
        }
        if result == 0 { count += produced }
      }
    }
    guard result == 0 else { return nil }
    input.consume(consumed)
    return produced
  }
}

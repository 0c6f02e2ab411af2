import CSystem

/// Blocks of 64 bytes as bit masks: the framer's byte access, and the only file of the framer that handles pointers.
///
/// Every call checks its bounds. A block that reaches past the end reads as if spaces followed.
enum ByteBlocks {
  /// Structure of the block at `index`; `index` lies inside the span.
  @inline(__always)
  static func structure(of bytes: Span<UInt8>, at index: Int) -> csystem_framing_masks {
    guard bytes.count &- index >= 64 else { return structureOfTail(bytes, at: index) }
    precondition(index >= 0)
    return unsafe bytes.withUnsafeBufferPointer { unsafe csystem_framing_masks64($0.baseAddress! + index) }
  }

  private static func structureOfTail(_ bytes: Span<UInt8>, at index: Int) -> csystem_framing_masks {
    let tail = padded(bytes, at: index)
    return unsafe tail.span.withUnsafeBufferPointer { unsafe csystem_framing_masks64($0.baseAddress!) }
  }

  /// Line ends and braces of the block at `index`; `index` lies inside the span.
  @inline(__always)
  static func lines(of bytes: Span<UInt8>, at index: Int) -> csystem_line_masks {
    guard bytes.count &- index >= 64 else { return linesOfTail(bytes, at: index) }
    precondition(index >= 0)
    return unsafe bytes.withUnsafeBufferPointer { unsafe csystem_line_masks64($0.baseAddress! + index) }
  }

  private static func linesOfTail(_ bytes: Span<UInt8>, at index: Int) -> csystem_line_masks {
    let tail = padded(bytes, at: index)
    return unsafe tail.span.withUnsafeBufferPointer { unsafe csystem_line_masks64($0.baseAddress!) }
  }

  private static func padded(_ bytes: Span<UInt8>, at index: Int) -> [64 of UInt8] {
    var block = [64 of UInt8](repeating: 0x20)
    for i in 0..<min(64, bytes.count - index) { block[i] = bytes[index + i] }
    return block
  }
}

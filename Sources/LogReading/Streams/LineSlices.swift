/// A plain file of lines cut into parts that can be read at the same time.
public enum LineSlices {
  /// Up to `count` ranges of `path`'s bytes that follow on each other, each but the last ending behind a line feed.
  ///
  /// For files whose shape is `.lines` only. Looks at 64 KiB around each cut; where a line is longer than that a cut is
  /// left out. Empty: the file cannot be read, is gzip, or is empty.
  public static func cut(_ path: LogPath, beneath root: LogPath? = nil, into count: Int) -> [Range<UInt64>] {
    guard case .success(var stream) = ByteStream.open(path, beneath: root) else { return [] }
    var head: [UInt8] = []
    guard case .bytes = stream.read(into: &head, limit: 16), stream.isGzip == false,
      case .success(let status) = stream.status()
    else { return [] }
    var slices: [Range<UInt64>] = []
    var start: UInt64 = 0
    for part in 1..<max(count, 1) {
      let wanted = status.size / UInt64(count) * UInt64(part)
      let window = wanted..<min(wanted + 65536, status.size)
      guard wanted > start, let bytes = stream.plainBytes(in: window), let feed = bytes.firstIndex(of: 0x0A) else {
        continue
      }
      let end = wanted + UInt64(feed) + 1
      slices.append(start..<end)
      start = end
    }
    if start < status.size { slices.append(start..<status.size) }
    return slices
  }
}

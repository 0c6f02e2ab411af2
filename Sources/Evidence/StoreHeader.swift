/// The first 100 bytes of a SQLite file, read without SQLite: a file that is not ours is never opened by it.
enum StoreHeader {
  enum State: Equatable { case missing, ours }

  /// `.missing`: no such file, or an empty one. Throws `.notAStore` or `.newer`.
  static func check(_ path: String) throws(StoreError) -> State {
    let header: [UInt8]
    do {
      guard let status = try FileSystem.status(of: path) else { return .missing }
      if status.kind == .directory { throw StoreError.notAStore(path: path) }
      if status.isRegular && status.size == 0 { return .missing }
      header = try OpenFile.reading(path).read(upTo: 100)
    } catch {
      throw StoreError(error)
    }
    guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw .notAStore(path: path)
    }
    guard word(header, 68) == Schema.applicationID else { throw .notAStore(path: path) }
    let version = Int(word(header, 60))
    if version > Schema.version { throw .newer(version: version) }
    return .ours
  }

  /// Big-endian.
  private static func word(_ bytes: [UInt8], _ at: Int) -> UInt32 {
    bytes[at..<at + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }
}

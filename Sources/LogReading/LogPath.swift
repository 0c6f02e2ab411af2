/// A file's path as the bytes the kernel knows it by, which need not be text in any encoding.
///
/// Compared and ordered by bytes. Shown percent-encoded by `description`, which no terminal or page can misread.
public struct LogPath: Hashable, Comparable, Sendable {
  public var bytes: [UInt8]

  public init(bytes: [UInt8]) { self.bytes = bytes }

  /// From what ``description`` shows.
  public init(described text: String) {
    var rest = [UInt8](text.utf8)[...]
    bytes = []
    while let byte = rest.popFirst() {
      if byte == 0x25, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
  }

  /// The UTF-8 bytes of `text`.
  public init(_ text: String) { bytes = [UInt8](text.utf8) }

  public static func < (a: LogPath, b: LogPath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

  /// The last component; the whole path when it has no `/`.
  public var name: ArraySlice<UInt8> {
    guard let slash = bytes.lastIndex(of: 0x2F), slash + 1 < bytes.count else { return bytes[...] }
    return bytes[(slash + 1)...]
  }

  /// The path of `name` in this directory. O(length).
  public func appending(_ name: some Collection<UInt8>) -> LogPath {
    var joined = bytes
    joined.reserveCapacity(bytes.count + name.count + 1)
    if let last = joined.last, last != 0x2F { joined.append(0x2F) }
    joined.append(contentsOf: name)
    return LogPath(bytes: joined)
  }

  /// What is left of the path below `directory`; nil when it does not lie there.
  public func relative(to directory: LogPath) -> LogPath? {
    var prefix = directory.bytes
    if prefix.isEmpty { return self }
    if prefix.last != 0x2F { prefix.append(0x2F) }
    guard bytes.starts(with: prefix), bytes.count > prefix.count else { return nil }
    return LogPath(bytes: [UInt8](bytes[prefix.count...]))
  }

  /// Whether the name ends in `suffix`, ASCII case folded.
  public func hasSuffix(_ suffix: StaticString) -> Bool {
    let wanted = [UInt8]("\(suffix)".utf8)
    guard bytes.count > wanted.count else { return false }
    return zip(bytes[(bytes.count - wanted.count)...], wanted).allSatisfy { $0 == $1 || ($0 | 0x20) == $1 }
  }
}

extension LogPath: CustomStringConvertible, ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }

  /// Printable ASCII as it is; every other byte, and `%`, as `%XX`. Injective: equal text means equal path.
  public var description: String {
    let hex = [UInt8]("0123456789ABCDEF".utf8)
    var shown: [UInt8] = []
    for byte in bytes {
      if byte > 0x20, byte < 0x7F, byte != 0x25 {
        shown.append(byte)
      } else {
        shown += [0x25, hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      }
    }
    return String(decoding: shown, as: UTF8.self)
  }
}

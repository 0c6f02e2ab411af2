import Evidence

/// A BagIt bag (RFC 8493) while it is written: a hidden directory beside its place, moved there when whole.
///
/// Each file is hashed as it is written and made durable before the move.
struct BagWriter {
  let target: String
  let draft: String
  /// (path in the bag, hex SHA-256, size), payload and tag files.
  private(set) var files: [(path: String, sha256: String, size: Int64)] = []
  private var directories: [String]

  /// Makes the draft; an old draft of the same name is removed.
  init(target path: String) throws(FileError) {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == 0x2f { bytes.removeLast() }
    target = String(decoding: bytes, as: UTF8.self)
    draft = target + ".bittern-draft"
    if try FileSystem.status(of: draft)?.kind == .directory { try FileSystem.removeTree(draft) }
    try FileSystem.makeDirectory(draft)
    directories = [draft]
    try addDirectory("data")
  }

  mutating func addDirectory(_ name: String) throws(FileError) {
    try FileSystem.makeDirectory(draft + "/" + name)
    directories.append(draft + "/" + name)
  }

  mutating func add(_ path: String, _ bytes: [UInt8]) throws(FileError) {
    let file = try OpenFile.creating(draft + "/" + path)
    try file.write(bytes)
    try file.sync()
    files.append((path, Hashing.sha256(bytes), Int64(bytes.count)))
  }

  mutating func add(_ path: String, _ text: String) throws(FileError) { try add(path, Array(text.utf8)) }

  /// Lines of JSON.
  mutating func add(_ path: String, _ lines: some Sequence<JSONValue>) throws(FileError) {
    var bytes: [UInt8] = []
    for line in lines {
      line.append(to: &bytes)
      bytes.append(0x0a)
    }
    try add(path, bytes)
  }

  /// Takes a file that something else wrote into the draft.
  mutating func adopt(_ path: String) throws(FileError) {
    let (hash, size) = try Hashing.sha256(file: draft + "/" + path)
    files.append((path, hash, size))
  }

  func manifest(payload: Bool) -> String {
    files.filter { $0.path.hasPrefix("data/") == payload }.sorted { $0.path < $1.path }
      .map { "\($0.sha256)  \($0.path)\n" }.joined()
  }

  /// Octets and files of the payload.
  var payloadOxum: String {
    let payload = files.filter { $0.path.hasPrefix("data/") }
    return "\(payload.reduce(0) { $0 + $1.size }).\(payload.count)"
  }

  /// Makes the draft durable and gives it the target's name. With `replacing`, the bundle there is removed after.
  func finish(replacing: Bool) throws(FileError) {
    for directory in directories.reversed() { try FileSystem.syncDirectory(directory) }
    let old = target + ".bittern-old"
    if replacing { try FileSystem.move(target, to: old) }
    try FileSystem.move(draft, to: target)
    try FileSystem.syncDirectory(FileSystem.parent(of: target))
    if replacing { try FileSystem.removeTree(old) }
  }

  func discard() { try? FileSystem.removeTree(draft) }
}

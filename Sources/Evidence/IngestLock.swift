/// Held by the one process that reads logs into a store: an advisory lock on `<store>.lock`, with the pid inside.
///
/// The file stays when the lock goes: removing it would let two processes lock two files of one name.
struct IngestLock: ~Copyable, Sendable {
  private let file: OpenFile

  /// Throws `.locked(pid)` at once if another process holds it.
  init(store path: String) throws(StoreError) {
    do {
      let file = try OpenFile.updating(path + ".lock")
      guard try file.tryLock() else {
        let text = try file.read(upTo: 32).prefix { $0 >= 0x30 && $0 <= 0x39 }
        throw StoreError.locked(pid: Int32(String(decoding: text, as: UTF8.self)) ?? 0)
      }
      try file.setMode(0o600)
      try file.truncate()
      try file.write(Array("\(FileSystem.processID)\n".utf8))
      self.file = file
    } catch {
      throw StoreError(error)
    }
  }
}

/// Held by the one process that reads logs into a store: an advisory lock on `<store>.lock`, with the pid inside.
///
/// The file stays when the lock goes. Only who holds the lock removes it, with a store that was never used; whoever opened it
/// before that finds that its name is gone, and takes the new one: two processes never hold two files of one name.
struct IngestLock: ~Copyable, Sendable {
  private let file: OpenFile

  /// Throws `.locked(pid)` at once if another process holds it.
  init(store path: String) throws(StoreError) {
    do {
      let file = try IngestLock.taken(path + ".lock")
      try file.setMode(0o600)
      try file.truncate()
      try file.write(Array("\(FileSystem.processID)\n".utf8))
      self.file = file
    } catch {
      throw StoreError(error)
    }
  }

  private static func taken(_ path: String) throws -> OpenFile {
    while true {
      let file = try OpenFile.updating(path)
      guard try file.tryLock() else {
        let text = try file.read(upTo: 32).prefix { $0 >= 0x30 && $0 <= 0x39 }
        throw StoreError.locked(pid: Int32(String(decoding: text, as: UTF8.self)) ?? 0)
      }
      if try file.hasItsName() { return file }
    }
  }

  /// Removes the file of the lock that is held.
  func removeFile() { try? FileSystem.removeFile(file.path) }
}

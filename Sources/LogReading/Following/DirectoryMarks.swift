/// When names in the watched directories last changed: a status call a directory, where a listing takes one a file.
///
/// A new file shows here at once. What it cannot show (more directories than ``limit``, a change in the moment of a listing)
/// waits for the next listing.
struct DirectoryMarks: Sendable {
  static let limit = 128

  private var changed: [LogPath: Int64] = [:]

  /// Takes the marks of the directories known so far. Call before a listing.
  mutating func refresh() {
    for path in changed.keys { changed[path] = DirectoryMarks.changeTime(path) }
  }

  /// Learns which directories there are: those of the files, and the roots.
  mutating func learn(_ listing: InputListing, roots: [LogPath]) {
    let paths = Set(listing.files.map(\.path.directory) + roots)
    if paths.count > DirectoryMarks.limit { return changed.removeAll() }
    changed = changed.filter { paths.contains($0.key) }
    for path in paths where changed[path] == nil { changed[path] = DirectoryMarks.changeTime(path) }
  }

  /// O(directories).
  var haveChanged: Bool { changed.contains { DirectoryMarks.changeTime($0.key) != $0.value } }

  private static func changeTime(_ path: LogPath) -> Int64 {
    guard let status = try? SystemCalls.status(of: path, followingLinks: true), status.kind == .directory else {
      return 0
    }
    return status.changed
  }
}

extension LogPath {
  /// What it lies in; `.` for a bare name.
  var directory: LogPath {
    guard let slash = bytes.lastIndex(of: 0x2F) else { return "." }
    return LogPath(bytes: Array(bytes[..<max(1, slash)]))
  }
}

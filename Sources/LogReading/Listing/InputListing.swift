/// Files, directories, patterns and `-`, expanded to the regular files behind them.
///
/// Deterministic: in the order of the arguments, within a directory by the bytes of the path. One status call per file,
/// nothing is opened except names that end like a container that is not read.
public struct InputListing: Sendable {
  public private(set) var files: [InputFile] = []
  public private(set) var skipped: [SkippedInput] = []
  /// `-` was among the arguments.
  public private(set) var readsStandardInput = false

  static let maxDepth = 64

  private var seen: [FileIdentity: LogPath] = [:]

  public init(_ arguments: [LogPath]) {
    for argument in arguments { expand(argument) }
  }

  private mutating func expand(_ argument: LogPath) {
    if argument.bytes == [0x2D] {
      readsStandardInput = true
      return
    }
    do throws(SystemCalls.Failure) {
      // A name that exists is that name, even if it reads like a pattern.
      var status = try SystemCalls.status(of: argument)
      if status.kind == .symbolicLink, let target = try? SystemCalls.status(of: argument, followingLinks: true),
        target.kind == .directory
      {
        // A directory that was named by hand may be named by a link. Nothing below it is followed.
        status = target
      }
      let before = files.count + skipped.count
      if status.kind == .directory {
        walk(argument, root: argument, depth: 0, matching: nil)
        if files.count + skipped.count == before { skipped.append(SkippedInput(path: argument, reason: .empty)) }
      } else {
        add(argument, root: nil, status: status)
      }
    } catch {
      guard Glob.isPattern(argument) else {
        skipped.append(SkippedInput(path: argument, reason: .failed(ReadFailure(errno: error.errno))))
        return
      }
      expandPattern(argument)
    }
  }

  private mutating func expandPattern(_ pattern: LogPath) {
    let glob = Glob(pattern)
    let directory = glob.fixedDirectory
    let before = files.count + skipped.count
    walk(directory, root: directory, depth: 0, matching: glob)
    if files.count + skipped.count == before { skipped.append(SkippedInput(path: pattern, reason: .empty)) }
  }

  private mutating func walk(_ directory: LogPath, root: LogPath, depth: Int, matching glob: Glob?) {
    guard depth < Self.maxDepth else {
      skipped.append(SkippedInput(path: directory, reason: .tooDeep))
      return
    }
    do throws(SystemCalls.Failure) {
      // A relative pattern is matched as it was written, without the leading "./".
      let isHere = glob != nil && depth == 0 && directory == LogPath(".")
      let names = try SystemCalls.names(in: directory)
      let paths = names.map { isHere ? LogPath(bytes: $0) : directory.appending($0) }.sorted()
      for path in paths { visit(path, root: root, depth: depth, matching: glob) }
    } catch {
      skipped.append(SkippedInput(path: directory, reason: .failed(ReadFailure(errno: error.errno))))
    }
  }

  private mutating func visit(_ path: LogPath, root: LogPath, depth: Int, matching glob: Glob?) {
    do throws(SystemCalls.Failure) {
      let status = try SystemCalls.status(of: path)
      if status.kind == .directory {
        // A directory that the pattern names is taken whole.
        walk(path, root: root, depth: depth + 1, matching: glob?.matches(path) == true ? nil : glob)
      } else if glob?.matches(path) != false {
        add(path, root: root, status: status)
      }
    } catch {
      // Gone between listing and looking: it was not there.
      guard ReadFailure(errno: error.errno) != .notFound else { return }
      skipped.append(SkippedInput(path: path, reason: .failed(ReadFailure(errno: error.errno))))
    }
  }

  private mutating func add(_ path: LogPath, root: LogPath?, status: FileStatus) {
    switch status.kind {
    case .regular: break
    case .symbolicLink:
      skipped.append(SkippedInput(path: path, reason: .failed(.symbolicLink)))
      return
    case .directory, .fifo, .socket, .device:
      skipped.append(SkippedInput(path: path, reason: .failed(.notRegularFile)))
      return
    }
    if let first = seen[status.identity] {
      // The same name by two arguments is no news.
      if first != path { skipped.append(SkippedInput(path: path, reason: .hardLink(of: first))) }
      return
    }
    seen[status.identity] = path
    let file = InputFile(path: path, root: root, status: status)
    if Self.looksLikeContainer(path), case .failure(let failure) = file.open() {
      skipped.append(SkippedInput(path: path, reason: .failed(failure)))
      return
    }
    files.append(file)
  }

  private static func looksLikeContainer(_ path: LogPath) -> Bool {
    path.hasSuffix(".zst") || path.hasSuffix(".bz2") || path.hasSuffix(".xz") || path.hasSuffix(".zip")
      || path.hasSuffix(".parquet")
  }
}

import Dispatch
import Foundation
import Synchronization

/// The files of `pipelines/`: those packed into the binary, or of a folder that replaces or extends them.
public struct ContentFiles: Sendable {
  public struct File: Sendable {
    /// Below `pipelines/`.
    public let path: String
    private let packed: String?
    private let plain: [UInt8]

    public init(path: String, bytes: [UInt8]) {
      (self.path, packed, plain) = (path, nil, bytes)
    }

    fileprivate init(path: String, base64: String) {
      (self.path, packed, plain) = (path, base64, [])
    }

    /// The last part of the path.
    public var name: String { String(path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]) }

    /// Unpacked each time: most of what ships are fixtures, which only `check` reads.
    public var bytes: [UInt8] { packed.map { [UInt8](Data(base64Encoded: $0) ?? Data()) } ?? plain }

    /// Whether it shapes what is found; fixtures and descriptions do not.
    var isRule: Bool { path.hasSuffix(".yml") && !path.contains("/fixtures/") }
  }

  /// In order of paths.
  public var files: [File] = []
  /// What stands before a path in messages: `pipelines/` or the folder's name.
  public var origin: String

  public static var packed: ContentFiles {
    var content = ContentFiles(origin: "pipelines/")
    for file in packedPipelines {
      content.files.append(File(path: file.path, base64: file.base64))
    }
    return content
  }

  public init(origin: String) { self.origin = origin }

  /// Reads a folder laid out like `pipelines/`.
  public init(folder: String) throws(ContentError) {
    origin = folder.hasSuffix("/") ? folder : folder + "/"
    guard (try? FileManager.default.contentsOfDirectory(atPath: folder)) != nil else {
      throw ContentError(file: folder, reason: "is no folder; --pipelines names a folder with sources/ or detections/")
    }
    let walker = FileManager.default.enumerator(atPath: folder)
    var paths: [String] = []
    while let path = walker?.nextObject() as? String { paths.append(path) }
    for path in paths.sorted() {
      if let data = FileManager.default.contents(atPath: origin + path) {
        files.append(File(path: path, bytes: [UInt8](data)))
      }
    }
  }

  public subscript(_ path: String) -> [UInt8]? { files.first { $0.path == path }?.bytes }

  /// The names of the folders directly below `folder`.
  public func folders(below folder: String) -> [String] {
    var names: Set<String> = []
    for file in files where file.path.hasPrefix(folder + "/") {
      let rest = file.path.dropFirst(folder.count + 1)
      if let slash = rest.firstIndex(of: "/") { names.insert(String(rest[..<slash])) }
    }
    return names.sorted()
  }

  public func files(below folder: String) -> [File] { files.filter { $0.path.hasPrefix(folder + "/") } }
}

/// What `read` makes of every item, in their order, on all cores.
/// - Throws: the first item's error, in that order.
func concurrently<Item: Sendable, Made: Sendable>(
  _ items: [Item], _ read: @Sendable (Item) throws(ContentError) -> Made
) throws(ContentError) -> [Made] {
  let results = Mutex([Result<Made, ContentError>?](repeating: nil, count: items.count))
  DispatchQueue.concurrentPerform(iterations: items.count) { n in
    let made = Result { () throws(ContentError) in try read(items[n]) }
    results.withLock { $0[n] = made }
  }
  var all: [Made] = []
  for case let made? in results.withLock({ $0 }) { all.append(try made.get()) }
  return all
}

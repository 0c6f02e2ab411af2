import Foundation

/// The files of `pipelines/`: those packed into the binary, or of a folder that replaces or extends them.
public struct ContentFiles: Sendable {
  /// Path below `pipelines/` and bytes, in order of paths.
  public var files: [(path: String, bytes: [UInt8])] = []
  /// What stands before a path in messages: `pipelines/` or the folder's name.
  public var origin: String

  public static var packed: ContentFiles {
    var content = ContentFiles(origin: "pipelines/")
    for file in packedPipelines {
      content.files.append((file.path, [UInt8](Data(base64Encoded: file.base64) ?? Data())))
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
      if let data = FileManager.default.contents(atPath: origin + path) { files.append((path, [UInt8](data))) }
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

  public func files(below folder: String) -> [(name: String, bytes: [UInt8])] {
    files.filter { $0.path.hasPrefix(folder + "/") }.map { (String($0.path.dropFirst(folder.count + 1)), $0.bytes) }
  }
}

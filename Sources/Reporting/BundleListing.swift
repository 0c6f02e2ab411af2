import Evidence

/// The names in a bundle, walked without following anything.
struct BundleListing {
  /// Regular files: path in the bundle and size.
  private(set) var files: [String: Int64] = [:]
  private static let depth = 4
  private static let limit = 200_000

  init(_ root: String, into report: inout VerificationReport) {
    walk(root, "", 0, &report)
  }

  private mutating func walk(_ root: String, _ prefix: String, _ depth: Int, _ report: inout VerificationReport) {
    let here = prefix.isEmpty ? root : root + "/" + prefix
    do {
      let names = try FileSystem.names(in: here)
      if names.isEmpty { report.add(.unsafe, prefix, "an empty directory") }
      for name in names {
        let path = prefix.isEmpty ? name : prefix + "/" + name
        guard BundlePath.isName(name) else {
          report.add(.unsafe, path, "a file name that a bundle does not have")
          continue
        }
        guard files.count < BundleListing.limit else {
          report.add(.unsafe, prefix, "more than \(BundleListing.limit) files")
          return
        }
        switch try FileSystem.status(of: root + "/" + path) {
        case .some(let status) where status.kind == .regular: files[path] = status.size
        case .some(let status) where status.kind == .directory:
          if depth + 1 >= BundleListing.depth {
            report.add(.unsafe, path, "directories too deep")
          } else {
            walk(root, path, depth + 1, &report)
          }
        case .some(let status) where status.kind == .link:
          report.add(.unsafe, path, "a symbolic link; it was not followed")
        case .some: report.add(.unsafe, path, "not a regular file")
        case nil: report.add(.missing, path, "vanished while it was checked")
        }
      }
    } catch {
      report.add(.unreadable, prefix, error.description)
    }
  }
}

/// Which paths a bundle may hold.
enum BundlePath {
  /// `[A-Za-z0-9._-]`, not beginning with a dot.
  static func isName(_ name: some StringProtocol) -> Bool {
    guard let first = name.utf8.first, first != 0x2e, name.utf8.count <= 100 else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f: true
      default: false
      }
    }
  }

  /// Names joined by `/`: neither absolute nor with `..`, so it stays inside the bundle.
  static func isSafe(_ path: String) -> Bool {
    let names = path.split(separator: "/", omittingEmptySubsequences: false)
    return names.count <= 4 && names.allSatisfy { isName($0) }
  }
}

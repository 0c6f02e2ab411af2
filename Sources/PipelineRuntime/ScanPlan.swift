import LogReading

/// What a run is going to read, in which order, and what it passes over.
public struct ScanPlan: Sendable {
  public let inputs: [ScanInput]
  public let skipped: [SkippedInput]
  /// Bytes on disk of all inputs.
  public let bytes: Int
  public var readsStandardInput: Bool { inputs.contains { $0.file == nil } }

  /// - Throws: `.usage` for a path that is not there, and where nothing is left to read.
  public init(_ arguments: [String]) throws(RunError) { try self.init(arguments.map { LogPath($0) }) }

  init(_ arguments: [LogPath]) throws(RunError) {
    let listing = InputListing(arguments)
    var inputs = listing.files.sorted { $0.path < $1.path }.enumerated().map { n, file in
      ScanInput(number: UInt32(n), file: file)
    }
    if listing.readsStandardInput { inputs.append(ScanInput(number: UInt32(inputs.count), file: nil)) }
    self.inputs = inputs
    skipped = listing.skipped
    bytes = listing.files.reduce(0) { $0 + Int($1.status.size) }
    for path in arguments {
      for skip in listing.skipped where skip.path == path {
        if case .failed(.notFound) = skip.reason { throw .usage("\(path): \(skip.reason)") }
      }
    }
    if inputs.isEmpty {
      let reasons = skipped.prefix(5).map { "\($0.path): \($0.reason)" }
      throw .usage(
        reasons.isEmpty
          ? "nothing to read; name files, directories or - for standard input" : reasons.joined(separator: "\n"))
    }
  }
}

import EventModel
import Evidence
import LogReading

// Reading again what a store's scans have read: content changed since, or a file was not there (semantics.md 14).
extension Scan {
  /// The files that scans into the store have read, those that are gone left out.
  /// - Throws: `.usage` where there is nothing to read again; the store's errors.
  func recordedPaths() throws(RunError) -> [LogPath] {
    let rows = try Result { () throws(StoreError) in
      let store = try EvidenceStore.open(at: options.store, for: .read)
      let rows = try store.loadSources()
      try store.close()
      return rows
    }.orStoreError()
    let paths = rows.filter(\.isScanned).map { LogPath(described: $0.path) }
    let there = Set(InputListing(paths).files.map(\.path))
    let found = paths.filter(there.contains)
    if found.isEmpty {
      throw .usage(
        paths.isEmpty
          ? "no scan has read a file into \(options.store) yet; name what to scan"
          : "none of the \(paths.count) file(s) that were scanned into \(options.store) is there any more")
    }
    return found
  }
}

/// What earlier scans left in the store: looked up before this one writes.
struct EarlierScans {
  private let sources: [SourceRow]
  /// Only where they are to be revised.
  private let findings: [Finding]

  init(of store: EvidenceStore, forRevision: Bool) throws(RunError) {
    sources = try Result { () throws(StoreError) in try store.loadSources() }.orStoreError().filter(\.isScanned)
    findings =
      forRevision
      ? try Result { () throws(StoreError) in try store.findings() }.orStoreError().map(\.finding) : []
  }

  /// How many files were read with other content or configuration, and not by this scan.
  func judgedOtherwise(than hash: String, besides report: ScanReport) -> Int {
    let read = Set(report.plan.inputs.map(\.name))
    return sources.count { $0.contentHash != hash && !read.contains($0.path) }
  }

  /// Findings that rest on nothing but files which were read to their end now, and that do not stand any more.
  func overturned(by standing: [Finding], _ report: ScanReport) -> [Commit.Retraction] {
    let files = Set(report.plan.inputs.map(\.name)).subtracting(report.incomplete.map(\.path))
    let ids = Set(standing.map(\.id))
    return findings.filter { known in
      !ids.contains(known.id) && !known.evidence.isEmpty && known.evidence.allSatisfy { files.contains($0.file) }
    }.map {
      Commit.Retraction(findingID: $0.id, reason: "read again, and it no longer stands", at: Clock.now)
    }
  }
}

extension SourceRow {
  /// A file that a scan read; a watch numbers its files below zero, and standard input cannot be read again.
  var isScanned: Bool { id >= 0 && path != "-" && !log.isEmpty }
}

import EventModel

/// Which file is which source, over renames, copies, compression, truncation and restarts. Decides, does no I/O.
///
/// A name means nothing; inode and content decide, and content is the decompressed one. A scan judges new files first,
/// then known ones, then copies, then what is missing (`SourceTracker+Applying`).
public struct SourceTracker: Sendable {
  public private(set) var records: [SourceRecord.ID: SourceRecord] = [:]
  private var byFile: [FileIdentity: SourceRecord.ID] = [:]
  private var byPrefix: [PrefixKey: [SourceRecord.ID]] = [:]
  private var prefixLengths: [Int: Int] = [:]
  /// Size at the last look of files that wait.
  var waiting: [FileIdentity: UInt64] = [:]
  var changedIDs: Set<SourceRecord.ID> = []
  private var lastID: SourceRecord.ID = 0

  struct PrefixKey: Hashable, Sendable {
    var length: Int
    var digest: Digest
  }

  public init(known: [SourceRecord] = []) {
    for record in known.sorted(by: { $0.id < $1.id }) {
      insert(record)
      lastID = max(lastID, record.id)
    }
  }

  /// The current source of a file.
  public func record(of file: FileIdentity) -> SourceRecord? { byFile[file].flatMap { records[$0] } }

  mutating func nextID() -> SourceRecord.ID {
    lastID += 1
    return lastID
  }

  mutating func insert(_ record: SourceRecord) {
    records[record.id] = record
    if record.isCurrent || record.state == .gone { byFile[record.file] = record.id }
    guard record.prefixLength >= SourceQuestion.minimalPrefix else { return }
    byPrefix[PrefixKey(length: record.prefixLength, digest: record.prefixHash), default: []].append(record.id)
    prefixLengths[record.prefixLength, default: 0] += 1
  }

  /// Changes a record, keeps the indexes right, and remembers that it has to be stored.
  mutating func update(_ id: SourceRecord.ID, _ change: (inout SourceRecord) -> Void) {
    guard var record = records[id] else { return }
    let old = record
    change(&record)
    guard record != old else { return }
    changedIDs.insert(id)
    if old.prefixLength != record.prefixLength || old.prefixHash != record.prefixHash || old.file != record.file {
      remove(old)
      insert(record)
    } else {
      records[id] = record
      if !record.isCurrent, record.state != .gone, byFile[record.file] == id { byFile[record.file] = nil }
    }
  }

  private mutating func remove(_ record: SourceRecord) {
    records[record.id] = nil
    if byFile[record.file] == record.id { byFile[record.file] = nil }
    let key = PrefixKey(length: record.prefixLength, digest: record.prefixHash)
    guard let ids = byPrefix[key] else { return }
    byPrefix[key] = ids.count == 1 ? nil : ids.filter { $0 != record.id }
    let left = (prefixLengths[record.prefixLength] ?? 1) - 1
    prefixLengths[record.prefixLength] = left == 0 ? nil : left
  }

  /// A source nobody needs to know any more: retention removes it from the store and from here.
  public mutating func forget(_ id: SourceRecord.ID) {
    if let record = records[id] { remove(record) }
    changedIDs.remove(id)
  }

  /// Records that changed since the last call: to be stored in the same transaction as what was read of them.
  public mutating func takeChanges() -> [SourceRecord] {
    defer { changedIDs.removeAll() }
    return changedIDs.sorted().compactMap { records[$0] }
  }

  /// Sources whose first bytes are those of `prefix`, furthest first. One that nothing was read of yet is followed only
  /// when it has vanished: beside it, a file like it is a file of its own.
  func candidates(for prefix: [UInt8], seen: Set<FileIdentity>) -> [SourceRecord] {
    var found: [SourceRecord] = []
    for length in prefixLengths.keys where length <= prefix.count {
      let key = PrefixKey(length: length, digest: Digest.of(prefix.span.extracting(..<length)))
      for id in byPrefix[key] ?? [] {
        if let record = records[id], record.offset > 0 || (record.isCurrent && !seen.contains(record.file)) {
          found.append(record)
        }
      }
    }
    return found.sorted { ($0.offset, $1.id) > ($1.offset, $0.id) }
  }
}

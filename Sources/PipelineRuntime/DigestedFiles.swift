import Detection
import EventModel
import EventWindow
import LogReading
import PipelineContent

/// LS3 for files: holds the log files that were read against the digests that were read. Each listed file is read once more.
enum DigestedFiles {
  /// What a digest says of one log file.
  struct Listed {
    var object: String
    var hash: String
    var digest: Event
    /// The window's batch that holds the digest's row.
    var batch: UInt32
  }

  /// A log file that was read, and below what it was found.
  struct File {
    var path: LogPath
    var root: LogPath?
    var name: String { path.description }
  }

  /// Of all that a scan read.
  static func findings(_ engine: DetectionEngine, _ inputs: [ScanInput], _ content: Content) -> [Finding] {
    let listed = listed(engine, content, batches: engine.window.batchNumbers)
    if listed.isEmpty { return [] }
    let files = inputs.compactMap(\.file).map { File(path: $0.path, root: $0.root) }
    return findings(listed, among: files, engine, content)
  }

  static func findings(
    _ listed: [Listed], among files: [File], _ engine: DetectionEngine, _ content: Content
  ) -> [Finding] {
    guard let definition = content.engine.definitions.first(where: { $0.kind == "digest-chain" }) else { return [] }
    // A log file's name tells it apart from all others of its account.
    var byName: [String: File] = [:]
    var folders: Set<String> = []
    for file in files {
      byName[tail(file.name)] = file
      folders.insert(folder(file.name))
    }
    var findings: [Finding] = []
    for item in listed {
      if let file = byName[tail(item.object)] {
        guard let hash = hash(of: file), hash != item.hash.lowercased() else { continue }
        findings.append(
          finding(
            definition, item, engine, content, severity: .high, title: "a log file is not what its digest says",
            seen: "SHA-256 \(hash) of \(file.name)", expected: "SHA-256 \(item.hash)"))
      } else if folders.contains(folder(item.object)) {
        findings.append(
          finding(
            definition, item, engine, content, severity: .medium, title: "a log file that a digest lists is missing",
            seen: "no such file, though others of its day and region were read", expected: "the file \(item.object)"))
      }
    }
    return findings.sorted { $0.id < $1.id }
  }

  /// What the digests of some of the window's batches list, by name. One look at a column for each row.
  static func listed(_ engine: DetectionEngine, _ content: Content, batches: Range<Int>) -> [Listed] {
    guard let fact = content.engine.facts["log-digest"] else { return [] }
    let dictionaries = engine.window.dictionaries
    guard let file = dictionaries.symbols.find(Array("log-file".utf8)),
      let hash = dictionaries.symbols.find(Array("log-hash".utf8))
    else { return [] }
    var listed: [String: Listed] = [:]
    for number in batches {
      let batch = engine.window.batch(number)
      for row in 0..<batch.count where batch.facts[row].contains(fact) {
        let place = Row(batch: UInt32(number), row: UInt32(row))
        let event = engine.window[place]
        let details = engine.window.details(event, at: place)
        let files = details.filter { $0.name == file }.map { dictionaries.text($0.value) }
        let hashes = details.filter { $0.name == hash }.map { dictionaries.text($0.value) }
        // A list that lacks an entry tells no file's own hash.
        guard files.count == hashes.count else { continue }
        for (object, hash) in zip(files, hashes) {
          listed[object] = Listed(object: object, hash: hash, digest: event, batch: UInt32(number))
        }
      }
    }
    return listed.values.sorted { $0.object < $1.object }
  }

  private static func tail(_ path: String) -> String {
    path.split(separator: "/").suffix(1).joined(separator: "/").replacing(".gz", with: "")
  }

  /// Region and day, where the name says them as CloudTrail does: `<account>_CloudTrail_<region>_<day>T…`.
  private static func folder(_ path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return name.split(separator: "_").prefix(4).joined(separator: "_").split(separator: "T").dropLast().joined(
      separator: "T")
  }

  private static func hash(of file: File) -> String? {
    guard case .success(var stream) = ByteStream.open(file.path, beneath: file.root) else { return nil }
    var digest = DigestBuilder()
    var buffer: [UInt8] = []
    while true {
      buffer.removeAll(keepingCapacity: true)
      switch stream.read(into: &buffer, limit: 1 << 20) {
      case .bytes: digest.update(buffer.span)
      case .endOfInput: return digest.finish().hexadecimal
      case .wouldBlock, .failed: return nil
      }
    }
  }

  private static func finding(
    _ definition: DetectionDefinition, _ item: Listed, _ engine: DetectionEngine, _ content: Content,
    severity: Severity, title: String, seen: String, expected: String
  ) -> Finding {
    let dictionaries = engine.window.dictionaries
    let operation = dictionaries.operation(item.digest)
    let digest = dictionaries.text(item.digest.resource)
    var finding = Finding()
    finding.detection = definition.id
    finding.name = definition.name
    finding.family = definition.family
    finding.severity = severity
    finding.attack = definition.attack
    finding.tenant = dictionaries.text(operation.tenant)
    finding.identity.source = content.engine.sourceNames[Int(operation.source)]
    finding.identity.tenant = finding.tenant
    finding.title = "\(tail(item.object)): \(title)"
    finding.summary = "\(digest) lists \(item.object). Expected: \(expected). Found: \(seen)."
    finding.explanation.expected = expected
    finding.explanation.seen = seen
    finding.explanation.threshold = "any"
    finding.explanation.guards = definition.guards
    finding.firstSeen = item.digest.time
    finding.lastSeen = item.digest.time
    let day = item.digest.time == Timestamp.none ? 0 : Timestamp.utcDay(item.digest.time)
    finding.id = FindingID.of(
      definition, tenant: finding.tenant, key: Array(digest.utf8), cause: Array(item.object.utf8), day: day)
    finding.incident = FindingID.incident(entity: Array(digest.utf8), day: day)
    var citation = Finding.Citation(
      role: .trigger, time: item.digest.time, input: item.digest.input, offset: item.digest.offset,
      length: item.digest.length, index: item.digest.index)
    citation.batch = item.batch
    citation.source = finding.identity.source
    citation.action = dictionaries.text(operation.action)
    citation.outcome = item.digest.outcome.name
    finding.evidence = [citation]
    return finding
  }
}

import EventModel
import Foundation
import Normalization

extension SourceDraft {
  /// The draft at work: the files of its folder, the rows that its samples give, and what is wrong.
  public struct Trial: Sendable {
    /// Path below `sources/NAME/`, and bytes.
    public var files: [ContentFiles.File] = []
    /// The rows of the fixture's records.
    public var rows: [RowText] = []
    public var accepted = 0
    /// Records that another source takes, by its name, and records that nobody takes.
    public var others: [String: Int] = [:]
    public var rejected = 0
    public var doubts: [String] = []
  }

  static let fixtureRecords = 5

  /// The records that no source reads yet, and how many each source reads: logs often come interleaved.
  public static func unknown(_ records: [[UInt8]], in content: Content) -> (records: [[UInt8]], known: [String: Int]) {
    var normalizer = Normalizer(sources: content.sources, worker: 0, options: Normalizer.Options(contentHash: .stable))
    var unknown: [[UInt8]] = []
    var known: [String: Int] = [:]
    for record in records {
      if case .accepted(let source, _) = normalizer.add(record.span, at: place(record)) {
        known[content.sources[Int(source)].name, default: 0] += 1
      } else {
        unknown.append(record)
      }
    }
    return (unknown, known)
  }

  /// Compiles the draft together with `content`, reads the samples with it, and makes its folder.
  /// - Throws: what the map language refuses; a bug of the drafting, told with the line.
  public func trial(in content: Content) throws(ContentError) -> Trial {
    var tree = ContentFiles(origin: "draft/")
    tree.files = [ContentFiles.File(path: "sources/\(name)/source.yml", bytes: Array(map.utf8))]
    var catalogue = SourceCatalogue()
    for known in content.trees { try catalogue.add(known) }
    try catalogue.add(tree)
    let facts = FactVocabulary(names: catalogue.factNames.union(content.engine.facts.names))
    let sources = try catalogue.compile(facts: facts)
    guard let own = sources.firstIndex(where: { $0.name == name }) else {
      throw ContentError(file: name, reason: "the draft has no source")
    }
    var trial = Trial()
    trial.doubts = doubts
    count(&trial, sources, own)
    steals(&trial, content, sources, facts)
    fixture(&trial, sources, own, facts)
    trial.files.append(ContentFiles.File(path: "source.yml", bytes: Array(map.utf8)))
    trial.files.append(ContentFiles.File(path: "README.md", bytes: Array(readme(trial).utf8)))
    return trial
  }

  private func count(_ trial: inout Trial, _ sources: [CompiledSource], _ own: Int) {
    var normalizer = Normalizer(sources: sources, worker: 0, options: Normalizer.Options(contentHash: .stable))
    for record in records {
      switch normalizer.add(record.span, at: SourceDraft.place(record)) {
      case .accepted(let source, _) where Int(source) == own: trial.accepted += 1
      case .accepted(let source, _): trial.others[sources[Int(source)].name, default: 0] += 1
      case .rejected: trial.rejected += 1
      }
    }
    for (other, n) in trial.others.sorted(by: { $0.key < $1.key }) {
      trial.doubts.append("\(n) of the samples are already read as \(other): is a map of their own needed?")
    }
    if trial.rejected > 0 { trial.doubts.append("\(trial.rejected) of the samples do not fit 'recognise'") }
  }

  /// Fixtures of other sources that the draft takes for its own.
  private func steals(
    _ trial: inout Trial, _ content: Content, _ sources: [CompiledSource], _ facts: FactVocabulary
  ) {
    for tree in content.trees {
      let failed = SourceFixtures.run(tree, sources: sources, facts: facts).filter { !$0.failures.isEmpty }
      for outcome in failed { trial.doubts.append("recognise is too wide: it takes records of \(outcome.fixture)") }
    }
  }

  private func fixture(
    _ trial: inout Trial, _ sources: [CompiledSource], _ own: Int, _ facts: FactVocabulary
  ) {
    var inspector = RecordInspector(sources: sources, contentHash: .stable)
    // Alone, as `bittern check DIR` reads it.
    var normalizer = Normalizer(
      sources: sources, worker: 0, options: Normalizer.Options(only: UInt8(own), contentHash: .stable))
    var lines: [UInt8] = []
    var rows: [UInt8] = []
    for record in records where trial.rows.count < SourceDraft.fixtureRecords {
      let redacted = inspector.inspect(record.span, source: own).redacted
      guard case .accepted = normalizer.add(redacted.span, at: SourceDraft.place(redacted)) else { continue }
      guard let row = normalizer.texts(facts: facts).last else { continue }
      _ = normalizer.take()
      trial.rows.append(row)
      lines += redacted + [0x0a]
      let members = Dictionary(row.fields.map { ($0.name, $0.value) }) { first, _ in first }
      let options: JSONSerialization.WritingOptions = [.sortedKeys, .withoutEscapingSlashes]
      if let data = try? JSONSerialization.data(withJSONObject: members, options: options) {
        rows += [UInt8](data) + [0x0a]
      }
    }
    trial.files = [
      ContentFiles.File(path: "fixtures/first.ndjson", bytes: lines),
      ContentFiles.File(path: "fixtures/first.rows.ndjson", bytes: rows),
    ]
  }

  private static func place(_ record: [UInt8]) -> Normalizer.Place {
    Normalizer.Place(input: 0, offset: 0, length: UInt32(clamping: record.count), index: 0)
  }

  private func readme(_ trial: Trial) -> String {
    var lines = [
      "# \(name)", "",
      "Drafted by `bittern sources new` from \(records.count) record(s), \(trial.accepted) of which it reads.",
      "", "## What was guessed", "", "| column | from | for example |", "|---|---|---|",
    ]
    for guess in guesses {
      let example = YAMLText.comment(guess.example, limit: 40).replacing("|", with: "/")
      lines.append(
        "| `\(guess.column)` | `\(guess.path.replacing("|", with: "/"))` | \(example.isEmpty ? "" : "`\(example.replacing("`", with: "'"))`") |"
      )
    }
    lines += ["", "## What to check", ""]
    lines += trial.doubts.map { "* \($0)" }
    lines += [
      "* `fixtures/first.ndjson` holds real records: secrets that were recognised are replaced; look for others, and for names",
      "  that must not leave the house, before you share it.",
      "", "## What it carries, what it can't tell", "",
      "Say it here: whoever reads a finding of this log needs to know.", "",
    ]
    return lines.joined(separator: "\n")
  }
}

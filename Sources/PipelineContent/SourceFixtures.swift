import EventModel
import Foundation
import LogReading
import Normalization

/// Runs a source's fixtures: `fixtures/NAME.ndjson` holds records, one a line; `fixtures/NAME.rows.ndjson` holds, line by line,
/// what the rows must say: a JSON object of column: text (null: the column must be absent; columns not named are not
/// compared), an array of them where a record gives several rows, or a text: the word of the rejection. Rows are compared in
/// the order of the records. A line that is a document which carries records gives the rows of all of them.
public enum SourceFixtures {
  public struct Outcome: Sendable {
    public var fixture: String
    public var failures: [String]
  }

  public static func run(
    _ content: ContentFiles, sources: [CompiledSource], facts: FactVocabulary
  ) -> [Outcome] {
    var outcomes: [Outcome] = []
    // One for all: it compiles every map anew.
    var normalizer = Normalizer(sources: sources, worker: 0, options: Normalizer.Options(contentHash: .stable))
    let envelopes = EnvelopeKeys(of: sources)
    for source in content.folders(below: "sources") {
      for file in content.files(below: "sources/\(source)/fixtures") where file.name.hasSuffix(".rows.ndjson") {
        let name = String(file.name.dropLast(".rows.ndjson".count))
        let label = "\(source)/\(name)"
        guard let records = content["sources/\(source)/fixtures/\(name).ndjson"] else {
          outcomes.append(Outcome(fixture: label, failures: ["there is no \(name).ndjson beside it"]))
          continue
        }
        outcomes.append(
          Outcome(fixture: label, failures: compare(records, file.bytes, &normalizer, envelopes, facts: facts)))
      }
    }
    return outcomes
  }

  private static func compare(
    _ records: [UInt8], _ rows: [UInt8], _ normalizer: inout Normalizer, _ envelopes: EnvelopeKeys,
    facts: FactVocabulary
  ) -> [String] {
    var failures: [String] = []
    let records = records.split(separator: 0x0a).map(Array.init)
    let rows = rows.split(separator: 0x0a).map(Array.init)
    if records.count != rows.count { failures.append("\(records.count) records but \(rows.count) expected rows") }
    normalizer.startInput()
    defer { _ = normalizer.takeWhole() }
    for (n, (record, row)) in zip(records, rows).enumerated() {
      let outcome = add(record, to: &normalizer, envelopes)
      let expected = try? JSONSerialization.jsonObject(with: Data(row), options: .fragmentsAllowed)
      switch outcome {
      case .rejected(let why):
        if expected as? String != word(why) { failures.append("record \(n + 1) is rejected: \(why)") }
      case .accepted:
        let texts = normalizer.texts(facts: facts)
        _ = normalizer.take()
        let wanted = expected as? [[String: Any]] ?? (expected as? [String: Any]).map { [$0] } ?? []
        if wanted.count != texts.count {
          failures.append("record \(n + 1) gives \(texts.count) rows, expected \(wanted.count)")
        }
        for (row, text) in zip(wanted, texts) { failures += compare(text, row).map { "record \(n + 1): " + $0 } }
      }
    }
    return failures
  }

  /// Gives a line to the normalizer: the records that it carries, if it is a document.
  /// - Returns: the outcome of the last of them, or the first rejection.
  static func add(_ line: [UInt8], to normalizer: inout Normalizer, _ envelopes: EnvelopeKeys) -> RecordOutcome {
    var framer = RecordFramer(envelopeKeys: envelopes)
    var outcome: RecordOutcome?
    framing: while true {
      switch framer.next(in: line.span, bufferOffset: 0, endOfInput: true) {
      case .record(let record) where framer.position.isInsideDocument:
        let place = Normalizer.Place(
          input: 0, offset: record.offset, length: UInt32(record.length), index: record.index)
        let next = normalizer.add(
          line.span.extracting(record.range), at: place, within: framer.position.head)
        if case .rejected = outcome { continue }
        outcome = next
      case .rejected: break
      default: break framing
      }
    }
    let place = Normalizer.Place(input: 0, offset: 0, length: UInt32(line.count), index: 0)
    return outcome ?? normalizer.add(line.span, at: place)
  }

  /// What a row says otherwise than is expected, column by column.
  private static func compare(_ text: RowText, _ wanted: [String: Any]) -> [String] {
    var failures: [String] = []
    for (column, value) in wanted.sorted(by: { $0.key < $1.key }) {
      let want = value is NSNull ? nil : value as? String
      // Several details may share a name: any of them counts.
      let got = text.fields.filter { $0.name == column }.map(\.value)
      if want == nil ? !got.isEmpty : !got.contains(want ?? "") {
        let found = got.isEmpty ? "absent" : got.joined(separator: " | ")
        failures.append("\(column) is \(found), expected \(want ?? "absent")")
      }
    }
    return failures
  }

  private static func word(_ why: RecordRejection) -> String {
    switch why {
    case .malformed(let word): word
    case .unrecognised: "unrecognised"
    case .empty: "empty"
    }
  }
}

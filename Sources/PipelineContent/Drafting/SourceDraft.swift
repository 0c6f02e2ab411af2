import Normalization

/// A source folder drafted from sample records: what fills which column is guessed and every guess says so.
public struct SourceDraft: Sendable {
  public let name: String
  /// The text of source.yml.
  public let map: String
  /// What a person must look at, a sentence each.
  public private(set) var doubts: [String] = []
  /// Column and path of every guess, for the README.
  let guesses: [(column: String, path: String, example: String)]
  let records: [[UInt8]]

  /// - Parameters:
  ///   - records: at least one; framed, each a JSON object.
  ///   - envelope: the key whose array carried them in a document, where that is no key that Bittern knows.
  /// - Throws: why these records give no map.
  public init(name: String, records: [[UInt8]], envelope: String? = nil) throws(ContentError) {
    self.name = name
    self.records = records
    var parsed = records.compactMap(SampleValue.parse).filter { $0.members != nil }
    guard !parsed.isEmpty else { throw ContentError(file: name, reason: "none of the samples is a JSON object") }
    let wrapper = SourceDraft.wrapper(parsed)
    if let wrapper { parsed = parsed.compactMap { $0.members?[wrapper]?.wrapped } }
    var profile = SampleProfile()
    for record in parsed { profile.add(record) }
    profile.sort()
    var writer = DraftWriter(name: name, profile: profile, guess: ColumnGuess(profile))
    (map, doubts) = try writer.write(envelope: envelope, wrapper: wrapper)
    guesses = writer.guesses
  }

  /// The key of a collector's wrapper whose text is the record.
  private static func wrapper(_ records: [SampleValue]) -> String? {
    let known = [
      "message", "@message", "log", "body", "event", "payload", "data", "raw", "_raw", "msg", "line", "text",
    ]
    return known.first { key in
      let inside = records.count { record in (record.members?[key]?.wrapped?.members?.count ?? 0) >= 3 }
      return inside * 5 >= records.count * 4
    }
  }
}

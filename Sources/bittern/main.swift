import EventModel
import Normalization
import PipelineContent
import Foundation

// Scaffolding until the commands land: `bittern FOLDER` checks sources, `bittern FOLDER FILE` prints rows of NDJSON.
let content = try ContentFiles(folder: CommandLine.arguments[1])
var catalogue = SourceCatalogue()
try catalogue.add(content)
let facts = FactVocabulary(names: catalogue.factNames)
let sources = try catalogue.compile(facts: facts)
if CommandLine.arguments.count > 2 {
  var normalizer = Normalizer(sources: sources, worker: 0, options: .init(contentHash: .stable))
  for line in FileManager.default.contents(atPath: CommandLine.arguments[2])!.split(separator: 0x0a) {
    let record = Array(line)
    let outcome = normalizer.add(record.span, at: .init(input: 0, offset: 0, length: 0, index: 0))
    if case .rejected(let why) = outcome { print("REJECTED", why) }
    for row in normalizer.texts(facts: facts) {
      print(row.fields.map { "\($0.name)=\($0.value)" }.joined(separator: "  "))
    }
    _ = normalizer.take()
  }
} else {
  for outcome in SourceFixtures.run(content, sources: sources, facts: facts) {
    print(outcome.failures.isEmpty ? "ok  " : "FAIL", outcome.fixture)
    for failure in outcome.failures { print("     ", failure) }
  }
}

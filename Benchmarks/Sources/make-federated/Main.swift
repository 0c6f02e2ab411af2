import Foundation
import Synthesis

/// Makes a federated corpus: many logs of one invented organization, its lineage and its attacks, the same bytes each time.
@main struct MakeFederated {
  static func main() throws {
    guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
      FileHandle.standardError.write(Data((Options.usage + "\n").utf8))
      exit(2)
    }
    let corpus = Corpus(options)
    if options.credentials > 0 {
      try LiveCredentials(corpus).write()
    } else {
      var story = Story(corpus)
      try story.tell()
    }
    let logs = corpus.counts.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key.rawValue) \($0.value)" }
    print("\(corpus.count) events: \(logs.joined(separator: ", "))")
    print("\(corpus.truth.attackCount) attacks, \(corpus.truth.hopCount) hops of lineage in truth.json")
  }
}

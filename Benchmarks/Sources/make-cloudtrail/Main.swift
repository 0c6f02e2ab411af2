import Foundation

/// Makes a CloudTrail corpus of any size: see Benchmarks/README.md.
@main struct MakeCloudTrail {
  static func main() throws {
    guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
      FileHandle.standardError.write(Data(Options.usage.utf8))
      exit(2)
    }
    let clock = ContinuousClock()
    let start = clock.now
    let corpus = Corpus(options)
    try corpus.write()
    let took = start.duration(to: clock.now)
    let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) * 1e-18
    print(
      "\(options.events) events in \(corpus.accounts * corpus.slots) files, \(Int(Double(options.events) / seconds)) events/s"
    )
  }
}

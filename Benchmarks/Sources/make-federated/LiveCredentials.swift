import Synthesis

/// Nothing but credentials that live at once: each minted for twelve hours and used once, over eleven hours. What lineage
/// costs by itself.
struct LiveCredentials {
  let corpus: Corpus

  init(_ corpus: Corpus) { self.corpus = corpus }

  func write() throws {
    let count = corpus.options.credentials
    let key = corpus.keyUser(World.shop, "fan-out", address: World.shopEgress)
    for n in 0..<count {
      let time = Double(n) * 11 * 3600 / Double(count)
      let live = corpus.session(World.shop, "leaf", "s-\(n)", at: time, address: World.shopEgress)
      corpus.assume(time, key, live, hours: 12)
      corpus.aws(time + 1, live.caller, "s3", "GetObject", request: ["bucketName": "acme-orders", "key": "a"])
      try corpus.write(before: Int(time / 3600))
    }
    try corpus.finish()
  }
}

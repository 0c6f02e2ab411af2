import Synthesis

/// Tells the days one after the other: every hop, the look-alikes, the attacks, and ordinary work around them.
struct Story {
  let corpus: Corpus
  private var bulk: Bulk

  init(_ corpus: Corpus) {
    self.corpus = corpus
    bulk = Bulk(corpus)
  }

  mutating func tell() throws {
    let days = corpus.options.days
    trust()
    Attacks.plant(in: corpus)
    var perDay = 0
    for day in 0..<days {
      let before = corpus.count
      let start = Double(day) * 86_400
      corpus.keyHops(start)
      corpus.podHops(start)
      corpus.pipelineHops(start, day: day)
      corpus.googleHops(start)
      corpus.vaultHops(start)
      corpus.workloadHops(start, day: day)
      corpus.awsLookalikes(start, day: day)
      corpus.otherLookalikes(start, day: day)
      corpus.learnedLookalikes(start, day: day)
      perDay = max(perDay, corpus.count - before)
      for hour in 0..<24 {
        let hours = (days - day) * 24 - hour
        let left = corpus.options.events - corpus.count - perDay * (days - day - 1)
        if left > 0 { bulk.fill(hour: day * 24 + hour, events: left / hours) }
        try corpus.write(before: day * 24 + hour - 1)
      }
    }
    try corpus.finish()
  }

  /// Before the first day's work: which outside subjects an application accepts.
  private func trust() {
    let issuer = "https://token.actions.githubusercontent.com"
    let ids = [
      corpus.federatedCredential(
        60, EntraApp(name: "ci-directory-sync"), id: SeededRandom.uuid(of: "fic/directory"),
        subject: "repo:acme/directory:ref:refs/heads/main", issuer: issuer, by: "admin@acme.example"),
      corpus.federatedCredential(
        90, EntraApp(name: "mailbox-reader"), id: SeededRandom.uuid(of: "fic/mailbox"),
        subject: "system:serviceaccount:office:mailbox", issuer: "https://oidc.aks.example/0a1b",
        by: "admin@acme.example"),
    ]
    for id in ids { corpus.truth.mayTell(id) }
  }
}

import Foundation
import Synchronization
import Synthesis

/// The whole corpus: which file holds which stretch of which account's time, written one file after the other.
struct Corpus: Sendable {
  let options: Options
  let identities: [Identities.Identity]
  let samplers: [ZipfSampler]
  let templates = Action.all.map(\.template)
  let calendar: Calendar
  let day = Day(year: 2026, month: 3, day: 17)
  let accounts, slots, span: Int

  init(_ options: Options) {
    self.options = options
    let accounts = min(25, options.files)
    self.accounts = accounts
    slots = max(1, options.files / accounts)
    span = options.hours * 3600
    calendar = Calendar(day, days: options.hours / 24 + 2)
    identities =
      Identities(
        count: options.identities, accounts: accounts, events: options.events,
        sessions: max(1, span / Identities.sessionLife),
        actions: Action.all.count, seed: options.seed
      ).all
    let count = options.identities
    samplers = (0..<accounts).map { account in ZipfSampler(Array(stride(from: account, to: count, by: accounts))) }
  }

  /// One file to write.
  struct Part: Sendable { var account, slot, events: Int }

  /// The files in account order, so that names do not follow time. Shares are rounded so that they sum up exactly.
  var parts: [Part] {
    let total = samplers.reduce(0) { $0 + $1.weight }
    var done = 0
    var share = 0.0
    let order = (0..<accounts).sorted { Identities.account($0) < Identities.account($1) }
    return order.flatMap { account in
      (0..<slots).map { slot in
        share += samplers[account].weight / total / Double(slots)
        let end = Int((share * Double(options.events)).rounded())
        defer { done = max(done, end) }
        return Part(account: account, slot: slot, events: max(0, end - done))
      }
    }
  }

  /// Writes every file: each depends on nothing but its part, so any number of threads gives the same bytes.
  func write() throws {
    try FileManager.default.createDirectory(atPath: options.directory, withIntermediateDirectories: true)
    let parts = parts
    let failures = Mutex<[any Error]>([])
    DispatchQueue.concurrentPerform(iterations: options.workers) { worker in
      for index in stride(from: worker, to: parts.count, by: options.workers) {
        do {
          try writeFile(parts[index])
        } catch {
          failures.withLock { $0.append(error) }
        }
      }
    }
    if let failure = failures.withLock({ $0.first }) { throw failure }
    let file = try GzipFile(path: options.directory + "/truth.json", compresses: false)
    try file.write("{\"reuses\":[\n" + thefts().map(\.truth).joined(separator: ",\n") + "\n]}\n")
    try file.close()
  }

  private func writeFile(_ part: Part) throws {
    let (account, slot, events) = (part.account, part.slot, part.events)
    let from = span * slot / slots
    let to = span * (slot + 1) / slots
    var random = SeededRandom(seed: options.seed, stream: "file/\(account)/\(slot)")
    let name =
      "\(Identities.account(account))_CloudTrail_\(Identities.regions[account % 4])_\(day.compact(Double(to)))_\(random.hex(16))"
    let file = try GzipFile(
      path: "\(options.directory)/\(name).\(options.plain ? "ndjson" : "json.gz")", compresses: !options.plain,
      level: Int32(options.level))
    var writer = EventWriter(calendar: calendar, seed: options.seed, random: random)
    var isFirst = true
    func next() throws {
      if writer.out.count > 240_000 {
        try file.write(writer.out.storage)
        writer.out.clear()
      }
      if !isFirst { writer.out.append(options.plain ? 0x0a : 0x2c) }
      isFirst = false
    }
    if !options.plain { try file.write(#"{"Records":["#) }
    var special =
      mints(account, from, to)
      + thefts().filter { $0.account == account && $0.time >= from && $0.time < to }.flatMap { steps($0, to) }
    special.sort { ($0.time, $0.identity) < ($1.time, $1.identity) }
    var upcoming = special[...]
    let ordinary = max(0, events - special.count)
    for index in 0..<ordinary {
      let time = min(to - 1, max(from, from + (to - from) * index / max(1, ordinary) + writer.random.below(120) - 60))
      while let event = upcoming.first, event.time <= time {
        upcoming.removeFirst()
        try next()
        writer.append(
          event.template, identities[event.identity], at: event.time, address: event.address, agent: event.agent)
      }
      let identity = identities[samplers[account].draw(&writer.random)]
      try next()
      writer.append(templates[identity.actions[writer.random.below(6)]], identity, at: time)
    }
    for event in upcoming {
      try next()
      writer.append(
        event.template, identities[event.identity], at: event.time, address: event.address, agent: event.agent)
    }
    if options.plain { writer.out.append(0x0a) }
    try file.write(writer.out.storage)
    if !options.plain { try file.write("]}") }
    try file.close()
  }

  private struct Special: Sendable {
    let time, identity: Int
    let template: Template
    var address, agent: [UInt8]?
  }

  /// The sessions that begin in this stretch of the account's time.
  private func mints(_ account: Int, _ from: Int, _ to: Int) -> [Special] {
    stride(from: account, to: identities.count, by: accounts).flatMap { number -> [Special] in
      let identity = identities[number]
      guard identity.kind != .user else { return [] }
      var times: [Special] = []
      var start = identity.phase
      while start < to {
        if start >= from {
          times.append(Special(time: start, identity: number, template: Action.mint, agent: identity.minter))
        }
        start += Identities.sessionLife
      }
      return times
    }
  }

  /// A planted reuse: an instance's key, used for a minute from elsewhere.
  private struct Theft {
    let account, time, identity: Int
    let address, truth: String
  }

  /// Seven of them over the time that the corpus spans.
  private func thefts() -> [Theft] {
    [0, 3, 9, 16, 26, 40, 57].enumerated().compactMap { index, number in
      guard number < identities.count, identities[number].kind == .instance else { return nil }
      let time = span * (index + 2) / 10
      let address = "192.0.2.\(10 + index)"
      let arn = String(decoding: identities[number].role, as: UTF8.self)
      let truth =
        "  {\"identity\":\"\(arn)\",\"address\":\"\(address)\",\"time\":\"\(day.iso(Double(time)))\",\"events\":3}"
      return Theft(account: number % accounts, time: time, identity: number, address: address, truth: truth)
    }
  }

  private func steps(_ theft: Theft, _ end: Int) -> [Special] {
    Action.theft.enumerated().map { step, template in
      Special(
        time: min(end - 1, theft.time + step * 19), identity: theft.identity, template: template,
        address: Array(theft.address.utf8), agent: Self.thief)
    }
  }
  private static let thief = Array("aws-cli/2.15.30 Python/3.11.8 Darwin/23.5.0 exe/x86_64 prompt/off".utf8)
}

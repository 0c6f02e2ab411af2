import EventModel
import EventWindow

/// The details that carry joins, by the symbol of their names: looked up once a name, not once an event.
struct JoinNames: Sendable {
  enum Word: UInt8, Sendable {
    case unknown, none, offers, offersNow, offersOfHolder, names, anchor, claims, claimsOf, guesses, ends, alias,
      aliasFor
  }

  private var known: [Word] = []

  private static let words: [(String, Word)] = [
    ("join.offers", .offers), ("join.offers_now", .offersNow), ("join.offers_of_holder", .offersOfHolder),
    ("join.names", .names), ("join.anchor", .anchor), ("join.claims", .claims), ("join.claims_of", .claimsOf),
    ("join.guesses", .guesses), ("join.ends", .ends), ("join.alias", .alias), ("join.alias_for", .aliasFor),
  ]

  mutating func word(_ name: Symbol, _ dictionaries: EventDictionaries) -> Word {
    let at = Int(name.raw)
    if at >= known.count { known.append(contentsOf: repeatElement(.unknown, count: at + 256 - known.count)) }
    if known[at] == .unknown {
      let text = dictionaries.text(name)
      known[at] = JoinNames.words.first { $0.0 == text }?.1 ?? .none
    }
    return known[at]
  }
}

extension Lineage {
  /// What an event's joins say, taken out of its details.
  private struct Said {
    var offers: [Symbol] = []
    var now: [Symbol] = []
    var ofHolder = Symbol.none
    var names = Symbol.none
    var anchor = Symbol.none
    var claims = Symbol.none
    var claimsOf = Symbol.none
    var guesses = Symbol.none
    var ends: [Symbol] = []
    var aliases: [Symbol] = []
    var aliasFor: [Symbol] = []
  }

  mutating func join(_ event: Event, _ mint: Mint?, minted: Int32, at row: Row, in window: EventWindow) {
    // Most details say nothing of joins.
    let details = window.details(event, at: row)
    guard details.contains(where: { joinNames.word($0.name, window.dictionaries) != .none }) else { return }
    var said = Said()
    for detail in details {
      let word = joinNames.word(detail.name, window.dictionaries)
      switch word {
      case .unknown, .none: break
      case .offers: said.offers.append(detail.value)
      case .offersNow: said.now.append(detail.value)
      case .offersOfHolder: said.ofHolder = detail.value
      case .names: said.names = detail.value
      case .anchor: if !said.anchor.isPresent { said.anchor = detail.value }
      case .claims: if !said.claims.isPresent { said.claims = detail.value }
      case .claimsOf: said.claimsOf = detail.value
      case .guesses: said.guesses = detail.value
      case .ends: said.ends.append(detail.value)
      case .alias: said.aliases.append(detail.value)
      case .aliasFor: said.aliasFor.append(detail.value)
      }
    }
    if !event.outcome.tookPlace || event.time == Timestamp.none { return }
    let time = UInt32(clamping: event.time / Timestamp.second)
    for (value, other) in zip(said.aliases, said.aliasFor) { joins.alias(value, for: other) }
    offer(said, mint, minted, time)
    for ended in said.ends { if let node = find(ended) { joins.end(node, at: time) } }
    guard minted >= 0 else { return }
    if said.claims.isPresent {
      let (value, holder) = said.claimsOf.isPresent ? (said.claimsOf, said.claims) : (said.claims, .none)
      answer(joins.claim(value, of: holder, node: minted, time: time, isGuess: false))
    } else if said.guesses.isPresent {
      answer(joins.claim(said.guesses, of: .none, node: minted, time: time, isGuess: true))
    }
  }

  private mutating func offer(_ said: Said, _ mint: Mint?, _ minted: Int32, _ time: UInt32) {
    guard !said.offers.isEmpty || !said.now.isEmpty || said.ofHolder.isPresent || said.names.isPresent else { return }
    let index = said.anchor.isPresent ? node(said.anchor) : minted
    guard index >= 0 else { return }
    let expires = nodes[Int(index)].expiresAt
    let until = expires > time ? expires : time &+ Joins.openEnd
    var base = Joins.Offer(
      key: 0, node: index, attestor: nodes[Int(index)].attestor, from: time, until: until, next: -1, isName: false)
    func send(_ key: UInt64) {
      base.key = key
      for claim in joins.offer(base) { answer(claim) }
    }
    for value in said.offers { send(Joins.key(value)) }
    if said.ofHolder.isPresent, let mint, mint.holder.isPresent { send(Joins.key(said.ofHolder, of: mint.holder)) }
    if said.names.isPresent {
      base.isName = true
      send(Joins.key(said.names))
      base.isName = false
    }
    if !said.now.isEmpty {
      base.from = time > Joins.now ? time - Joins.now : 0
      base.until = time &+ Joins.now
      for value in said.now { send(Joins.key(value)) }
    }
  }

  /// Writes what a claim comes to now; an earlier answer of the same claim is replaced.
  private mutating func answer(_ claim: Joins.Claim) {
    let answer = joins.answer(claim)
    let at = Int(claim.node)
    let before = nodes[at].joined
    nodes[at].joined = answer.nodes.count == 1 ? answer.nodes[0] : -1
    nodes[at].joinGrade = answer.grade
    candidates[claim.node] = answer.nodes.count > 1 ? answer.nodes : nil
    if before != nodes[at].joined, nodes[at].uses > 0 { lateJoins += 1 }
  }
}

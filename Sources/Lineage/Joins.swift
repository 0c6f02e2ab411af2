import EventModel

/// Who may have asked for a mint whose log does not say so (lineage.md 3.3, grades S and C).
///
/// One log offers: what it minted, or a run of it, is alive and may stand behind a claim of some value. Another log claims:
/// whoever offers this value stands behind what I minted. One live offer is a strong join, several are candidates.
/// Both are flat arrays chained by key: 40 B an offer, 24 B a claim, O(1) an event. Past ``limit`` the dead go, then the old.
struct Joins: Sendable {
  static let limit = 1 << 19
  static let candidateLimit = 8
  /// A mint and the other log's word about it are no farther apart, in seconds.
  static let now: UInt32 = 10
  /// How long what has no expiry may stand behind claims: a run's credentials are asked for within a day.
  static let openEnd: UInt32 = 86_400

  struct Offer: Sendable {
    var key: UInt64
    var node: Int32
    var attestor: Int32
    var from: UInt32
    var until: UInt32
    var next: Int32
    /// The value names the offered one itself.
    var isName: Bool
  }

  struct Claim: Sendable {
    var key: UInt64
    var node: Int32
    var time: UInt32
    var isGuess: Bool
    var next: Int32
  }

  /// What a claim came to: nothing, one, or several.
  struct Answer: Sendable, Equatable {
    var nodes: [Int32] = []
    var grade = Grade.none
  }

  private var offers: [Offer] = []
  private var claims: [Claim] = []
  private var offerHeads = KeyTable()
  private var claimHeads = KeyTable()
  private var ended: [Int32: UInt32] = [:]
  private var aliases: [UInt32: Symbol] = [:]
  /// What claims claimed, by claiming node: for coverage.
  private(set) var claimed: [Int32: Symbol] = [:]

  var byteCount: Int {
    offers.capacity * MemoryLayout<Offer>.stride + claims.capacity * MemoryLayout<Claim>.stride
      + (offerHeads.count + claimHeads.count) * 32
  }

  static func key(_ value: Symbol, of holder: Symbol = .none) -> UInt64 { UInt64(holder.raw) << 32 | UInt64(value.raw) }

  /// - Returns: claims just before it that it may answer, to be answered again.
  mutating func offer(_ offer: Offer) -> [Claim] {
    let head = offerHeads.find(offer.key).map { Int32($0) } ?? -1
    // A conversation offers itself with every call.
    if head >= 0, offers[Int(head)].node == offer.node, offers[Int(head)].from <= offer.from {
      offers[Int(head)].until = max(offers[Int(head)].until, offer.until)
      return []
    }
    if offers.count >= Joins.limit { shrink(offer.from) }
    var offer = offer
    offer.next = offerHeads.find(offer.key).map { Int32($0) } ?? -1
    offers.append(offer)
    offerHeads.set(offer.key, UInt32(offers.count - 1))
    var again: [Claim] = []
    var at = claimHeads.find(offer.key).map { Int32($0) } ?? -1
    // The newest come first; a scan's come in order of time, so the first old one ends the walk.
    while at >= 0, again.count < 64 {
      let claim = claims[Int(at)]
      if claim.time &+ 2 * Joins.now < offer.from { break }
      again.append(claim)
      at = claim.next
    }
    return again
  }

  /// - Returns: the claim as it is kept, its alias resolved.
  mutating func claim(_ value: Symbol, of holder: Symbol, node: Int32, time: UInt32, isGuess: Bool) -> Claim {
    let meant = aliases[value.raw] ?? value
    let key = Joins.key(meant, of: holder)
    if claims.count >= Joins.limit { forgetClaims() }
    let next = claimHeads.find(key).map { Int32($0) } ?? -1
    let claim = Claim(key: key, node: node, time: time, isGuess: isGuess, next: next)
    claims.append(claim)
    claimHeads.set(key, UInt32(claims.count - 1))
    claimed[node] = holder.isPresent ? holder : meant
    return claim
  }

  mutating func alias(_ value: Symbol, for other: Symbol) { aliases[value.raw] = other }

  mutating func end(_ node: Int32, at time: UInt32) { ended[node] = min(ended[node] ?? UInt32.max, time) }

  /// Who may stand behind a claim: of each attestor its newest credential. O(offers of the key), at most 256.
  func answer(_ claim: Claim) -> Answer {
    var answer = Answer()
    var attestors: [Int32] = []
    var isName = true
    var at = offerHeads.find(claim.key).map { Int32($0) } ?? -1
    var steps = 0
    while at >= 0, steps < 256, answer.nodes.count < Joins.candidateLimit {
      let offer = offers[Int(at)]
      at = offer.next
      steps += 1
      guard offer.from <= claim.time, offer.until >= claim.time, lives(offer, claim.time), offer.node != claim.node,
        !answer.nodes.contains(offer.node), offer.attestor < 0 || !attestors.contains(offer.attestor)
      else { continue }
      answer.nodes.append(offer.node)
      if offer.attestor >= 0 { attestors.append(offer.attestor) }
      isName = isName && offer.isName
    }
    switch answer.nodes.count {
    case 0: break
    case 1 where !claim.isGuess: answer.grade = isName ? .exact : .strong
    default: answer.grade = .candidate
    }
    answer.nodes.sort()
    return answer
  }

  private func lives(_ offer: Offer, _ time: UInt32) -> Bool {
    if let end = ended[offer.node], end < time { return false }
    if offer.attestor >= 0, let end = ended[offer.attestor], end < time { return false }
    return true
  }

  /// Lets the dead go; where nearly all live, the older half.
  private mutating func shrink(_ time: UInt32) {
    var kept = offers.filter { $0.until >= time && lives($0, time) }
    if kept.count > Joins.limit / 4 * 3 { kept.removeFirst(kept.count / 2) }
    offers.removeAll(keepingCapacity: true)
    offerHeads.removeAll()
    for var offer in kept {
      offer.next = offerHeads.find(offer.key).map { Int32($0) } ?? -1
      offers.append(offer)
      offerHeads.set(offer.key, UInt32(offers.count - 1))
    }
  }

  /// Claims are kept for offers of the next seconds only.
  private mutating func forgetClaims() {
    claims.removeAll(keepingCapacity: true)
    claimHeads.removeAll()
  }
}

import EventModel
import EventWindow

/// Which credential minted which. A node is made for every credential, session and anchor that is named; edges point to the
/// parent. O(1) an event; walks are as long as the chain (a handful), bounded by ``maxDepth``.
public struct Lineage: Sendable {
  public static let maxDepth = 32

  public internal(set) var nodes: [CredentialNode] = []
  private var byCredential: [Int32] = []  // by symbol
  private var bySession: [SessionKey: Int32] = [:]
  public private(set) var usage = Usage()
  /// What each machine identity did: kept for its scope.
  public private(set) var acts = ActCounts()
  var joins = Joins()
  var joinNames = JoinNames()
  /// Where a claim has several answers: at most eight, by node.
  public internal(set) var candidates: [Int32: [Int32]] = [:]
  /// Joins that changed after the credential was used.
  public internal(set) var lateJoins = 0
  /// Grew a mint for a credential that was already in use: rows judged before must be judged again.
  public private(set) var lateMints = 0

  private struct SessionKey: Hashable {
    var session: Symbol
    /// Where the mint has no session principal: what attests it, and `session` is the holder.
    var attestor = Symbol.none
    var issued: UInt32
  }

  /// A mint that names neither key nor session.
  private struct HiddenMint {
    var row: Row
    var time: Int64
    var minter: UInt32
    var mechanism: Symbol
    var expiresAt: UInt32
  }
  private var hidden: [SessionKey: HiddenMint] = [:]

  public init() {}

  public subscript(_ index: Int32) -> CredentialNode { nodes[Int(index)] }

  /// The node of a credential; nil if it was never named. O(1).
  public func find(_ credential: Symbol) -> Int32? {
    let at = Int(credential.raw)
    guard credential.isPresent, at < byCredential.count, byCredential[at] >= 0 else { return nil }
    return byCredential[at]
  }

  public mutating func node(_ credential: Symbol) -> Int32 {
    let at = Int(credential.raw)
    if at >= byCredential.count {
      byCredential.append(contentsOf: repeatElement(-1, count: max(1024, at + 1 - byCredential.count)))
    }
    if byCredential[at] >= 0 { return byCredential[at] }
    nodes.append(CredentialNode(credential: credential))
    byCredential[at] = Int32(nodes.count - 1)
    return Int32(nodes.count - 1)
  }

  /// The credential that attests one, as its mint said; none if nothing does. O(1).
  public func attestor(of credential: Symbol) -> Symbol {
    guard let node = find(credential) else { return .none }
    let attestor = nodes[Int(node)].attestor
    return attestor < 0 ? .none : nodes[Int(attestor)].credential
  }

  /// The node that an event was made with, after ``survey(_:at:in:)`` saw the event.
  public func credential(of subject: Subject) -> Int32? { find(subject.credential) }

  /// Learns from one row: who used what, and what was minted. Order does not matter.
  public mutating func survey(_ event: Event, at row: Row, in window: EventWindow) {
    let subject = window.subject(event.subject)
    if !event.flags.contains(.echo) { usage.add(event, window.operation(event.operation)) }
    acts.add(event, subject)
    let used = use(subject, event, row, window)
    if event.flags.contains(.echo) { return }
    let mint = event.mint > 0 && event.outcome.tookPlace ? window.mint(event, at: row) : nil
    let minted = mint.map { add($0, subject, used, event, row, window) } ?? -1
    if event.detailCount > 0 { join(event, mint, minted: minted, at: row, in: window) }
  }

  /// Bytes that credentials, their indices and joins hold: O(1). Usage by subject is not among them.
  public var byteCount: Int {
    let sessions = (bySession.capacity + hidden.capacity) * (MemoryLayout<SessionKey>.stride + 8)
    return nodes.capacity * MemoryLayout<CredentialNode>.stride + byCredential.capacity * 4 + sessions + joins.byteCount
  }

  /// What a claim of the credential's mint asked for; none if its mint claimed nothing.
  public func claim(of node: Int32) -> Symbol { joins.claimed[node] ?? .none }

  private mutating func use(_ subject: Subject, _ event: Event, _ row: Row, _ window: EventWindow) -> Int32? {
    guard subject.credential.isPresent else { return nil }
    let index = node(subject.credential)
    let at = Int(index)
    if nodes[at].uses == 0 {
      if nodes[at].kind == .none { nodes[at].kind = subject.credentialKind }
      if !nodes[at].holder.isPresent { nodes[at].holder = subject.name }
      if !nodes[at].session.isPresent { nodes[at].session = subject.session }
      if nodes[at].issuedAt == 0 { nodes[at].issuedAt = subject.issuedAt }
      if nodes[at].expiresAt == 0 { nodes[at].expiresAt = subject.expiresAt }
      nodes[at].tenant = subject.home
      nodes[at].isHuman = subject.kind == .human || subject.flags.contains(.console)
      if nodes[at].parent < 0, !nodes[at].mintSeen { joinSession(at, subject) }
    }
    // Not each log that shows a credential says what attests it.
    if nodes[at].attestor < 0, subject.attestor.isPresent {
      nodes[at].attestor = anchor(subject.attestor)
      // A conversation's number is the client's own word.
      nodes[at].attestorGrade = subject.credentialKind == .agentSession ? .asserted : .exact
    }
    nodes[at].use(event, at: row)
    return index
  }

  private mutating func anchor(_ name: Symbol) -> Int32 { node(name) }

  /// A session whose mint hid the key: same session principal, created in the mint's second (hop 3, grade strong).
  private mutating func joinSession(_ at: Int, _ subject: Subject) {
    guard subject.session.isPresent, subject.issuedAt > 0 else { return }
    if let mint = hidden[SessionKey(session: subject.name, attestor: subject.attestor, issued: subject.issuedAt)] {
      nodes[at].mechanism = mint.mechanism
      nodes[at].grade = .strong
      nodes[at].mintTime = mint.time
      nodes[at].mintRow = mint.row
      nodes[at].minter = mint.minter
      if nodes[at].expiresAt == 0 { nodes[at].expiresAt = mint.expiresAt }
      return
    }
    guard let minted = bySession[SessionKey(session: subject.session, issued: subject.issuedAt)], Int(minted) != at
    else { return }
    let mint = nodes[Int(minted)]
    nodes[at].parent = mint.parent
    if nodes[at].attestor < 0 { (nodes[at].attestor, nodes[at].attestorGrade) = (mint.attestor, .strong) }
    nodes[at].mechanism = mint.mechanism
    nodes[at].grade = .strong
    nodes[at].mintTime = mint.mintTime
    nodes[at].mintRow = mint.mintRow
    nodes[at].minter = mint.minter
    if nodes[at].expiresAt == 0 { nodes[at].expiresAt = mint.expiresAt }
  }

  private mutating func add(
    _ mint: Mint, _ subject: Subject, _ used: Int32?, _ event: Event, _ row: Row, _ window: EventWindow
  ) -> Int32 {
    let handle = mint.child.isPresent ? mint.child : mint.session
    guard handle.isPresent else {
      hide(mint, event, row)
      return -1
    }
    let index = node(handle)
    let at = Int(index)
    // Both copies of a cross-account mint name the child; the one that names the parent too wins, then the earlier one.
    let parent = mint.parent.isPresent ? node(mint.parent) : used ?? -1
    let better = nodes[at].parent < 0 && parent >= 0 && parent != index
    if nodes[at].mintSeen, !better, nodes[at].mintTime <= event.time {
      merge(mint, at, again: true)
      // Two calls around one mint: a broker's own key made it for the one who asked the broker.
      if parent >= 0, parent != nodes[at].parent, parent != index, nodes[at].joined < 0 {
        (nodes[at].joined, nodes[at].joinGrade) = (parent, mint.grade)
      }
      return index
    }
    if nodes[at].uses > 0, !nodes[at].mintSeen { lateMints += 1 }
    if better { nodes[at].parent = parent }
    nodes[at].mintTime = event.time
    nodes[at].mintRow = row
    nodes[at].minter = event.subject
    nodes[at].mechanism = mint.mechanism
    nodes[at].grade = max(nodes[at].grade, mint.grade)
    if !nodes[at].tenant.isPresent { nodes[at].tenant = window.operation(event.operation).tenant }
    merge(mint, at)
    if event.time != Timestamp.none, nodes[at].issuedAt == 0 {
      nodes[at].issuedAt = UInt32(clamping: event.time / Timestamp.second)
    }
    if mint.session.isPresent, event.time != Timestamp.none {
      bySession[SessionKey(session: mint.session, issued: UInt32(clamping: event.time / Timestamp.second))] = index
    }
    // A platform's identity that has no credential of its own.
    if nodes[at].parent < 0, nodes[at].attestor < 0, used == nil, subject.attestor.isPresent {
      nodes[at].attestor = anchor(subject.attestor)
      nodes[at].attestorGrade = mint.grade
    }
    return index
  }

  /// A mint that shows neither key nor session: later uses of the second it was made in are its child's.
  private mutating func hide(_ mint: Mint, _ event: Event, _ row: Row) {
    guard mint.holder.isPresent, mint.attestor.isPresent, event.time != Timestamp.none else { return }
    let second = UInt32(clamping: event.time / Timestamp.second)
    hidden[SessionKey(session: mint.holder, attestor: mint.attestor, issued: second)] = HiddenMint(
      row: row, time: event.time, minter: event.subject, mechanism: mint.mechanism, expiresAt: mint.expiresAt)
  }

  private mutating func merge(_ mint: Mint, _ at: Int, again: Bool = false) {
    if mint.kind != .none { nodes[at].kind = mint.kind }
    if mint.holder.isPresent, !again || !nodes[at].holder.isPresent { nodes[at].holder = mint.holder }
    if mint.session.isPresent, !nodes[at].session.isPresent { nodes[at].session = mint.session }
    if mint.expiresAt > 0 { nodes[at].expiresAt = mint.expiresAt }
    if mint.attestor.isPresent, nodes[at].attestor < 0 {
      nodes[at].attestor = anchor(mint.attestor)
      nodes[at].attestorGrade = mint.grade
    }
  }
}

import EventModel
import EventWindow

/// A credential, session or anchor, and what is known of its making and use.
public struct CredentialNode: Sendable {
  /// Normal form (lineage.md 3.2): `AKID:…`, `K8SJTI:…`, or an anchor: `POD:…`, `INST:…`, `SA:…`.
  public var credential: Symbol
  public var kind = CredentialKind.none
  /// Canonical name of the principal that holds it.
  public var holder = Symbol.none
  public var session = Symbol.none
  public var tenant = Symbol.none
  /// The credential that it was minted with; -1 unknown or none.
  public var parent: Int32 = -1
  /// What attests it; -1 nothing.
  public var attestor: Int32 = -1
  public var mechanism = Symbol.none
  public var grade = Grade.none
  /// How sure ``attestor`` is.
  public var attestorGrade = Grade.none
  /// What stands behind the mint by a join of other logs' words (``Joins``); -1 nothing, or several candidates.
  public var joined: Int32 = -1
  public var joinGrade = Grade.none
  public var issuedAt: UInt32 = 0
  public var expiresAt: UInt32 = 0
  /// The minting event, where it was seen.
  public var mintTime = Timestamp.none
  public var mintRow: Row?
  /// The subject that minted it (id in the window's dictionaries), where the mint was seen.
  public var minter: UInt32?
  public var firstUsed = Timestamp.none
  public var lastUsed = Timestamp.none
  public var firstUse: Row?
  public var uses = 0
  public var denied = 0
  /// A person stands behind it: console, SSO or SAML login somewhere up the path.
  public var isHuman = false

  public init(credential: Symbol) { self.credential = credential }

  mutating func use(_ event: Event, at row: Row) {
    uses += 1
    if event.outcome == .denied { denied += 1 }
    if event.time == Timestamp.none { return }
    if firstUsed == Timestamp.none || event.time < firstUsed {
      firstUsed = event.time
      firstUse = row
    }
    lastUsed = max(lastUsed, event.time)
  }
  public var mintSeen: Bool { mintRow != nil || mintTime != Timestamp.none }
}

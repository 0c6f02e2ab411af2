import EventModel
import EventWindow

/// A credential, session or anchor, and what is known of its making and use. 104 B: a million of them are alive in a large
/// organization, so what may be missing is a value of its own kind, not an optional.
public struct CredentialNode: Sendable {
  /// The minting event, where it was seen.
  public var mintTime = Timestamp.none
  public var firstUsed = Timestamp.none
  public var lastUsed = Timestamp.none
  private var mint = CredentialNode.noRow
  private var first = CredentialNode.noRow
  /// Normal form (lineage.md 3.2): `AKID:…`, `K8SJTI:…`, or an anchor: `POD:…`, `INST:…`, `SA:…`.
  public var credential: Symbol
  /// Canonical name of the principal that holds it.
  public var holder = Symbol.none
  public var session = Symbol.none
  public var tenant = Symbol.none
  public var mechanism = Symbol.none
  /// The credential that it was minted with; -1 unknown or none.
  public var parent: Int32 = -1
  /// What attests it; -1 nothing.
  public var attestor: Int32 = -1
  /// What stands behind the mint by a join of other logs' words (``Joins``); -1 nothing, or several candidates.
  public var joined: Int32 = -1
  public var issuedAt: UInt32 = 0
  public var expiresAt: UInt32 = 0
  private var mintedBy = UInt32.max
  public private(set) var uses: UInt32 = 0
  public private(set) var denied: UInt32 = 0
  public var kind = CredentialKind.none
  public var grade = Grade.none
  /// How sure ``attestor`` is.
  public var attestorGrade = Grade.none
  public var joinGrade = Grade.none
  /// A person stands behind it: console, SSO or SAML login somewhere up the path.
  public var isHuman = false

  private static let noRow = Row(batch: UInt32.max, row: UInt32.max)

  public init(credential: Symbol) { self.credential = credential }

  public var mintRow: Row? {
    get { mint == CredentialNode.noRow ? nil : mint }
    set { mint = newValue ?? CredentialNode.noRow }
  }
  public var firstUse: Row? { first == CredentialNode.noRow ? nil : first }
  /// The subject that minted it (id in the window's dictionaries), where the mint was seen.
  public var minter: UInt32? {
    get { mintedBy == UInt32.max ? nil : mintedBy }
    set { mintedBy = newValue ?? UInt32.max }
  }
  public var mintSeen: Bool { mint != CredentialNode.noRow || mintTime != Timestamp.none }

  mutating func use(_ event: Event, at row: Row) {
    if uses < UInt32.max { uses &+= 1 }
    if event.outcome == .denied, denied < UInt32.max { denied &+= 1 }
    if event.time == Timestamp.none { return }
    if firstUsed == Timestamp.none || event.time < firstUsed {
      firstUsed = event.time
      first = row
    }
    lastUsed = max(lastUsed, event.time)
  }
}

/// What an identity did: one act of it, in one place, with the days and how often. Key: all of the first seven columns.
///
/// Merges by min of the first day, max of the last one and of the counts: reading the same logs again changes nothing. `*`
/// stands for "more than were kept".
public struct ScopeRow: Sendable, Equatable {
  public var identity: String
  public var source: String
  public var service: String
  public var action: String
  public var region: String
  /// The account, cluster or organization in whose log the act stands.
  public var account: String
  public var kind: String
  /// Days since 1970-01-01; 0 unknown.
  public var firstDay: Int32 = 0
  public var lastDay: Int32 = 0
  /// How often it took place, and how often it was denied.
  public var count: Int64 = 0
  public var denied: Int64 = 0

  /// What stands for all names past the bound.
  public static let broad = "*"
  /// Actions of an identity that are kept apart, and rows.
  public static let actionLimit = 512
  public static let rowLimit = 2048

  public init(
    identity: String, source: String, service: String, action: String, region: String, account: String, kind: String
  ) {
    self.identity = identity
    self.source = source
    self.service = service
    self.action = action
    self.region = region
    self.account = account
    self.kind = kind
  }
}

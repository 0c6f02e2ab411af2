import EventModel
import EventWindow

/// Through whose network endpoints calls came: an account whose endpoint many identities use is a network account, not a
/// thief's. At most four names for each account.
struct EndpointOwners: Sendable {
  private let fact: Fact?
  private var users: [Symbol: Set<Symbol>] = [:]
  /// An account turned out to be shared after some of its calls.
  private(set) var learned = 0
  static let shared = 3

  init(facts: FactVocabulary) { fact = facts["endpoint-foreign"] }

  mutating func survey(_ moment: Moment, in window: EventWindow) {
    guard let fact, moment.event.facts.contains(fact), moment.subject.name.isPresent else { return }
    for detail in window.details(moment.event, at: moment.row)
    where window.dictionaries.text(detail.name) == "endpoint-account" {
      guard users.count < 100_000 || users[detail.value] != nil,
        users[detail.value]?.count ?? 0 < EndpointOwners.shared,
        users[detail.value, default: []].insert(moment.subject.name).inserted
      else { continue }
      if isShared(detail.value) { learned += 1 }
    }
  }

  func isShared(_ account: Symbol) -> Bool { users[account]?.count ?? 0 >= EndpointOwners.shared }
}

import EventModel

/// Where a conversation first met a value: in the user's request, in the agent's own arguments, or in a tool's result.
///
/// Values are hashes of addresses, accounts and hosts. State: 16 B a value, at most 512 a conversation; of 16,384
/// conversations, past which the older half is let go.
struct AgentProvenance: Sendable {
  enum Source { case request, argument, result }

  private struct Conversation: Sendable {
    var sources: [UInt64: Source] = [:]
    var serial: UInt64 = 0
  }

  private static let conversationLimit = 16_384
  private static let valueLimit = 512

  private var conversations: [Symbol: Conversation] = [:]
  private var serial: UInt64 = 0

  /// - Returns: where the value was met first; `source` if it is met now.
  @discardableResult
  mutating func meet(_ value: UInt64, _ source: Source, in session: Symbol) -> Source {
    guard session.isPresent else { return source }
    serial += 1
    var talk = conversations.removeValue(forKey: session) ?? Conversation()
    defer {
      talk.serial = serial
      conversations[session] = talk
      if conversations.count > AgentProvenance.conversationLimit { forget() }
    }
    if let known = talk.sources[value] { return known }
    if talk.sources.count < AgentProvenance.valueLimit { talk.sources[value] = source }
    return source
  }

  private mutating func forget() {
    let serials = conversations.values.map(\.serial).sorted()
    let middle = serials[serials.count / 2]
    conversations = conversations.filter { $0.value.serial >= middle }
  }
}

/// Words about an AWS policy document, identity or resource based: what it lets whom do.
///
/// `admin` Allow * on *; `iam-admin` iam:* on *; `not-action` everything but; `any-principal`, or `any-principal-if` where a
/// condition says from which account, organization or network (an external id does not: anybody may send one); `account:<id>`, `principal:<arn>`, `federated:<arn>`, `service:<host>`; `external-id`, `org-bound`;
/// `allow:<action>` for each allowed action.
enum PolicyReader {
  static func words(_ text: Span<UInt8>) -> [[UInt8]] {
    guard let document = JSONTree.parse(text) else { return [] }
    var words: [String] = []
    for statement in (document["Statement"] ?? document).list {
      guard statement["Effect"]?.strings.first?.lowercased() == "allow" else { continue }
      let actions = statement["Action"]?.strings ?? []
      let resources = statement["Resource"]?.strings ?? []
      let everywhere = resources.contains("*")
      words += actions.map { "allow:" + $0.lowercased() }
      if everywhere, actions.contains("*") || actions.contains("*:*") { words.append("admin") }
      if everywhere, actions.contains(where: { $0.lowercased() == "iam:*" }) { words.append("iam-admin") }
      if everywhere, statement["NotAction"] != nil { words.append("not-action") }
      words += trust(statement)
    }
    return words.map { Array($0.utf8) }
  }

  private static func trust(_ statement: JSONTree) -> [String] {
    let condition = statement["Condition"].map(keys) ?? []
    // "Everybody but" is everybody.
    guard let principal = statement["NotPrincipal"].map({ _ in JSONTree.string([0x2a]) }) ?? statement["Principal"]
    else { return [] }
    var words: [String] = []
    let anyWord = condition.contains(where: bounds) ? "any-principal-if" : "any-principal"
    if principal.strings.contains("*") { words.append(anyWord) }
    for name in principal["AWS"]?.strings ?? [] {
      if name == "*" || name == "arn:aws:iam::*:root" {
        words.append(anyWord)
        continue
      }
      words.append("principal:" + name)
      let parts = name.utf8.split(separator: 0x3a, omittingEmptySubsequences: false)
      let account = parts.count > 4 ? String(decoding: parts[4], as: UTF8.self) : name
      if account.utf8.count == 12, account.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
        words.append("account:" + account)
      }
    }
    words += (principal["Federated"]?.strings ?? []).map { "federated:" + $0 }
    words += (principal["Service"]?.strings ?? []).map { "service:" + $0 }
    if condition.contains("sts:externalid") { words.append("external-id") }
    if condition.contains("aws:principalorgid") || condition.contains("aws:principalorgpaths") {
      words.append("org-bound")
    }
    return words
  }

  /// A condition key that limits who "anybody" is.
  private static func bounds(_ key: String) -> Bool {
    let prefixes = [
      "aws:principal", "aws:sourceaccount", "aws:sourcearn", "aws:sourceorg", "aws:sourcevpc", "aws:sourceip",
      "aws:userid", "kms:calleraccount", "sts:sourceidentity", "sns:endpoint", "saml:", "accounts.google.com:",
    ]
    return prefixes.contains { key.utf8.starts(with: $0.utf8) } || key.hasSuffix(":sub") || key.hasSuffix(":aud")
  }

  /// The condition keys of a statement, in lower case.
  private static func keys(_ condition: JSONTree) -> [String] {
    guard case .object(let operators) = condition else { return [] }
    return operators.flatMap { member -> [String] in
      guard case .object(let tests) = member.value else { return [] }
      return tests.map { String(decoding: $0.key, as: UTF8.self).lowercased() }
    }
  }
}

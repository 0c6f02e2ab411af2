import Detection
import EventModel

extension Configuration {
  private static let identityKeys = [
    "id", "match", "kind", "owner", "purpose", "status", "scope", "duties", "attested_by",
    "exceptions",
  ]
  private static let scopeKeys = ["actions", "services", "regions", "accounts", "resources", "zones", "tools", "hours"]

  static func identities(_ field: YAMLField) throws(ContentError) -> [IdentityDeclaration] {
    var all: [IdentityDeclaration] = []
    for item in field.list() {
      let declared = try identity(item)
      if all.contains(where: { $0.id == declared.id }) {
        throw item.fail("identity '\(declared.id)' is declared twice")
      }
      all.append(declared)
    }
    return all
  }

  private static func identity(_ field: YAMLField) throws(ContentError) -> IdentityDeclaration {
    let members = try field.members(allowed: identityKeys)
    guard let id = members["id"], let match = members["match"] else {
      throw field.fail("an identity needs 'id' and 'match' (globs over its name)")
    }
    var declared = IdentityDeclaration()
    declared.id = try id.text()
    declared.matches = try match.texts().map(Glob.init)
    if declared.matches.isEmpty { throw match.fail("'match' names nothing") }
    declared.kind = try members["kind"]?.text()
    declared.owner = try members["owner"]?.text()
    declared.purpose = try members["purpose"]?.text()
    declared.status = try members["status"]?.text() ?? "active"
    declared.duties = Set(try members["duties"]?.texts() ?? [])
    for duty in declared.duties.sorted() where !IdentityDeclaration.knownDuties.contains(duty) {
      let nearest =
        Spelling.nearest(to: duty, in: IdentityDeclaration.knownDuties).map { "; did you mean '\($0)'?" } ?? ""
      throw field.fail(
        "no duty '\(duty)'\(nearest) (known: \(IdentityDeclaration.knownDuties.joined(separator: ", ")))")
    }
    if let field = members["attested_by"] {
      declared.attestedByTexts = try field.texts()
      if declared.attestedByTexts.isEmpty { throw field.fail("'attested_by' names nothing; leave it out to allow all") }
      declared.attestedBy = declared.attestedByTexts.map(Glob.init)
    }
    if let scope = members["scope"] { declared.scope = try Configuration.scope(scope) }
    for item in members["exceptions"]?.list() ?? [] { declared.exceptions.append(try exception(item)) }
    return declared
  }

  private static func scope(_ field: YAMLField) throws(ContentError) -> IdentityDeclaration.Scope {
    let members = try field.members(allowed: scopeKeys)
    if members.isEmpty { throw field.fail("a scope names at least one of \(scopeKeys.joined(separator: ", "))") }
    var scope = IdentityDeclaration.Scope()
    func globs(_ key: String) throws(ContentError) -> [Glob] {
      guard let value = members[key] else { return [] }
      let texts = try value.texts()
      if texts.isEmpty || texts.contains("") { throw value.fail("'\(key)' names nothing; leave it out to allow all") }
      return texts.map(Glob.init)
    }
    scope.actions = try globs("actions")
    scope.services = try globs("services")
    scope.regions = try globs("regions")
    scope.accounts = try globs("accounts")
    scope.resources = try globs("resources")
    scope.zones = try globs("zones")
    scope.tools = try globs("tools")
    for item in members["hours"]?.list() ?? [] { scope.hours.formUnion(try hours(item)) }
    return scope
  }

  /// `9` or `8-18`: hours of the day, UTC, the last one included.
  private static func hours(_ field: YAMLField) throws(ContentError) -> Set<Int> {
    let parts = try field.text().split(separator: "-").map { Int($0) }
    guard parts.count == 1 || parts.count == 2, let first = parts[0], let last = parts.last ?? nil, first <= last,
      first >= 0, last <= 23
    else { throw field.fail("hours are written 8 or 8-18 (UTC)") }
    return Set(first...last)
  }

  private static func exception(_ field: YAMLField) throws(ContentError) -> IdentityDeclaration.Exception {
    let members = try field.members(allowed: ["detection", "owner", "reason", "expires"])
    func required(_ key: String) throws(ContentError) -> String {
      guard let value = members[key] else {
        throw field.fail("an exception needs detection, owner, reason and expires")
      }
      return try value.text()
    }
    let text = try required("expires")
    let bytes = Array((text.utf8.count == 10 ? text + "T00:00:00Z" : text).utf8)
    guard let expires = Timestamp.parse(bytes.span) else { throw field.fail("'expires' is a date: 2027-01-31") }
    return IdentityDeclaration.Exception(
      detection: try required("detection"), owner: try required("owner"), reason: try required("reason"),
      expires: expires.time)
  }
}

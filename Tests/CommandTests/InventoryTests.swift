import EventModel
import Evidence
import PipelineContent
import PipelineRuntime
import Reporting
import Testing

/// The flags of `bittern identities`, each with a look-alike that keeps the practice.
@Suite struct InventoryTests {
  private func identity(_ name: String, kind: String = "role") -> IdentityRow {
    var row = IdentityRow(id: name)
    (row.name, row.kind, row.source, row.tenant, row.owner) = (name, kind, "aws_cloudtrail", "111122223333", "team-a")
    (row.firstUsed, row.lastUsed, row.events, row.isAttested) = (midnight - Timestamp.day, midnight, 10, true)
    return row
  }

  private func key(_ holder: String, kind: String, issued: Int64?, expires: Int64? = nil) -> CredentialRow {
    var row = CredentialRow(id: "AKID:" + holder)
    (row.holder, row.kind, row.issuedAt, row.expiresAt) = (holder, kind, issued, expires)
    (row.lastUsed, row.uses) = (midnight, 1)
    return row
  }

  private func entry(_ row: IdentityRow, _ credentials: [CredentialRow] = []) throws -> IdentityEntry {
    let inventory = StoredInventory(
      identities: [row], credentials: credentials, sources: [input("aws_cloudtrail", until: midnight)],
      configuration: Configuration())
    return try #require(inventory.entries(all: true).first)
  }

  @Test func aWellKeptRoleHasNoFlag() throws {
    let session = key("a", kind: "sts_session", issued: midnight - Timestamp.hour, expires: midnight + Timestamp.hour)
    let kept = try entry(identity("a"), [session])
    #expect(kept.flags.isEmpty)
    #expect(kept.liveCredentials == 1 && kept.oldestDays == 0)
  }

  @Test func anExpiredSessionIsNotLive() throws {
    let session = key("a", kind: "sts_session", issued: midnight - Timestamp.day, expires: midnight - Timestamp.hour)
    #expect(try entry(identity("a"), [session]).liveCredentials == 0)
  }

  @Test func aLoginAsAPersonIsToldOfMachinesOnly() throws {
    var row = identity("a")
    row.isInteractive = true
    #expect(try entry(row).flags == [.humanLogin])
    row.kind = "human"
    #expect(try entry(row).flags.isEmpty)
  }

  @Test func longLivedSecretsAreToldAndTheirAge() throws {
    var row = identity("a", kind: "user")
    row.credentialKinds = ["long_lived_key"]
    let young = key("a", kind: "long_lived_key", issued: midnight - 30 * Timestamp.day)
    let old = key("a", kind: "long_lived_key", issued: midnight - 91 * Timestamp.day)
    let unknown = key("a", kind: "long_lived_key", issued: nil)
    #expect(try entry(row, [young]).flags == [.longLivedSecret])
    #expect(try entry(row, [old]).flags == [.longLivedSecret, .notRotated])
    #expect(try entry(row, [unknown]).flags == [.longLivedSecret, .notRotated])
    #expect(try entry(row, [unknown]).isAgeUnknown)
  }

  @Test func attestationOwnerAndPrivilegeAreTold() throws {
    var row = identity("a")
    (row.isAttested, row.owner) = (false, nil)
    #expect(try entry(row).flags == [.noAttestation, .noOwner])
    row = identity("a")
    row.lastPrivileged = midnight - 31 * Timestamp.day
    #expect(try entry(row).flags == [.standingPrivilege])
    row.lastPrivileged = midnight - 29 * Timestamp.day
    #expect(try entry(row).flags.isEmpty)
  }

  @Test func dormantMeansUnusedForFortyFiveDays() throws {
    var row = identity("a")
    row.lastUsed = midnight - 46 * Timestamp.day
    #expect(try entry(row).flags == [.dormant])
    row.lastUsed = midnight - 44 * Timestamp.day
    #expect(try entry(row).flags.isEmpty)
  }

  @Test func oneNameIsOneIdentityAndPeopleAreListedOnRequest() {
    var other = identity("a")
    (other.id, other.tenant, other.events, other.lastUsed) = ("b", "444455556666", 5, midnight - Timestamp.hour)
    let inventory = StoredInventory(
      identities: [identity("a"), other, identity("eve", kind: "human")], credentials: [], sources: [],
      configuration: Configuration())
    let machines = inventory.entries(all: false)
    #expect(machines.count == 1)
    #expect(machines[0].events == 15 && machines[0].tenants == ["111122223333", "444455556666"])
    #expect(inventory.entries(all: true).count == 2)
  }

  @Test func spreadsheetsGetNoFormula() throws {
    let row = IdentityCSV.row(try entry(identity("=HYPERLINK(\"x\")")))
    #expect(row.hasPrefix("\"'=HYPERLINK"))
    #expect(IdentityCSV.header.split(separator: ",").count == IdentityCSV.columns.count)
  }

  @Test(arguments: [40, 64, 91, 100, 200]) func theTableFitsItsWidth(width: Int) throws {
    var row = identity("system:serviceaccount:a-long-namespace:a-very-long-name-of-a-service-account\u{1b}[31m")
    row.origins = (0..<8).map { "203.0.113.\($0)" }
    let table = IdentityTable(style: TerminalStyle(width: width)).render([try entry(row)])
    for line in table.split(separator: "\n") { #expect(line.unicodeScalars.count <= width, "\(line)") }
    #expect(!table.utf8.contains(0x1b))
  }
}

import EventModel
import Evidence
import Testing

/// What the store keeps of credentials and identities merges by max, or and union; a second commit of the same adds nothing.
@Suite struct StoredDeedsTests {
  private func commit(_ verbs: [String: Int64], _ origins: [String], _ acted: Int64, _ action: String) -> Commit {
    var credential = CredentialRow(id: "AKID:1")
    (credential.verbs, credential.origins, credential.logs) = (verbs, origins, ["aws_cloudtrail"])
    (credential.lastActed, credential.lastAction) = (acted, action)
    var identity = IdentityRow(id: "a")
    (identity.verbs, identity.credentialKinds) = (verbs, origins)
    (identity.isAttested, identity.lastPrivileged) = (action == "b", acted)
    var commit = Commit()
    (commit.credentials, commit.identities) = ([credential], [identity])
    return commit
  }

  @Test func rowsMerge() throws {
    let scratch = try Scratch()
    let store = try EvidenceStore.open(at: scratch.path + "/s.sqlite", for: .ingest)
    let first = commit(["read": 5, "mint": 1], ["b", "a"], midnight + 1, "b")
    let second = commit(["read": 3, "list": 2], ["c", "ä"], midnight, "a")
    for part in [first, second, first, second] { _ = try store.commit(part) }
    let credential = try #require(try store.loadCredentials().first)
    #expect(credential.verbs == ["read": 5, "mint": 1, "list": 2])
    #expect(credential.origins == ["a", "b", "c", "ä"])
    #expect(credential.lastActed == midnight + 1 && credential.lastAction == "b")
    let identity = try #require(try store.loadIdentities().first)
    #expect(identity.verbs == ["read": 5, "mint": 1, "list": 2])
    #expect(identity.isAttested && identity.lastPrivileged == midnight + 1)
    #expect(identity.credentialKinds == ["a", "b", "c", "ä"])
  }
}

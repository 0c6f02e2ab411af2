import EventModel
import Evidence
import PipelineRuntime
import Reporting
import Testing

/// `bittern lineage --contained-since`: yes, no, unknown.
@Suite struct ContainmentTests {
  private let cut = midnight

  /// A key and the session that it minted.
  private func line(lastActed: Int64, lastUsed: Int64) -> StoredLineage {
    var key = CredentialRow(id: "AKID:AKIA1")
    (key.kind, key.holder, key.uses, key.verbs) = ("long_lived_key", "ci", 3, ["mint": 3])
    (key.lastUsed, key.lastActed, key.lastAction) = (cut - Timestamp.hour, cut - Timestamp.hour, "sts:AssumeRole")
    key.logs = ["aws_cloudtrail"]
    var session = CredentialRow(id: "AKID:ASIA1")
    (session.kind, session.holder, session.uses, session.verbs) = ("sts_session", "deployer", 5, ["read": 5])
    (session.lastUsed, session.lastActed, session.lastAction) = (lastUsed, lastActed, "s3:GetObject")
    (session.logs, session.expiresAt) = (["aws_cloudtrail"], cut + Timestamp.hour)
    session.origins = ["203.0.113.9"]
    let edge = LineageEdgeRow(
      child: session.id, parent: key.id, mechanism: "sts:AssumeRole", grade: .exact,
      joinedOn: ["accessKeyId", "accessKeyId"],
      source: "aws_cloudtrail")
    return StoredLineage(credentials: [key, session], edges: [edge], findings: [])
  }

  private func answer(_ line: StoredLineage, end: Int64, state: String = "complete") throws -> Containment {
    let inputs = [input("aws_cloudtrail", until: end, state: state)]
    return try #require(
      line.containment(of: "AKIA1", since: cut, ends: LogEnds.of(inputs, []), inputs: inputs))
  }

  @Test func aDescendantThatActsIsNamedWithItsAct() throws {
    let found = try answer(line(lastActed: cut + 1, lastUsed: cut + 5), end: cut + Timestamp.day)
    #expect(found.answer == .yes)
    #expect(found.acts.map(\.credential) == ["AKID:ASIA1"])
    #expect(found.acts.first?.action == "s3:GetObject")
    #expect(found.credentials == 2)
  }

  @Test func refusedAttemptsDoNotCountAsActs() throws {
    let found = try answer(line(lastActed: cut, lastUsed: cut + 5), end: cut + Timestamp.day)
    #expect(found.answer == .no)
    #expect(found.refused.map(\.credential) == ["AKID:ASIA1"])
  }

  @Test func silenceIsNoAnswerWhereTheLogsEndBefore() throws {
    let quiet = line(lastActed: cut - 5, lastUsed: cut - 5)
    #expect(try answer(quiet, end: cut + Timestamp.day).answer == .no)
    let short = try answer(quiet, end: cut)
    #expect(short.answer == .unknown)
    #expect(short.reasons.count == 1)
    #expect(short.stillValid == 2)
    #expect(try answer(quiet, end: cut + Timestamp.day, state: "incomplete: cut").answer == .unknown)
  }

  @Test func theTreeSaysWhatEachCredentialDid() throws {
    let root = try #require(line(lastActed: cut, lastUsed: cut).trees(around: "ASIA1").first)
    let child = try #require(root.children.first)
    #expect(child.facts.contains("did: 5 read"))
    #expect(child.facts.contains("from 203.0.113.9"))
    #expect(child.json["joined_on"]?.texts == ["accessKeyId", "accessKeyId"])
    #expect(child.json["verbs"]?["read"]?.int == 5)
  }
}

import Detection
import EventModel
import Evidence
import PipelineContent
import Testing

@testable import PipelineRuntime

/// Scopes: learned, checked, compared, read from policies.
@Suite struct ScopeTests {
  private func terms() throws -> ScopeTerms { try ScopeTerms(try builtInContent().engine.definitions) }

  private func learned(_ rows: [ScopeRow]) throws -> [LearnedScope] {
    LearnedScope.learn(rows, identities: [], terms: try terms())
  }

  @Test func theSameHistoryGivesTheSameBytesThatLoad() throws {
    let rows = [
      act("arn:aws:iam::1:role/b", "s3:GetObject", count: 7), act("arn:aws:iam::1:role/b", "s3:PutObject"),
      act("arn:aws:iam::1:role/a*\"\u{202e}", "sts:AssumeRole", service: "sts"),
      act("arn:aws:iam::1:role/b", "s3:DeleteBucket", count: 0, denied: 4),
      act("arn:aws:iam::1:role/b", "sts:GetCallerIdentity", service: "sts", region: "us-east-1", count: 99),
    ]
    let text = ScopeFile.text(try learned(rows))
    #expect(text == ScopeFile.text(try learned(rows.reversed())))
    let declared = try Configuration.declarations(text: text, file: "identities.yml")
    #expect(declared.map(\.id) == ["arn:aws:iam::1:role/a*\"\u{202e}", "arn:aws:iam::1:role/b"])
    #expect(declared[0].matches[0].matches("arn:aws:iam::1:role/a*\"\u{202e}"))
    #expect(!declared[0].matches[0].matches("arn:aws:iam::1:role/ab\"\u{202e}"))
    let scope = try #require(declared[1].scope)
    #expect(scope.actions.map(\.text) == ["s3:GetObject", "s3:PutObject"])
    #expect(scope.services.map(\.text) == ["s3"] && scope.regions.map(\.text) == ["eu-west-1"])
    #expect(text.contains("\"s3:GetObject\"  # 7, last 2026-03-04\n"))
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func aPatternNeedsManyNamesOfOneService() throws {
    func actions(_ verb: String, _ names: Int, service: String = "ec2") throws -> [String] {
      let rows = (0..<names).map { act("r", "\(service):\(verb)Thing\($0)", service: service) }
      return try learned(rows)[0].actions.map(\.name)
    }
    #expect(try actions("Describe", 5).count == 5)
    #expect(try actions("Describe", 6) == ["ec2:Describe*"])
    #expect(try actions("Delete", 11).count == 11)
    #expect(try actions("Delete", 12) == ["ec2:Delete*"])
    // The next kind of object might be secrets.
    #expect(try learned((0..<20).map { act("r", "get kind\($0)", service: "core") })[0].actions.count == 20)
    #expect(
      try learned((0..<6).map { act("r", "get /apis/g\($0)", service: "core") })[0].actions.map(\.name) == [
        "get /apis/*"
      ])
  }

  @Test func whatAFindingCitesIsMarked() throws {
    var finding = Finding()
    finding.identity.name = "r"
    (finding.detection, finding.severity) = ("TR1", .critical)
    var citation = Finding.Citation(role: .trigger, time: 0, input: 0, offset: 0, length: 1, index: 0)
    citation.action = "s3:ListBuckets"
    finding.evidence = [citation]
    let scopes = LearnedScope.learn(
      [act("r", "s3:ListBuckets"), act("r", "s3:GetObject")], identities: [], findings: [finding], terms: try terms())
    #expect(scopes[0].actions.map(\.flag) == [nil, "TR1 critical"])
  }

  @Test func itsOwnFileFlagsNothingAndALaterActIsTold() throws {
    let history = [act("r", "s3:GetObject"), act("agent", "tool:send", service: "mail", region: "")]
    let declared = try Configuration.declarations(text: ScopeFile.text(try learned(history)), file: "f")
    func check(_ rows: [ScopeRow]) throws -> [[ScopePart]] {
      ScopeCheck(declared, history: rows, identities: [], terms: try terms()).violations.map(\.parts)
    }
    #expect(try check(history).isEmpty)
    #expect(try check([act("r", "s3:DeleteBucket", count: 0, denied: 1)]) == [[.actions]])
    #expect(
      try check([act("r", "ec2:RunInstances", service: "ec2", region: "ap-east-1")]) == [
        [.regions, .services, .actions]
      ])
    #expect(try check([act("agent", "tool:shell", service: "mail", region: "")]) == [[.tools]])
    #expect(try check([act("r", "sts:GetCallerIdentity", service: "sts", region: "us-east-1")]).isEmpty)
    let broad = act("r", "*", region: "*", account: "*")
    #expect(try check([broad]).isEmpty)
  }

  @Test func aDifferenceSaysWhatIsWiderAndWhatIsNarrower() throws {
    func declare(_ text: String) throws -> [IdentityDeclaration] {
      try Configuration.declarations(text: text, file: "f")
    }
    let old = try declare(
      """
      identities:
        - {id: a, match: [role/a], scope: {actions: ["s3:GetObject", "s3:PutObject"], regions: [eu-west-1]}}
        - {id: gone, match: [role/gone]}
      """)
    let new = try declare(
      """
      identities:
        - {id: role/a, match: [role/a], scope: {actions: ["s3:Get*"]}}
        - {id: new, match: [role/new]}
      """)
    let changes = ScopeDiff(from: old, to: new).changes.map {
      "\($0.kind.rawValue) \($0.identity) \($0.part) \($0.entries)"
    }
    #expect(
      changes == [
        "added new  []", "widened role/a actions [\"s3:Get*\"]", "narrowed role/a actions [\"s3:PutObject\"]",
        "widened role/a regions [\"*\"]", "removed gone  []",
      ])
    #expect(ScopeDiff(from: old, to: old).changes.isEmpty)
  }

  @Test func policiesAndRolesBecomeScopes() throws {
    let policy = try ScopeImport(
      #"{"Statement":{"Effect":"Allow","Action":["cloudwatch:PutMetricData","s3:ListBucket"],"Resource":"*"}}"#,
      file: "p",
      identity: "arn:aws:iam::1:role/r")
    let scope = try #require(try Configuration.declarations(text: policy.text, file: "p")[0].scope)
    #expect(scope.services.map(\.text) == ["monitoring", "s3"])
    #expect(scope.actions.contains { $0.matches("s3:ListObjectsV2") })
    #expect(throws: ContentError.self) { try ScopeImport(#"{"Statement":[]}"#, file: "p", identity: nil) }
    let roles = try ScopeImport(
      """
      kind: ClusterRole
      metadata: {name: reader}
      rules: [{apiGroups: [""], resources: [pods, pods/log], verbs: [get]}]
      ---
      kind: ClusterRoleBinding
      roleRef: {kind: ClusterRole, name: reader}
      subjects: [{kind: ServiceAccount, name: app, namespace: shop}]
      """, file: "r", identity: nil)
    let bound = try Configuration.declarations(text: roles.text, file: "r")
    #expect(bound.map(\.id) == ["system:serviceaccount:shop:app"])
    #expect(bound[0].scope?.actions.map(\.text) == ["get pods", "get pods/log"])
  }
}

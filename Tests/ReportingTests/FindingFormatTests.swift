import EventModel
import Evidence
import Testing

@testable import Reporting

@Suite struct FindingFormatTests {
  @Test func ndjsonHasTheFieldsOfTheContract() throws {
    let line = FindingJSON.line(sampleFinding(1))
    let value = try #require(JSONReading.value(line))
    #expect(
      Set(try #require(value.object).keys) == [
        "id", "detection", "name", "family", "severity", "confidence", "title", "summary", "identity", "credential",
        "first_seen", "last_seen", "count", "attack", "incident", "evidence", "lineage", "explanation",
      ])
    #expect(value["family"]?.text == "token-reuse")
    #expect(value["severity"]?.text == "high" && value["confidence"]?.text == "strong")
    #expect(value["first_seen"]?.text == "2026-01-09T12:00:00Z")
    #expect(value["identity"]?["owner"] == nil && value["credential"]?["expires_at"] == nil)
    #expect(value["credential"]?["issued_at"]?.text == "2026-01-09T12:00:00Z")
    let trigger = try #require(value["evidence"]?.array?.last)
    #expect(trigger["role"]?.text == "trigger" && trigger["offset"]?.int == 100 && trigger["length"]?.int == 90)
    #expect(value["lineage"]?.array?.first?["joined_on"]?.texts == ["accessKeyId"])
    #expect(value["explanation"]?["guards"]?.texts == ["zone: none"])
  }

  @Test func aFindingWithoutATimeHasNulls() throws {
    var f = sampleFinding(1)
    (f.firstSeen, f.lastSeen) = (Timestamp.none, Timestamp.none)
    let value = try #require(JSONReading.value(FindingJSON.line(f)))
    #expect(value["first_seen"] == .null && value["last_seen"] == .null)
    #expect(JSONReading.value(FindingOCSF.line(f, productVersion: "1"))?["time"]?.int == 0)
    #expect(FindingTable(style: TerminalStyle()).render([f]).contains("no time"))
  }

  @Test func ocsfHasWhatTheClassRequires() throws {
    let value = try #require(JSONReading.value(FindingOCSF.line(sampleFinding(1), productVersion: "0.1.0")))
    #expect(value["class_uid"]?.int == 2004 && value["category_uid"]?.int == 2)
    #expect(value["type_uid"]?.int == 2004 * 100 + 1 && value["activity_id"]?.int == 1)
    #expect(value["time"]?.int == noon / 1_000_000 && value["severity_id"]?.int == 4)
    #expect(
      value["metadata"]?["version"]?.text == "1.3.0" && value["metadata"]?["product"]?["version"]?.text == "0.1.0")
    #expect(value["finding_info"]?["uid"]?.text == sampleFinding(1).id && value["finding_info"]?["title"]?.text != nil)
  }

  @Test func tableIsSortedAndFits() {
    let findings = [
      sampleFinding(1, severity: .low), sampleFinding(2, severity: .critical), sampleFinding(3, severity: .critical),
    ]
    let out = FindingTable(style: TerminalStyle(width: 80)).render(findings)
    let order = out.split(separator: "\n").compactMap { line in
      findings.first { line.contains($0.id.prefix(9)) }?.identity.name
    }
    #expect(order == ["deployer-3", "deployer-2", "deployer-1"])
    let groups = FindingTable(style: TerminalStyle(width: 80), grouping: .incident).render(
      (0..<8).map { sampleFinding($0) })
    #expect(groups.contains("incident incident-0  4 findings, worst high"))
    #expect(FindingTable(style: TerminalStyle()).render([]) == "")
  }

  /// What tells two roles of one account apart stands at the end of their names.
  @Test(arguments: [60, 80, 100, 120, 160]) func aNameIsNotCutAtItsEnd(width: Int) {
    let names = [
      "arn:aws:iam::111122223333:role/shop-cart", "system:serviceaccount:ops:kube-janitor",
      "arn:aws:iam::111122223333:role/a-path/of-some-length/and-a-name-that-is-long-too",
    ]
    for name in names {
      var finding = sampleFinding(1)
      finding.identity.name = name
      let lines = FindingTable(style: TerminalStyle(width: width)).render([finding]).split(separator: "\n")
      #expect(lines.contains { $0.hasSuffix(name.suffix(6)) }, "\(lines)")
      #expect(lines.allSatisfy { $0.unicodeScalars.count <= width })
    }
    let wide = FindingTable(style: TerminalStyle(width: 160))
    #expect(FindingTable.name(names[0], 14) == "role/shop-cart" && FindingTable.name(names[0], 40) == names[0])
    #expect(wide.header.contains("IDENTITY"))
  }

  @Test func colourFollowsNoColor() {
    let plain = TerminalStyle(width: 80, isTerminal: true, environment: ["NO_COLOR": "1"])
    #expect(!plain.colour && !TerminalStyle(width: 80, isTerminal: false, environment: [:]).colour)
    #expect(TerminalStyle(width: 80, isTerminal: true, environment: ["NO_COLOR": ""]).colour)
    #expect(!FindingTable(style: plain).render([sampleFinding(1)]).contains("\u{1b}"))
    let coloured = FindingTable(style: TerminalStyle(width: 80, colour: true)).render([sampleFinding(1)])
    #expect(coloured.contains("\u{1b}[1;31mhigh"))
  }

  @Test func widthCountsColumns() {
    #expect(TextWidth.of("abc") == 3 && TextWidth.of("界界") == 4 && TextWidth.of("e\u{301}") == 1)
    #expect(
      TextWidth.cut("界界界", 5) == "界界…" && TextWidth.cut("abcdef", 4) == "abc…" && TextWidth.cut("abcd", 4) == "abcd")
    #expect(TextWidth.wrap("one two three", 7) == ["one two", "three"])
    #expect(TextWidth.wrap("abcdefghij", 4) == ["abcd", "efgh", "ij"])
    #expect(TextWidth.wrap("one two three four", 7, lines: 2) == ["one two", "three …"])
  }

  @Test func detailTellsWhy() {
    let state = FindingState(status: .muted, owner: "ann", reason: "pen test", expires: noon, at: noon)
    let out = FindingDetail(style: TerminalStyle()).render(
      StoredFinding(finding: sampleFinding(3), status: .muted, state: state))
    for part in [
      "TR1 session-origin-lock", "muted by ann", "until 2026-01-09T12:00:00Z: pen test", "first_origin", "10.0.0.4",
      "AKIA3 -> ASIA3", "bytes missing: the file is gone", "sha256 ",
    ] {
      #expect(out.contains(part), "\(part)")
    }
  }

  @Test func ledgerNamesWhatWasLost() {
    var source = SourceRow(id: 1, path: "logs/a.gz")
    (source.log, source.state, source.firstEvent, source.lastEvent) = ("aws.cloudtrail", "complete", noon, noon)
    (source.counters.records, source.counters.accepted, source.counters.duplicate) = (5, 3, 1)
    let out = LedgerTable(style: TerminalStyle()).render(
      sources: [source],
      rejects: [
        RejectRow(path: "logs/a.gz", reason: "dup_key", count: 2, firstOffset: 7),
        RejectRow(path: "README", reason: "not recognised", count: 1),
      ],
      gaps: [GapRow(path: "logs/a.gz", reason: "gone")])
    for part in [
      "5 records: 3 accepted, 1 duplicate", "rejected 2: dup_key", "README: not recognised", "gap (gone)",
      "BUG: 0 bytes and 1 records",
    ] {
      #expect(out.contains(part), "\(part)")
    }
  }

  @Test func aLedgerOfManyInputsNamesThoseThatSomethingIsToBeSaidOf() {
    let sources = (0..<3).map { n in
      var source = SourceRow(id: Int64(n), path: "logs/\(n).gz")
      (source.log, source.state, source.firstEvent, source.lastEvent) = ("aws_cloudtrail", "complete", noon, noon)
      (source.counters.records, source.counters.accepted) = (5, n == 2 ? 4 : 5)
      source.counters.idConflict = n == 2 ? 1 : 0
      return source
    }
    var ledger = LedgerTable(style: TerminalStyle())
    let out = ledger.render(sources: sources, rejects: [], gaps: [])
    #expect(out.contains("3 inputs, 15 records: 14 accepted, 1 id conflict") && out.contains("2 inputs without a loss"))
    #expect(out.contains("logs/2.gz") && !out.contains("logs/0.gz"))
    ledger.listsAll = true
    #expect(ledger.render(sources: sources, rejects: [], gaps: []).contains("logs/0.gz"))
  }

  @Test func treeIsDrawn() {
    let tree = LineageNode(
      id: "AKIA1", kind: "long_lived_key",
      children: [
        LineageNode(
          id: "ASIA1", mechanism: "assume_role", grade: "exact", facts: ["3 uses"], isSubject: true,
          children: [LineageNode(id: "ASIA3")]),
        LineageNode(id: "ASIA2", label: "nightly"),
      ])
    #expect(
      LineageTree(style: TerminalStyle(width: 60)).render(tree) == """
        AKIA1  long_lived_key
        ├─ ▶ assume_role [exact]: ASIA1
        │  │  3 uses
        │  └─ ASIA3
        └─ nightly (ASIA2)

        """)
    let named = LineageNode(id: "AKID:ASIA1", label: "arn:aws:iam::111122223333:role/shop-cart", kind: "sts_session")
    #expect(
      LineageTree(style: TerminalStyle(width: 60)).render(named) == "role/shop-cart (AKID:ASIA1)  sts_session\n")
    #expect(tree.json["children"]?.array?.first?["subject"] == .bool(true))
    var deep = LineageNode(id: "leaf")
    for i in 0..<500 { deep = LineageNode(id: "\(i)", children: [deep]) }
    for line in LineageTree(style: TerminalStyle(width: 60)).render(deep).split(separator: "\n") {
      #expect(line.unicodeScalars.count <= 60)
    }
  }
}

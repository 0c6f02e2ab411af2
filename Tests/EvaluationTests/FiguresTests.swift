import EventModel
import Testing

@testable import PipelineRuntime

/// The figures themselves: tables, intervals, correlation, what counts as found.
@Suite struct FiguresTests {
  @Test func aTableMayHoldQuotesCommasAndLineEnds() {
    let table = CSVTable(Array("\u{feff}id,why\r\na,\"one, \"\"two\"\"\nthree\"\n\nb,\nc".utf8))
    #expect(table.columns == ["id", "why"])
    #expect(table.rows.count == 3)
    #expect(table.cell(0, "why") == "one, \"two\"\nthree")
    #expect(table.cell(2, "why").isEmpty && table.cell(0, "absent").isEmpty)
  }

  @Test func wilsonHoldsNearTheEnds() throws {
    let half = try #require(Proportion(10, of: 20).interval)
    #expect(abs(half.low - 0.2993) < 0.0005 && abs(half.high - 0.7007) < 0.0005)
    let all = try #require(Proportion(10, of: 10).interval)
    #expect(abs(all.low - 0.7225) < 0.0005 && all.high > 0.9999)
    let none = try #require(Proportion(0, of: 10).interval)
    #expect(none.low == 0 && abs(none.high - 0.2775) < 0.0005)
    #expect(Proportion(0, of: 0).interval == nil)
  }

  @Test func correlationIsOneZeroAndMinusOne() throws {
    #expect(Agreement(found: 5, silent: 5).correlation == 1)
    #expect(Agreement(missed: 5, falseAlarms: 5).correlation == -1)
    #expect(Agreement(found: 5, missed: 5, falseAlarms: 5, silent: 5).correlation == 0)
    #expect(Agreement(found: 5).correlation == nil)
  }

  private func outcome(malicious: Bool?, labels: [String], _ family: Family?, _ severity: Severity = .high)
    -> CaseOutcome
  {
    var item = LabelledCase()
    item.isMalicious = malicious
    item.familyLabels = labels
    item.groups = [("family", labels.first ?? "none")]
    var outcome = CaseOutcome(item: item)
    if let family {
      var finding = Finding()
      finding.family = family
      finding.severity = severity
      finding.evidence = [Finding.Citation(role: .trigger, time: 0, input: 0, offset: 0, length: 9, index: 0)]
      outcome.take([finding])
    }
    return outcome
  }

  @Test func strictWantsTheFamilyLenientAnyFinding() {
    let evaluation = Evaluation(
      [
        outcome(malicious: true, labels: ["lateral-movement"], .lateralMovement),
        outcome(malicious: true, labels: ["lateral-movement", "out-of-scope"], .outOfScope),
        outcome(malicious: true, labels: ["lateral-movement"], .outOfScope),
        outcome(malicious: true, labels: ["lateral-movement"], .lateralMovement, .low),
        outcome(malicious: false, labels: ["lateral-movement"], .outOfScope),
        outcome(malicious: false, labels: ["lateral-movement"], nil),
        outcome(malicious: nil, labels: ["lateral-movement"], .lateralMovement),
      ], minimum: .medium)
    #expect(evaluation.all.strict == Agreement(found: 2, missed: 2, falseAlarms: 1, silent: 1))
    #expect(evaluation.all.lenient == Agreement(found: 3, missed: 1, falseAlarms: 1, silent: 1))
    #expect(evaluation.group("family", "lateral-movement")?.strict == evaluation.all.strict)
    #expect(evaluation.misses.count == 2 && evaluation.falseAlarms.count == 1)
  }

  @Test func labelsThatNameNoFamilyFitAny() {
    #expect(outcome(malicious: true, labels: ["other"], .logIntegrity).firesStrictly(.medium))
    #expect(outcome(malicious: true, labels: ["human-login-by-NHI"], .interactiveUse).firesStrictly(.medium))
    #expect(!outcome(malicious: true, labels: ["human-login-by-NHI"], .logIntegrity).firesStrictly(.medium))
  }
}

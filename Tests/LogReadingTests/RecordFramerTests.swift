import LogReading
import Testing

@Suite struct RecordFramerTests {
  @Test func linesWithEveryEnding() {
    let outcome = frame("\u{FEFF}{\"a\":1}\r\n\r\n{\"b\":\"x\ry\"}\n  \n{\"c\":3}")
    #expect(outcome.records == ["{\"a\":1}", "{\"b\":\"x\ry\"}", "{\"c\":3}"])
    #expect(outcome.terminated == [true, true, false])
    #expect(outcome.counts.blankBytes == 5)
    #expect(outcome.counts.framingBytes == 3 + 2 + 1)
    #expect(outcome.shape == .lines)
  }

  @Test func aByteOrderMarkCountsOnceAtTheBeginning() {
    let outcome = frame("\u{FEFF}{\"a\":1}\n\u{FEFF}{\"a\":1}\n")
    #expect(outcome.records == ["{\"a\":1}", "\u{FEFF}{\"a\":1}"])
  }

  @Test func anUnfinishedLineWaits() {
    let outcome = frame([UInt8]("{\"a\":1}\n{\"b\":2".utf8), endOfInput: false)
    #expect(outcome.records == ["{\"a\":1}"])
    #expect(outcome.pending == 6)
    let first = frame([UInt8]("{\"a\":1}".utf8), endOfInput: false)
    #expect(first.records == [] && first.pending == 7)
  }

  @Test func nulRuns() {
    var bytes = [UInt8](repeating: 0, count: 5000)
    bytes += [UInt8]("{\"a\":1}\n{\"torn".utf8) + [UInt8](repeating: 0, count: 4096) + [UInt8]("{\"b\":2}\n".utf8)
    let outcome = frame(bytes)
    #expect(outcome.records == ["{\"a\":1}", "{\"b\":2}"])
    #expect(outcome.counts.nulBytes == 9096)
    #expect(outcome.counts.malformedBytes == 6)
  }

  @Test func tornLinesLoseOnlyThemselves() {
    let outcome = frame("ue\":1}}\n{\"a\":1}\n{\"b\":\"x\n{\"c\":{\"d\":\n{\"e\":1}\n")
    // Whether a line parses is for the parser: each is framed on its own.
    #expect(outcome.records == ["ue\":1}}", "{\"a\":1}", "{\"b\":\"x", "{\"c\":{\"d\":", "{\"e\":1}"])
  }

  @Test func oversizeLines() {
    let long = String(repeating: "x", count: 200)
    let text = "{\"a\":\"\(long)\"}\n{\"b\":1}\n\(long)\n{\"c\":1}\n{\"d\":\"\(long)"
    let outcome = frame([UInt8](text.utf8), maxRecord: 100)
    #expect(outcome.records == ["{\"b\":1}", "{\"c\":1}"])
    #expect(outcome.counts.oversizeRecords == 3)
    #expect(outcome.counts.oversizeBytes == 208 + 200 + 206)
  }

  @Test func aRecordWithAnArrayInsideStaysWhole() {
    let record = "{\"id\":{\"x\":[1]},\"actor\":{\"e\":\"a\"},\"events\":[{\"n\":1},{\"n\":2}]}"
    #expect(frame(record + "\n" + record + "\n").records == [record, record])
    let pretty = "{\n \"actor\" : {},\n \"events\": [\n  {\"n\": 1}\n ]\n}"
    #expect(frame(pretty).records == [pretty])
    // The key elsewhere tells nothing: a value, a member of a member, behind the array.
    for other in [
      "{\"k\":\"actor\",\"events\":[{\"n\":1}]}", "{\"k\":{\"actor\":1},\"events\":[{\"n\":1}]}",
      "{\"k\":1,\"events\":[{\"n\":1}],\"actor\":1}",
    ] { #expect(frame(other + "\n").records == ["{\"n\":1}"]) }
  }

  @Test func anArrayInsideIsToldOnceForAnObject() {
    let arrays = String(repeating: ",\"events\":[]", count: 10_000)
    let record = "{\"pad\":\"\(String(repeating: "a", count: 100_000))\",\"actor\":{}\(arrays)}"
    let time = ContinuousClock().measure { #expect(frame(record).records == [record]) }
    #expect(time < .seconds(5))
  }

  @Test func aDocumentWithItsArrayAnywhere() {
    let outcome = frame(
      "{\"x\":{\"Records\":[{\"no\":1}]},\"Records\": [{\"a\":1} , {\"b\":[2,\"]\"]}],\"y\":[3]}\n{\"value\":[{\"c\":1}]}"
    )
    #expect(outcome.records == ["{\"a\":1}", "{\"b\":[2,\"]\"]}", "{\"c\":1}"])
    #expect(outcome.indexes == [0, 1, 0])
    #expect(outcome.shape == .documents)
    #expect(outcome.counts.documents == 2)
    #expect(outcome.counts.unclosedDocuments == 0)
  }

  @Test func manyDocumentsGluedTogether() {
    let outcome = frame("{\"Records\":[]}{\"Records\":[{\"a\":1}]}{\"Records\":[{\"a\":2},{\"a\":3}]}{\"plain\":1}")
    #expect(outcome.records == ["{\"a\":1}", "{\"a\":2}", "{\"a\":3}", "{\"plain\":1}"])
  }

  @Test func aDocumentAmongLines() {
    let outcome = frame(
      "{\"a\":1}\n{\"Records\":[{\"b\":1},{\"b\":2}]}\n{\"k\":1,\"value\":[{\"c\":1}]}\n{\"d\":1}{\"e\":1}\n{\"f\":\"}{\"}\n"
    )
    #expect(outcome.shape == .lines)
    #expect(
      outcome.records == [
        "{\"a\":1}", "{\"b\":1}", "{\"b\":2}", "{\"c\":1}", "{\"d\":1}", "{\"e\":1}", "{\"f\":\"}{\"}",
      ])
  }

  @Test func aDocumentIsNotLimited() {
    let element = "{\"k\":\"\(String(repeating: "v", count: 80))\"}"
    let big = "{\"k\":\"\(String(repeating: "w", count: 200))\"}"
    let text = "{\"a\":1}\n{\"Records\":[\(element),\(big),\(element)]}"
    let outcome = frame([UInt8](text.utf8), maxRecord: 100)
    #expect(outcome.records == ["{\"a\":1}", element, element])
    #expect(outcome.indexes == [0, 0, 2])
    #expect(outcome.counts.oversizeBytes == UInt64(big.utf8.count))
  }

  @Test func valuesOnOneLineAndPrettyPrinted() {
    #expect(frame("{\"a\":1}{\"b\":2} {\"c\":3}").records == ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"])
    let pretty = "{\n  \"a\": {\n    \"b\": [\n      1\n    ]\n  }\n}\n{\n  \"c\": 1\n}\n"
    let outcome = frame(pretty)
    #expect(outcome.records.count == 2)
    #expect(outcome.shape == .values)
    #expect(outcome.counts.malformedBytes == 0)
  }

  @Test func aTopLevelArray() {
    let outcome = frame("[\n{\"a\":1},\n{\"b\":{\"c\":[]}}\n]\n")
    #expect(outcome.records == ["{\"a\":1}", "{\"b\":{\"c\":[]}}"])
    #expect(outcome.indexes == [0, 1])
  }

  @Test func textLogsAreLines() {
    let outcome = frame("[2024-01-01] GET /\n<34>1 host app - x\n")
    #expect(outcome.records == ["[2024-01-01] GET /", "<34>1 host app - x"])
    #expect(outcome.shape == .lines)
  }

  @Test func aTornElementLosesItself() {
    let outcome = frame(
      "{\"Records\":[\n{\"a\":1},\n{\"b\":\"to\n{\"c\":1},\n{\"d\":1}\n]}\n{\"Records\":[{\"e\":1}]}\n")
    #expect(outcome.records == ["{\"a\":1}", "{\"c\":1}", "{\"d\":1}", "{\"e\":1}"])
    #expect(outcome.counts.unclosedDocuments == 1)
  }

  @Test(arguments: [
    "{\"Records\":[{\"a\":1},{\"b", "{\"Records\":[{\"a\":1},", "{\"Records\":[{\"a\":1}",
    "{\"Records\":[{\"a\":1},{\"b\":1}],\"t\"",
  ])
  func aCutDocumentBeforeAWholeOne(_ cut: String) {
    let outcome = frame(cut + "\n{\"Records\":[{\"z\":1}]}\n")
    #expect(outcome.records.first == "{\"a\":1}")
    #expect(outcome.records.last == "{\"z\":1}")
    #expect(outcome.counts.unclosedDocuments == 1)
    let last = frame(cut)
    #expect(last.records.first == "{\"a\":1}")
    #expect(last.counts.unclosedDocuments == 1)
  }

  @Test func escapedQuotesAndBackslashes() {
    let tricky = "{\"a\":\"\\\\\",\"b\":\"\\\"}{[\\\\\\\"\",\"c\":\"\\\\\\\\\"}"
    for pad in 0..<70 {
      let text = "{\"Records\":[{\"p\":\"\(String(repeating: "\\\"", count: pad))\"},\(tricky)]}"
      #expect(frame(text).records.last == tricky)
    }
  }

  @Test func anEnvelopeKeyInsideAStringIsNone() {
    let text = "{\"a\":\",\\\"Records\\\":[\",\"b\":1}{\"c\":1}"
    #expect(frame(text).records == ["{\"a\":\",\\\"Records\\\":[\",\"b\":1}", "{\"c\":1}"])
  }

  @Test func strayBytesBetweenValues() {
    let outcome = frame("{\n\"a\":1\n}\n]}\nhello\n{\n\"b\":1\n}\n")
    #expect(outcome.records == ["{\n\"a\":1\n}", "{\n\"b\":1\n}"])
    #expect(outcome.rejected.map { $0.split(separator: " ")[0] } == ["stray", "not_json"])
  }
}
